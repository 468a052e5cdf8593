// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kql/bind/pipeline_binder.hpp"
#include "kql/plan.hpp"

/// Private to the binder.
namespace sluice::kql {

/// Binds expressions in which row functions may stand: each of these becomes a `Window` step below,
/// and the expression refers to the column that the step adds.
///
/// Use: `bind` any number of expressions, then `take` the plan they are over.
class RowFunctions {
public:
  /// `scope` names the columns of `input` and must outlive this.
  RowFunctions(PipelineBinder& binder, const Scope& scope, PlanPtr input)
      : binder_{binder},
        scope_{scope},
        input_{std::move(input)} {}

  [[nodiscard]] auto bind(const ast::Expression& expression) -> ExpressionPtr;
  [[nodiscard]] auto bind_condition(const ast::Expression& expression) -> ExpressionPtr;
  /// Has more columns than before when there were row functions.
  [[nodiscard]] auto take() -> PlanPtr { return std::move(input_); }

private:
  auto expressions() -> ExpressionBinder;
  auto add(const RowFunctionRow& row, const ast::Call& call, Span span) -> ExpressionPtr;
  static auto with_sessions(PlanPtr input, RowFunction function, Schema output) -> PlanPtr;
  auto check_constants(const RowFunctionRow& row, const RowFunction& function, Span span) -> bool;

  PipelineBinder& binder_;
  const Scope& scope_;
  PlanPtr input_;
};

} // namespace sluice::kql
