// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "kql/ast.hpp"
#include "kql/column_names.hpp"
#include "kql/expression_binder.hpp"
#include "kql/plan.hpp"

namespace sluice::kql {

/// Puts one operator of a pipeline on top of the plan so far.
///
/// Use: `apply` once for each operator, in order.
class OperatorBinder {
public:
  /// `base` gives constants and context; all must outlive the binder.
  OperatorBinder(const Scope& base, Diagnostics& diagnostics)
      : base_{base},
        diagnostics_{diagnostics} {}

  /// Null when the columns behind the operator cannot be told, so that going on would only find
  /// mistakes that are none.
  [[nodiscard]] auto apply(PlanPtr input, const ast::Operator& op) -> PlanPtr;
  /// The items over one row without columns.
  [[nodiscard]] auto print(const ast::Print& print) -> PlanPtr;
  [[nodiscard]] auto datatable(const ast::Datatable& table, Span span) -> PlanPtr;

private:
  friend class SummarizeBinder;

  auto where(PlanPtr input, const ast::Where& op) -> PlanPtr;
  auto extend(PlanPtr input, const ast::Extend& op) -> PlanPtr;
  auto project(PlanPtr input, const ast::Project& op) -> PlanPtr;
  auto select(PlanPtr input, const ast::ProjectColumns& op) -> PlanPtr;
  auto rename(PlanPtr input, const ast::ProjectRename& op) -> PlanPtr;
  auto sort(PlanPtr input, const std::vector<const ast::Key*>& keys) -> PlanPtr;
  auto take(PlanPtr input, const ast::Expression& count) -> PlanPtr;
  auto distinct(PlanPtr input, const ast::Distinct& op, Span span) -> PlanPtr;
  auto count(PlanPtr input) -> PlanPtr;

  [[nodiscard]] auto scope_over(const Schema& columns) const -> Scope;
  /// The name for an item's column; "" after a mistake was reported.
  auto name_item(const ast::Item& item, ColumnNames& names) -> std::string;
  /// The indexes of the visible columns that a pattern means; none is a mistake.
  auto matching(const ast::Pattern& pattern, const Schema& schema) -> std::vector<std::size_t>;
  auto order_of(const ast::ProjectColumns& op, const Schema& schema) -> std::vector<std::size_t>;
  void report(Span span, std::string code, std::string message, std::string hint = "");

  const Scope& base_;
  Diagnostics& diagnostics_;
};

[[nodiscard]] auto make_plan(Schema output, decltype(Plan::node) node) -> PlanPtr;
[[nodiscard]] auto make_reference(const Schema& schema, std::size_t index, Span span = {})
    -> ExpressionPtr;
/// The columns at `indexes`, in that order, of the plan.
[[nodiscard]] auto pick_columns(PlanPtr input, const std::vector<std::size_t>& indexes) -> PlanPtr;

} // namespace sluice::kql
