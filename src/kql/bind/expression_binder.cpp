// SPDX-License-Identifier: Apache-2.0
#include "kql/bind/expression_binder.hpp"

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/check.hpp"
#include "kql/bind/columns.hpp"
#include "kql/bind/pipeline_binder.hpp"
#include "kql/conversion.hpp"
#include "kql/evaluator.hpp"
#include "kql/open_type.hpp"
#include "kql/suggestion.hpp"

namespace sluice::kql {
namespace {

auto conversion_to(Type type) -> const Function& {
  static constexpr std::array names{"tobool",
                                    "toint",
                                    "tolong",
                                    "todouble",
                                    "todecimal",
                                    "tostring",
                                    "todatetime",
                                    "totimespan",
                                    "toguid",
                                    "as_dynamic"};
  const auto* function = find_function(names.at(static_cast<std::size_t>(type)));
  CHECK(function != nullptr);
  return *function;
}

auto size_of(const Expression& expression) -> std::size_t {
  std::size_t size = 1;
  if (const auto* call = std::get_if<Call>(&expression.node)) {
    for (const auto& argument : call->arguments) {
      size += size_of(*argument);
    }
  }
  return size;
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

auto ExpressionBinder::report(Span span, Code code, std::string message, std::string hint)
    -> ExpressionPtr {
  diagnostics_.push_back({span, code, std::move(message), std::move(hint)});
  return nullptr;
}

auto ExpressionBinder::bind(const ast::Expression& expression) -> ExpressionPtr {
  if (const auto* constant = std::get_if<ast::Constant>(&expression.node)) {
    return make_literal(constant->value, expression.span);
  }
  if (const auto* name = std::get_if<ast::Name>(&expression.node)) {
    return bind_name(*name, expression.span);
  }
  if (const auto* call = std::get_if<ast::Call>(&expression.node)) {
    return bind_call(*call, expression.span);
  }
  if (std::holds_alternative<ast::Subquery>(expression.node)) {
    return report(expression.span,
                  Code::expected_value,
                  "a query cannot stand for a value here",
                  "write toscalar(...) around it");
  }
  return report(expression.span, Code::unexpected, "this cannot stand here");
}

auto ExpressionBinder::bind_condition(const ast::Expression& expression) -> ExpressionPtr {
  auto bound = bind(expression);
  if (bound != nullptr && bound->type != Type::boolean && bound->type != unknown_type) {
    return report(expression.span,
                  Code::wrong_expression_type,
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
  if (!is_constant(*bound)) {
    report(expression.span, Code::not_constant, "this must be a constant");
    return std::nullopt;
  }
  return evaluate_constant(*bound, scope_.context);
}

auto ExpressionBinder::converted(ExpressionPtr expression, Type type) -> ExpressionPtr {
  if (expression->type == type || type == unknown_type) {
    return expression;
  }
  const auto span = expression->span;
  if (const auto* constant = std::get_if<Literal>(&expression->node)) {
    return make_literal(convert(constant->value, type), span);
  }
  Call call{&conversion_to(type), {}};
  call.arguments.push_back(std::move(expression));
  return std::make_unique<Expression>(Expression{type, span, std::move(call)});
}

auto ExpressionBinder::bind_name(const ast::Name& name, Span span) -> ExpressionPtr {
  if (const auto index = scope_.columns->find(name.text)) {
    return make_reference(*scope_.columns, *index, span);
  }
  if (const auto* frame = find_name(scope_.environment, name.text)) {
    return bind_named(*frame, span);
  }
  std::vector<std::string_view> candidates;
  for (const auto& column : scope_.columns->columns) {
    if (!column.hidden) {
      candidates.emplace_back(column.name);
    }
  }
  for (const auto* frame = scope_.environment.get(); frame != nullptr; frame = frame->outer.get()) {
    candidates.emplace_back(frame->name);
  }
  if (scope_.queries != nullptr) {
    scope_.queries->infer(name.text);
  }
  const auto near = closest_name(name.text, candidates);
  return report(span,
                Code::unknown_name,
                fmt::format("unknown column `{}`", name.text),
                near.empty() ? "" : fmt::format("did you mean `{}`?", near));
}

auto ExpressionBinder::bind_named(const Frame& frame, Span span) -> ExpressionPtr {
  if (const auto* value = std::get_if<Value>(&frame.meaning)) {
    return make_literal(*value, span);
  }
  if (const auto* scalar = std::get_if<ScalarBinding>(&frame.meaning)) {
    constexpr std::size_t max_copies = 20'000;
    if (scope_.queries != nullptr &&
        (scope_.queries->session().copies += size_of(*scalar->value)) > max_copies) {
      return report(span, Code::too_large, "the functions of this query make it too large");
    }
    return clone(*scalar->value);
  }
  if (const auto* function = std::get_if<FunctionBinding>(&frame.meaning);
      function != nullptr && scope_.queries != nullptr) {
    return scope_.queries->call_scalar(*function, {frame.name, span, {}}, scope_);
  }
  return report(span,
                Code::expected_value,
                fmt::format("`{}` is a table, not a value", frame.name),
                "write toscalar(...) around it");
}

auto ExpressionBinder::bind_subquery(const ast::Expression& rows, Subquery::Form form)
    -> ExpressionPtr {
  auto plan = scope_.queries == nullptr ? nullptr : scope_.queries->rows_of(rows);
  if (plan == nullptr) {
    return nullptr;
  }
  const auto visible = visible_columns(plan->output);
  if (visible.empty()) {
    return report(rows.span, Code::no_columns, "this query has no column");
  }
  if (visible.front() != 0 || plan->output.columns.size() > 1) {
    plan = pick_columns(std::move(plan), {visible.front()});
  }
  const auto type =
      form == Subquery::Form::list ? Type::dynamic : plan->output.columns.front().type;
  return std::make_unique<Expression>(Expression{type, rows.span, Subquery{form, std::move(plan)}});
}

} // namespace sluice::kql
