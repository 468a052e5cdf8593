// SPDX-License-Identifier: Apache-2.0
#include "kql/expression_binder.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/check.hpp"
#include "kql/calendar.hpp"
#include "kql/conversion.hpp"
#include "kql/evaluator.hpp"
#include "kql/signature.hpp"
#include "kql/suggestion.hpp"
#include "kql/text_match.hpp"

namespace sluice::kql {
namespace {

auto make(Type type, Span span, std::variant<Literal, ColumnRef, Call> node) -> ExpressionPtr {
  auto expression = std::make_unique<Expression>();
  expression->type = type;
  expression->span = span;
  expression->node = std::move(node);
  return expression;
}

/// Of all units only weeks are counted in a real (observed).
auto counts_in_real(const Function& function, const Call& bound) -> bool {
  const auto* unit = function.name == "datetime_diff"
                         ? std::get_if<Literal>(&bound.arguments.front()->node)
                         : nullptr;
  return unit != nullptr && parse_unit(unit->value.text()) == CalendarUnit::week;
}

auto literal(Value value, Span span) -> ExpressionPtr {
  const auto type = value.type();
  return make(type, span, Literal{std::move(value).owned_copy()});
}

auto conversion_to(Type type) -> const Function& {
  static constexpr std::array names{"tobool",
                                    "toint",
                                    "tolong",
                                    "todouble",
                                    "todouble",
                                    "tostring",
                                    "todatetime",
                                    "totimespan",
                                    "toguid",
                                    "as_dynamic"};
  const auto* function = find_function(names.at(static_cast<std::size_t>(type)));
  CHECK(function != nullptr);
  return *function;
}

auto is_membership(std::string_view name) -> bool {
  return name == "in" || name == "!in" || name == "in~" || name == "!in~";
}

/// Which argument is a regular expression.
auto regex_argument(std::string_view name) -> std::optional<std::size_t> {
  if (name == "extract" || name == "extract_all") {
    return 0;
  }
  if (name == "matches regex" || name == "replace_regex") {
    return 1;
  }
  return std::nullopt;
}

auto as_name(const ast::Expression& expression) -> const std::string* {
  const auto* name = std::get_if<ast::Name>(&expression.node);
  return name == nullptr ? nullptr : &name->text;
}

} // namespace

auto to_text(std::span<const Type> types) -> std::string {
  std::string text;
  for (const auto type : types) {
    text += text.empty() ? "" : ", ";
    text += to_text(type);
  }
  return "(" + text + ")";
}

auto ExpressionBinder::report(Span span, std::string code, std::string message, std::string hint)
    -> ExpressionPtr {
  diagnostics_.push_back({span, std::move(code), std::move(message), std::move(hint)});
  return nullptr;
}

auto ExpressionBinder::bind(const ast::Expression& expression) -> ExpressionPtr {
  if (const auto* constant = std::get_if<ast::Constant>(&expression.node)) {
    return literal(constant->value, expression.span);
  }
  if (const auto* name = std::get_if<ast::Name>(&expression.node)) {
    return bind_name(*name, expression.span);
  }
  if (const auto* call = std::get_if<ast::Call>(&expression.node)) {
    return bind_call(*call, expression.span);
  }
  return report(expression.span, "syntax", "`*` cannot stand here");
}

auto ExpressionBinder::bind_condition(const ast::Expression& expression) -> ExpressionPtr {
  auto bound = bind(expression);
  if (bound != nullptr && bound->type != Type::boolean) {
    return report(expression.span,
                  "type-mismatch",
                  fmt::format("a condition must be a bool, this is a {}", to_text(bound->type)),
                  bound->type == Type::dynamic ? "write tobool(...) around it" : "");
  }
  return bound;
}

auto ExpressionBinder::bind_constant(const ast::Expression& expression) -> std::optional<Value> {
  auto bound = bind(expression);
  if (bound == nullptr) {
    return std::nullopt;
  }
  if (!Evaluator{*bound, scope_.context}.columns_used().empty()) {
    report(expression.span, "not-constant", "this must not depend on a column");
    return std::nullopt;
  }
  return evaluate_constant(*bound, scope_.context);
}

auto ExpressionBinder::converted(ExpressionPtr expression, Type type) -> ExpressionPtr {
  if (expression->type == type) {
    return expression;
  }
  const auto span = expression->span;
  if (const auto* constant = std::get_if<Literal>(&expression->node)) {
    return literal(convert(constant->value, type), span);
  }
  Call call{&conversion_to(type), {}};
  call.arguments.push_back(std::move(expression));
  return make(type, span, std::move(call));
}

auto ExpressionBinder::bind_name(const ast::Name& name, Span span) -> ExpressionPtr {
  if (const auto index = scope_.columns->find(name.text)) {
    return make(scope_.columns->columns[*index].type, span, ColumnRef{*index});
  }
  if (const auto found = scope_.constants->find(name.text); found != scope_.constants->end()) {
    return literal(found->second, span);
  }
  if (scope_.is_table && scope_.is_table(name.text)) {
    return report(
        span,
        "not-supported",
        fmt::format("the table `{}` inside an expression is not supported yet", name.text));
  }
  std::vector<std::string_view> candidates;
  for (const auto& column : scope_.columns->columns) {
    if (!column.hidden) {
      candidates.emplace_back(column.name);
    }
  }
  for (const auto& [constant, value] : *scope_.constants) {
    candidates.emplace_back(constant);
  }
  const auto near = closest_name(name.text, candidates);
  return report(span,
                "unknown-name",
                fmt::format("unknown column `{}`", name.text),
                near.empty() ? "" : fmt::format("did you mean `{}`?", near));
}

auto ExpressionBinder::bind_call(const ast::Call& call, Span span) -> ExpressionPtr {
  bool handled = false;
  auto special = bind_special(call, span, handled);
  if (handled) {
    return special;
  }
  const auto* function = find_function(call.function);
  if (function == nullptr || function->is_operator != call.is_operator) {
    const auto* aggregate = call.is_operator ? nullptr : find_aggregate(call.function);
    if (aggregate == nullptr) {
      return unknown_function(call);
    }
    if (!hook_) {
      return report(call.name_span,
                    "misplaced-aggregate",
                    fmt::format("the aggregate `{}` belongs in `summarize`", call.function));
    }
    return hook_(*aggregate, call, span);
  }
  return bind_function(*function, call, span);
}

auto ExpressionBinder::bind_special(const ast::Call& call, Span span, bool& handled)
    -> ExpressionPtr {
  handled = true;
  if (call.function == "ingestion_time") {
    return bind_ingestion_time(call, span);
  }
  if (call.function == "column_ifexists" || call.function == "columnifexists") {
    return bind_column_if_exists(call, span);
  }
  if (call.function == "pack_all" && call.arguments.empty()) {
    return bind_pack_all(span);
  }
  if (call.function == "extract" && call.arguments.size() == 4) {
    return bind_typed_extract(call, span);
  }
  if (call.function == "toscalar" || call.function == "materialize" ||
      call.function == "row_number" || call.function == "prev" || call.function == "next") {
    return report(
        call.name_span, "not-supported", fmt::format("`{}` is not supported yet", call.function));
  }
  handled = false;
  return nullptr;
}

auto ExpressionBinder::bind_ingestion_time(const ast::Call& call, Span span) -> ExpressionPtr {
  const auto index = scope_.columns->hidden();
  if (!call.arguments.empty() || !index) {
    return report(span,
                  "no-ingestion-time",
                  call.arguments.empty() ? "there is no ingestion time here"
                                         : "`ingestion_time` takes no arguments",
                  "ask a table for it before project, summarize and distinct");
  }
  return make(Type::datetime, span, ColumnRef{*index});
}

auto ExpressionBinder::bind_column_if_exists(const ast::Call& call, Span span) -> ExpressionPtr {
  const auto* name =
      call.arguments.size() == 2 ? std::get_if<ast::Constant>(&call.arguments[0]->node) : nullptr;
  if (name == nullptr || name->value.type() != Type::string) {
    return report(span, "type-mismatch", "`column_ifexists` takes a name as text and a default");
  }
  const std::string text{name->value.text()};
  return scope_.columns->find(text) ? bind_name({text}, span) : bind(*call.arguments[1]);
}

auto ExpressionBinder::bind_pack_all(Span span) -> ExpressionPtr {
  Call pack{find_function("bag_pack"), {}};
  for (std::size_t i = 0; i < scope_.columns->columns.size(); ++i) {
    const auto& column = scope_.columns->columns[i];
    if (!column.hidden) {
      pack.arguments.push_back(literal(Value::string(column.name), span));
      pack.arguments.push_back(make(column.type, span, ColumnRef{i}));
    }
  }
  return make(Type::dynamic, span, std::move(pack));
}

/// `extract(regex, group, text, typeof(long))`
auto ExpressionBinder::bind_typed_extract(const ast::Call& call, Span span) -> ExpressionPtr {
  const auto* type_call = std::get_if<ast::Call>(&call.arguments[3]->node);
  const auto* name =
      type_call != nullptr && type_call->function == "typeof" && type_call->arguments.size() == 1
          ? as_name(*type_call->arguments[0])
          : nullptr;
  const auto type = name == nullptr ? std::nullopt : parse_type(*name);
  if (!type || *type == Type::decimal) {
    return report(call.arguments[3]->span, "type-mismatch", "expected `typeof(...)` with a type");
  }
  Call bound{find_function("extract"), {}};
  for (std::size_t i = 0; i < 3; ++i) {
    auto argument = bind(*call.arguments[i]);
    if (argument == nullptr) {
      return nullptr;
    }
    bound.arguments.push_back(converted(std::move(argument), i == 1 ? Type::int64 : Type::string));
  }
  return check_regex(*bound.function, bound)
             ? converted(make(Type::string, span, std::move(bound)), *type)
             : nullptr;
}

auto ExpressionBinder::bind_function(const Function& function, const ast::Call& call, Span span)
    -> ExpressionPtr {
  Call bound{&function, {}};
  std::vector<Type> types;
  bool failed = false;
  for (const auto& argument : call.arguments) {
    auto one = bind(*argument);
    failed = failed || one == nullptr;
    types.push_back(one == nullptr ? Type::dynamic : one->type);
    bound.arguments.push_back(std::move(one));
  }
  if (failed) {
    return nullptr;
  }
  const auto match = match_signature(function.signature, types, DynamicArguments::converted);
  if (!match) {
    return report(call.name_span,
                  "type-mismatch",
                  fmt::format("`{}` cannot take {}", function.name, to_text(types)),
                  fmt::format("it takes {}", function.signature));
  }
  for (std::size_t i = 0; i < types.size(); ++i) {
    bound.arguments[i] = converted(std::move(bound.arguments[i]), match->parameters[i]);
  }
  if (!check_list(function, call, bound) || !check_regex(function, bound) ||
      !check_period(function, bound)) {
    return nullptr;
  }
  const bool is_real = counts_in_real(function, bound);
  auto result = make(match->result, span, std::move(bound));
  if (is_real) {
    return converted(std::move(result), Type::real);
  }
  const bool is_now = function.name == "now" || function.name == "ago";
  if (is_now && Evaluator{*result, scope_.context}.columns_used().empty()) {
    return literal(evaluate_constant(*result, scope_.context), span);
  }
  return result;
}

/// Every item of `x in (...)` must be comparable with x.
auto ExpressionBinder::check_list(const Function& function,
                                  const ast::Call& call,
                                  const Call& bound) -> bool {
  if (!is_membership(function.name)) {
    return true;
  }
  const auto left = bound.arguments[0]->type;
  for (std::size_t i = 1; i < bound.arguments.size(); ++i) {
    const std::array pair{left, bound.arguments[i]->type};
    if (!match_signature(find_function("==")->signature, pair, DynamicArguments::refused)) {
      report(call.arguments[i]->span,
             "type-mismatch",
             fmt::format("a {} cannot equal a {}", to_text(pair[1]), to_text(left)),
             "convert one of them, for example with tostring()");
      return false;
    }
  }
  return true;
}

auto ExpressionBinder::check_regex(const Function& function, const Call& bound) -> bool {
  const auto place = regex_argument(function.name);
  const auto* pattern = place ? std::get_if<Literal>(&bound.arguments[*place]->node) : nullptr;
  if (pattern == nullptr || regular_expression(pattern->value.text()) != nullptr) {
    return true;
  }
  report(bound.arguments[*place]->span,
         "bad-regex",
         "this is not a regular expression (RE2 syntax)",
         "look-ahead, look-behind and back-references do not exist in it");
  return false;
}

/// `datetime_diff("weeks", ...)` has no meaning, and neither has a letter that a timespan's format
/// does not know.
auto ExpressionBinder::check_period(const Function& function, const Call& bound) -> bool {
  const bool wants_unit = function.name == "datetime_diff" || function.name == "datetime_add";
  const bool wants_format = function.name == "format_timespan";
  if (!wants_unit && !wants_format) {
    return true;
  }
  const auto& argument = *bound.arguments[wants_unit ? 0 : 1];
  const auto* text = std::get_if<Literal>(&argument.node);
  if (text == nullptr) {
    return true;
  }
  if (wants_unit && !parse_unit(text->value.text())) {
    report(argument.span,
           "bad-unit",
           fmt::format("`{}` is no unit of time", text->value.text()),
           "year, quarter, month, week, day, hour, minute, second, millisecond, microsecond or "
           "nanosecond");
    return false;
  }
  constexpr std::string_view known = "dHhmsfF/-:,._[] ";
  if (wants_format && text->value.text().find_first_not_of(known) != std::string_view::npos) {
    report(argument.span,
           "bad-format",
           "the format of a timespan has other letters",
           "d, H, h, m, s, f, F and the separators / - : , . _ [ ]");
    return false;
  }
  return true;
}

auto ExpressionBinder::unknown_function(const ast::Call& call) -> ExpressionPtr {
  std::vector<std::string_view> candidates;
  for (const auto& row : functions()) {
    if (!row.is_operator) {
      candidates.push_back(row.name);
    }
  }
  const auto near = closest_name(call.function, candidates);
  return report(call.name_span,
                "unknown-function",
                fmt::format("there is no function `{}`, or it is not supported yet", call.function),
                near.empty() ? "" : fmt::format("did you mean `{}`?", near));
}

} // namespace sluice::kql
