// SPDX-License-Identifier: Apache-2.0
#include "kql/rule/constant_folding.hpp"

#include <algorithm>
#include <array>

#include "kql/evaluator.hpp"
#include "kql/rule/plan_walk.hpp"

namespace sluice::kql {
namespace {

/// Longer values stay calls, so that plans can be read.
constexpr std::size_t max_constant_bytes = 1024;

/// Their answers differ from row to row, or end the query.
constexpr auto unfoldable = std::to_array<std::string_view>({"rand", "new_guid", "assert"});

void fold(ExpressionPtr& expression, const EvaluationContext& context) {
  auto* call = std::get_if<Call>(&expression->node);
  if (call == nullptr) {
    return;
  }
  bool is_constant = std::ranges::find(unfoldable, call->function->name) == unfoldable.end();
  for (auto& argument : call->arguments) {
    fold(argument, context);
    is_constant = is_constant && std::holds_alternative<Literal>(argument->node);
  }
  if (!is_constant) {
    return;
  }
  auto value = evaluate_constant(*expression, context);
  if (value.type() == expression->type && value.text().size() <= max_constant_bytes) {
    expression->node = Literal{std::move(value)};
  }
}

} // namespace

void fold_constants(Plan& plan, EvaluationContext context) {
  for_each_expression(plan, [&context](ExpressionPtr& expression) { fold(expression, context); });
}

} // namespace sluice::kql
