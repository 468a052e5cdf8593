// SPDX-License-Identifier: Apache-2.0
#include "kql/rule/plan_walk.hpp"

namespace sluice::kql {
namespace {

using Visit = std::function<void(ExpressionPtr&)>;

void all_of(std::vector<ExpressionPtr>& expressions, const Visit& visit) {
  for (auto& expression : expressions) {
    visit(expression);
  }
}

/// The expressions of one step; steps of other kinds have none.
struct OwnExpressions {
  const Visit& visit;

  template <class Step>
  void operator()(Step&) const {}
  void operator()(Filter& step) const { visit(step.condition); }
  void operator()(Project& step) const { all_of(step.columns, visit); }
  void operator()(Summarize& step) const {
    all_of(step.keys, visit);
    for (auto& aggregation : step.aggregations) {
      all_of(aggregation.arguments, visit);
    }
  }
  void operator()(Sort& step) const {
    for (auto& key : step.keys) {
      visit(key.expression);
    }
  }
  void operator()(Join& step) const {
    for (auto& [left, right] : step.keys) {
      visit(left);
      visit(right);
    }
  }
  void operator()(Expand& step) const { all_of(step.arrays, visit); }
  void operator()(Window& step) const {
    all_of(step.function.arguments, visit);
    all_of(step.groups, visit);
  }
};

void walk(Plan& plan, const Visit& visit);

struct Inputs {
  const Visit& visit;

  template <class Step>
  void operator()(Step& step) const {
    if constexpr (requires { step.input; }) {
      walk(*step.input, visit);
    }
  }
  void operator()(Join& step) const {
    walk(*step.left, visit);
    walk(*step.right, visit);
  }
  void operator()(Union& step) const {
    for (auto& input : step.inputs) {
      walk(*input, visit);
    }
  }
  void operator()(Apply& step) const {
    walk(*step.input, visit);
    walk(*step.body, visit);
  }
};

void walk(Plan& plan, const Visit& visit) {
  std::visit(OwnExpressions{visit}, plan.node);
  std::visit(Inputs{visit}, plan.node);
}

} // namespace

void for_each_expression(Plan& plan, const std::function<void(ExpressionPtr&)>& visit) {
  walk(plan, visit);
}

} // namespace sluice::kql
