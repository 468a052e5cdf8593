// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "kql/plan.hpp"

/// Private to the binder: steps over columns.
namespace sluice::kql {

[[nodiscard]] auto make_plan(Schema output, decltype(Plan::node) node) -> PlanPtr;
[[nodiscard]] auto make_reference(const Schema& schema, std::size_t index, Span span = {})
    -> ExpressionPtr;
[[nodiscard]] auto make_literal(Value value, Span span = {}) -> ExpressionPtr;
/// The function by that name over the arguments.
[[nodiscard]] auto make_call(std::string_view function,
                             Type type,
                             std::vector<ExpressionPtr> arguments) -> ExpressionPtr;
/// The columns at `indexes`, in that order, of the plan.
[[nodiscard]] auto pick_columns(PlanPtr input, const std::vector<std::size_t>& indexes) -> PlanPtr;
/// Gives `output`, and `columns` beside it, one column more, or another one in the place of its
/// namesake.
void set_column(Schema& output,
                std::vector<ExpressionPtr>& columns,
                const std::string& name,
                ExpressionPtr value);
/// A reference to each column, hidden ones too.
[[nodiscard]] auto all_references(const Schema& schema) -> std::vector<ExpressionPtr>;
[[nodiscard]] auto visible_columns(const Schema& schema) -> std::vector<std::size_t>;
/// The plan without its hidden columns.
[[nodiscard]] auto without_hidden(PlanPtr plan) -> PlanPtr;
/// Whether there may be columns that nobody knows yet: a hidden one of unknown type stands for
/// them.
[[nodiscard]] auto is_open(const Schema& schema) -> bool;
/// The plan with columns of unknown type added; with a hidden one that leaves it open, if it is not
/// already, where `names` is empty.
[[nodiscard]] auto with_unknown(PlanPtr plan, const std::vector<std::string>& names) -> PlanPtr;
/// `*` stands for any stretch of characters.
[[nodiscard]] auto matches_wildcard(std::string_view pattern, std::string_view name) -> bool;

} // namespace sluice::kql
