// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/expression_binder.hpp"
#include "kql/bind/pipeline_binder.hpp"
#include "kql/bind/result_columns.hpp"
#include "kql/bind/special_calls.hpp"
#include "kql/calendar.hpp"
#include "kql/evaluator.hpp"
#include "kql/signature.hpp"
#include "kql/suggestion.hpp"
#include "kql/text_match.hpp"
#include "kql/unserved.hpp"

/// Calls of functions and operators.
namespace sluice::kql {
namespace {

/// Of all units only weeks are counted in a real (observed).
auto counts_in_real(const Function& function, const Call& bound) -> bool {
  const auto* unit = function.name == "datetime_diff"
                         ? std::get_if<Literal>(&bound.arguments.front()->node)
                         : nullptr;
  return unit != nullptr && parse_unit(unit->value.text()) == CalendarUnit::week;
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

} // namespace

/// The right side of `in` and `has_any` may be a table: its first column.
auto ExpressionBinder::bind_argument(const ast::Call& call, std::size_t place) -> ExpressionPtr {
  const auto& argument = *call.arguments[place];
  const bool takes_rows = place == 1 && (is_membership(call.function) ||
                                         call.function == "has_any" || call.function == "has_all");
  if (takes_rows && scope_.queries != nullptr) {
    const auto* name = std::get_if<ast::Name>(&argument.node);
    const bool is_column = name != nullptr && scope_.columns->find(name->text).has_value();
    if (!is_column && scope_.queries->is_rows(argument)) {
      return bind_subquery(argument, Subquery::Form::list);
    }
  }
  return bind(argument);
}

/// `* has "x"`: in any column, whatever its type; `* !has "x"`: in none.
auto ExpressionBinder::bind_any_column(const ast::Call& call, Span span) -> ExpressionPtr {
  const auto* function = find_function(call.function);
  auto wanted = bind(*call.arguments[1]);
  if (wanted == nullptr) {
    return nullptr;
  }
  constexpr std::array pair{Type::string, Type::string};
  const auto match = function == nullptr || is_membership(call.function)
                         ? std::nullopt
                         : match_signature(function->signature, pair, DynamicArguments::refused);
  if (!match || match->result != Type::boolean || wanted->type != Type::string) {
    return report(
        span, Code::misplaced_star, "`*` stands for all columns before a search for text");
  }
  std::vector<ExpressionPtr> parts;
  for (const auto index : visible_columns(*scope_.columns)) {
    std::vector<ExpressionPtr> operands;
    operands.push_back(converted(make_reference(*scope_.columns, index, span), Type::string));
    operands.push_back(clone(*wanted));
    parts.push_back(make_call(call.function, Type::boolean, std::move(operands)));
  }
  if (parts.size() < 2) {
    return parts.empty() ? report(span, Code::no_columns, "there are no columns")
                         : std::move(parts.front());
  }
  return make_call(call.function.starts_with('!') ? "and" : "or", Type::boolean, std::move(parts));
}

auto ExpressionBinder::step_column(const ast::Call& call) const -> std::optional<std::size_t> {
  if (!scope_.has_steps || call.function != "[]" || call.arguments.size() != 2) {
    return std::nullopt;
  }
  const auto* step = std::get_if<ast::Name>(&call.arguments[0]->node);
  const auto* name = std::get_if<ast::Constant>(&call.arguments[1]->node);
  return step == nullptr || name == nullptr
             ? std::nullopt
             : scope_.columns->find(step->text + "." + std::string{name->value.text()});
}

auto ExpressionBinder::bind_call(const ast::Call& call, Span span) -> ExpressionPtr {
  if (!call.is_operator) {
    const auto* frame = find_name(scope_.environment, call.function);
    const auto* own = frame == nullptr ? nullptr : std::get_if<FunctionBinding>(&frame->meaning);
    if (own != nullptr && scope_.queries != nullptr) {
      return scope_.queries->call_scalar(*own, call, scope_);
    }
  }
  if (call.is_operator && call.arguments.size() == 2 &&
      std::holds_alternative<ast::Star>(call.arguments[0]->node)) {
    return bind_any_column(call, span);
  }
  if (const auto column = step_column(call)) {
    return make_reference(*scope_.columns, *column, span);
  }
  if (auto special = SpecialCalls{*this}.bind(call, span)) {
    return std::move(*special);
  }
  const auto* function = find_function(call.function);
  if (function != nullptr && function->is_operator == call.is_operator && !call.is_method) {
    return bind_function(*function, call, span);
  }
  if (call.is_operator || call.is_method) {
    return unknown_function(call);
  }
  if (const auto* row = find_row_function(call.function)) {
    return row_hook_ ? row_hook_(*row, call, span)
                     : report(call.name_span,
                              Code::misplaced_row_function,
                              fmt::format("`{}` cannot stand here", call.function),
                              "it belongs in extend, project, serialize or where");
  }
  if (const auto type = cluster_function(call.function)) {
    return bind_cluster_call(call, *type, span);
  }
  const auto* aggregate = find_aggregate(call.function);
  if (aggregate == nullptr) {
    return unknown_function(call);
  }
  return hook_ ? hook_(*aggregate, call, span)
               : report(call.name_span,
                        Code::misplaced_aggregate,
                        fmt::format("the aggregate `{}` belongs in `summarize`", call.function));
}

auto ExpressionBinder::bind_function(const Function& function, const ast::Call& call, Span span)
    -> ExpressionPtr {
  Call bound{&function, {}};
  std::vector<Type> types;
  bool failed = false;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    auto one = bind_argument(call, i);
    failed = failed || one == nullptr;
    types.push_back(one == nullptr ? Type::dynamic : one->type);
    bound.arguments.push_back(std::move(one));
  }
  if (failed) {
    return nullptr;
  }
  const auto match = match_signature(function.signature, types, DynamicArguments::converted);
  if (!match) {
    const bool is_item = function.name == "[]";
    const auto code = is_item && types.back() == Type::string ? Code::unknown_name
                      : is_item
                          ? Code::misplaced_index
                          : mismatch_code(function.is_operator, function.signature, types.size());
    return report(call.name_span,
                  code,
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
  auto result = std::make_unique<Expression>(Expression{match->result, span, std::move(bound)});
  if (is_real) {
    return converted(std::move(result), Type::real);
  }
  const bool is_now = function.name == "now" || function.name == "ago";
  if (is_now && is_constant(*result)) {
    return make_literal(evaluate_constant(*result, scope_.context), span);
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
             Code::wrong_operands,
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
         Code::bad_regex,
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
           Code::not_one_of,
           fmt::format("`{}` is no unit of time", text->value.text()),
           "year, quarter, month, week, day, hour, minute, second, millisecond, microsecond or "
           "nanosecond");
    return false;
  }
  constexpr std::string_view known = "dHhmsfF/-:,._[] ";
  if (wants_format && text->value.text().find_first_not_of(known) != std::string_view::npos) {
    report(argument.span,
           Code::bad_format,
           "the format of a timespan has other letters",
           "d, H, h, m, s, f, F and the separators / - : , . _ [ ]");
    return false;
  }
  return true;
}

/// What a cluster alone computes: checks know its type.
auto ExpressionBinder::bind_cluster_call(const ast::Call& call, Type type, Span span)
    -> ExpressionPtr {
  bool failed = false;
  for (const auto& argument : call.arguments) {
    failed = bind(*argument) == nullptr || failed;
  }
  if (failed) {
    return nullptr;
  }
  const bool checks = scope_.queries != nullptr && scope_.queries->session().checks_alone;
  return checks ? make_literal(Value::null(type), span)
                : report(call.name_span,
                         Code::not_supported,
                         fmt::format("`{}` is not supported", call.function));
}

auto ExpressionBinder::unknown_function(const ast::Call& call) -> ExpressionPtr {
  std::vector<std::string_view> candidates;
  for (const auto& row : functions()) {
    if (!row.is_operator) {
      candidates.push_back(row.name);
    }
  }
  if (std::ranges::binary_search(unserved_functions(), call.function)) {
    return report(
        call.name_span, Code::not_supported, fmt::format("`{}` is not supported", call.function));
  }
  const auto near = closest_name(call.function, candidates);
  return report(call.name_span,
                Code::unknown_function,
                fmt::format("there is no function `{}`", call.function),
                near.empty() ? "" : fmt::format("did you mean `{}`?", near));
}

} // namespace sluice::kql
