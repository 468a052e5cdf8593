// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kql/bind/column_names.hpp"
#include "kql/bind/pipeline_binder.hpp"

namespace sluice::kql {

/// Binds `summarize` and `distinct`: gathers the aggregates of all items into one step, and puts a
/// projection on top where an item is more than one aggregate (`round(avg(x), 2)`).
class SummarizeBinder {
public:
  explicit SummarizeBinder(PipelineBinder& binder) : binder_{binder} {}

  [[nodiscard]] auto bind(PlanPtr input, const ast::Summarize& op) -> PlanPtr;
  /// The same by parts.
  [[nodiscard]] auto bind(PlanPtr input,
                          const std::vector<const ast::Item*>& keys,
                          const std::vector<const ast::Item*>& aggregates) -> PlanPtr;
  /// The keys and one aggregate.
  [[nodiscard]] auto bind_one(PlanPtr input,
                              const std::vector<const ast::Item*>& keys,
                              const ast::Call& aggregate) -> PlanPtr;
  /// Distinct values of the items.
  [[nodiscard]] auto bind_keys(PlanPtr input, const std::vector<ast::Item>& keys) -> PlanPtr;

private:
  auto add_keys(const std::vector<const ast::Item*>& keys) -> bool;
  auto add_item(const ast::Item& item) -> bool;
  auto add_percentiles(const ast::Item& item, const ast::Call& call) -> bool;
  auto add_rows_aggregate(const Aggregate& aggregate, const ast::Item& item, const ast::Call& call)
      -> bool;
  auto bind_aggregate(const Aggregate& aggregate, const ast::Call& call, Span span)
      -> ExpressionPtr;
  auto bind_arguments(const ast::Call& call,
                      std::vector<ExpressionPtr>& arguments,
                      std::vector<std::string>& names) -> bool;
  void add_star(const ast::Call& call,
                std::vector<ExpressionPtr>& arguments,
                std::vector<std::string>& names);
  auto finish() -> PlanPtr;

  PipelineBinder& binder_;
  Summarize summarize_;
  Schema inner_; ///< What the step itself gives: keys, then aggregates under any names.
  ColumnNames names_;
  /// The output: expressions over `inner_`.
  Schema output_;
  std::vector<ExpressionPtr> columns_;
};

} // namespace sluice::kql
