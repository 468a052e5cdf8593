// SPDX-License-Identifier: Apache-2.0
#include "kql/bind/special_calls.hpp"

#include <fmt/format.h>

#include "base/json_text.hpp"
#include "kql/bind/columns.hpp"
#include "kql/bind/pipeline_binder.hpp"
#include "kql/calendar.hpp"
#include "kql/conversion.hpp"

namespace sluice::kql {

auto SpecialCalls::bind(const ast::Call& call, Span span) -> std::optional<ExpressionPtr> {
  const auto& name = call.function;
  if (call.is_operator && name == "[]") {
    return sorted_along(call, span);
  }
  if (call.is_operator || call.is_method) {
    return std::nullopt;
  }
  if (name == "datetime") {
    return today_or_now(call, span);
  }
  if (name == "ingestion_time") {
    return ingestion_time(call, span);
  }
  if (name == "column_ifexists" || name == "columnifexists") {
    return column_if_exists(call, span);
  }
  if (name == "pack_all" || name == "bag_pack_columns") {
    return pack_columns(call, span);
  }
  if ((name == "extract" && call.arguments.size() == 4) ||
      ((name == "extract_json" || name == "extractjson") && call.arguments.size() == 3)) {
    return typed_extract(call, span);
  }
  if (name == "assert") {
    return asserted(call, span);
  }
  if (name == "column_names_of") {
    return column_names(call, span);
  }
  if (name == "toscalar" || name == "materialize") {
    return to_scalar(call, span);
  }
  if (const auto quantity = converted_quantity(name)) {
    return refused_unit(*quantity, call);
  }
  return std::nullopt;
}

/// The engine may know further units: none of them is taken for a mistake in silence.
auto SpecialCalls::refused_unit(Quantity quantity, const ast::Call& call)
    -> std::optional<ExpressionPtr> {
  for (std::size_t i = 1; i < call.arguments.size(); ++i) {
    const auto& argument = *call.arguments[i];
    const auto* constant = std::get_if<ast::Constant>(&argument.node);
    if (constant == nullptr || !find_unit(quantity, constant->value.text())) {
      return binder_.report(argument.span, Code::not_supported, "this unit is not supported");
    }
  }
  return std::nullopt;
}

/// `datetime(now)`; `datetime("8:00 AM")` is a time of the query's day.
auto SpecialCalls::today_or_now(const ast::Call& call, Span span) -> ExpressionPtr {
  const auto* argument = call.arguments.size() == 1
                             ? std::get_if<ast::Constant>(&call.arguments.front()->node)
                             : nullptr;
  const auto time = argument != nullptr && argument->value.type() == Type::string
                        ? parse_time_of_day(argument->value.text())
                        : std::nullopt;
  const auto now = binder_.scope_.context.now;
  return make_literal(Value::datetime(time ? start_of_unit(now, CalendarUnit::day) + *time : now),
                      span);
}

/// `array_sort_asc(keys, values)[1]`: one of several arrays that are sorted together.
auto SpecialCalls::sorted_along(const ast::Call& access, Span span)
    -> std::optional<ExpressionPtr> {
  const auto* sort = std::get_if<ast::Call>(&access.arguments[0]->node);
  const bool is_sort = sort != nullptr && !sort->is_operator && sort->arguments.size() > 1 &&
                       (sort->function == "array_sort_asc" || sort->function == "array_sort_desc");
  if (!is_sort) {
    return std::nullopt;
  }
  std::vector<ExpressionPtr> arguments;
  arguments.push_back(binder_.bind(*access.arguments[1]));
  for (const auto& argument : sort->arguments) {
    arguments.push_back(binder_.bind(*argument));
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == nullptr) {
      return ExpressionPtr{};
    }
    if (arguments[i]->type != (i == 0 ? Type::int64 : Type::dynamic)) {
      return std::nullopt; // `array_sort_asc(a, false)` is bound as any other call.
    }
  }
  auto made = make_call(sort->function + "_along", Type::dynamic, std::move(arguments));
  made->span = span;
  return made;
}

/// `assert(length > 0, "message")`: a condition on the arguments of a function, known before it
/// runs.
auto SpecialCalls::asserted(const ast::Call& call, Span span) -> ExpressionPtr {
  const auto holds =
      call.arguments.size() == 2 ? binder_.bind_constant(*call.arguments[0]) : std::nullopt;
  const auto message = holds ? binder_.bind_constant(*call.arguments[1]) : std::nullopt;
  if (!holds || !message || holds->type() != Type::boolean || message->type() != Type::string) {
    return binder_.report(
        span, Code::not_constant, "`assert` takes a constant condition and a constant text");
  }
  return !holds->is_null() && holds->as_boolean()
             ? make_literal(Value::boolean(true), span)
             : binder_.report(span, Code::assertion, std::string{message->text()});
}

auto SpecialCalls::column_names(const ast::Call& call, Span span) -> ExpressionPtr {
  auto* queries = binder_.scope_.queries;
  const auto rows = queries != nullptr && call.arguments.size() == 1
                        ? queries->rows_of(*call.arguments.front())
                        : nullptr;
  if (rows == nullptr) {
    return binder_.report(span, Code::expected_rows, "`column_names_of` takes a table");
  }
  std::string json;
  for (const auto index : visible_columns(rows->output)) {
    json += (json.empty() ? "" : ",") + json_quoted(rows->output.columns[index].name);
  }
  return make_literal(Value::dynamic("[" + json + "]"), span);
}

auto SpecialCalls::to_scalar(const ast::Call& call, Span span) -> ExpressionPtr {
  if (call.arguments.size() != 1) {
    return binder_.report(
        span, Code::argument_count, fmt::format("`{}` takes one query", call.function));
  }
  const auto& argument = *call.arguments.front();
  const auto* queries = binder_.scope_.queries;
  if (queries == nullptr || !queries->is_rows(argument)) {
    return binder_.bind(argument);
  }
  return binder_.bind_subquery(argument, Subquery::Form::cell);
}

auto SpecialCalls::ingestion_time(const ast::Call& call, Span span) -> ExpressionPtr {
  const auto index = binder_.scope_.columns->hidden();
  auto* queries = binder_.scope_.queries;
  if (call.arguments.empty() && !index && queries != nullptr && queries->session().checks_alone) {
    return make_literal(Value::null(Type::datetime), span);
  }
  if (!call.arguments.empty() || !index) {
    return binder_.report(span,
                          Code::no_ingestion_time,
                          call.arguments.empty() ? "there is no ingestion time here"
                                                 : "`ingestion_time` takes no arguments",
                          "ask a table for it before project, summarize and distinct");
  }
  return make_reference(*binder_.scope_.columns, *index, span);
}

auto SpecialCalls::column_if_exists(const ast::Call& call, Span span) -> ExpressionPtr {
  const auto name =
      call.arguments.size() == 2 ? binder_.bind_constant(*call.arguments[0]) : std::nullopt;
  if (!name || name->type() != Type::string) {
    return binder_.report(
        span, Code::wrong_type, "`column_ifexists` takes a name as text and a default");
  }
  const std::string text{name->text()};
  return binder_.scope_.columns->find(text) ? binder_.bind_name({text}, span)
                                            : binder_.bind(*call.arguments[1]);
}

/// pack_all() has all columns, pack_all(true) leaves out empty ones, bag_pack_columns(a, b) names
/// them.
auto SpecialCalls::pack_columns(const ast::Call& call, Span span) -> ExpressionPtr {
  const auto& schema = *binder_.scope_.columns;
  std::vector<ExpressionPtr> arguments;
  const auto add = [&](std::size_t index) {
    arguments.push_back(make_literal(Value::string(schema.columns[index].name), span));
    arguments.push_back(make_reference(schema, index, span));
  };
  bool skips_empty = false;
  if (call.function == "pack_all") {
    for (const auto index : visible_columns(schema)) {
      add(index);
    }
    if (!call.arguments.empty()) {
      const auto value = binder_.bind_constant(*call.arguments.front());
      skips_empty = value && value->type() == Type::boolean && value->as_boolean();
    }
  } else {
    for (const auto& argument : call.arguments) {
      const auto* name = std::get_if<ast::Name>(&argument->node);
      const auto index = name == nullptr ? std::nullopt : schema.find(name->text);
      if (!index) {
        return binder_.report(argument->span, Code::expected_column, "expected a column");
      }
      add(*index);
    }
  }
  return make_call(
      skips_empty ? "bag_pack_filled" : "bag_pack", Type::dynamic, std::move(arguments));
}

/// `extract(regex, group, text, typeof(long))`, `extract_json(path, text, typeof(long))`
auto SpecialCalls::typed_extract(const ast::Call& call, Span span) -> ExpressionPtr {
  const auto* type_of = std::get_if<ast::TypeOf>(&call.arguments.back()->node);
  if (type_of == nullptr || !type_of->type) {
    return binder_.report(
        call.arguments.back()->span, Code::unknown_type, "expected `typeof(...)` with a type");
  }
  const auto& function = *find_function(call.function);
  Call bound{&function, {}};
  for (std::size_t i = 0; i + 1 < call.arguments.size(); ++i) {
    auto argument = binder_.bind(*call.arguments[i]);
    if (argument == nullptr) {
      return nullptr;
    }
    const auto wanted = i == 1 && call.function == "extract" ? Type::int64 : Type::string;
    bound.arguments.push_back(ExpressionBinder::converted(std::move(argument), wanted));
  }
  if (!binder_.check_regex(function, bound)) {
    return nullptr;
  }
  auto text = std::make_unique<Expression>(Expression{Type::string, span, std::move(bound)});
  return ExpressionBinder::converted(std::move(text), *type_of->type);
}

} // namespace sluice::kql
