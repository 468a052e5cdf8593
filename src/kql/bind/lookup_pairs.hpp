// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "kql/ast.hpp"
#include "kql/bind/pipeline_binder.hpp"
#include "kql/plan.hpp"

/// Private to the binder: what the lookup plugins have in common. Each pairs rows with those rows
/// of a table that a condition fits.
namespace sluice::kql {

/// The visible columns of the plugin's first argument, a table; `what` it holds is for messages.
/// Null after a mistake was reported.
[[nodiscard]] auto
lookup_table(PipelineBinder& binder, const ast::Evaluate& op, const std::string& what) -> PlanPtr;

/// Each row with each of the others; the columns of both sides, the others' under names that the
/// rows do not have.
[[nodiscard]] auto all_pairs(PlanPtr rows, PlanPtr others) -> PlanPtr;

/// `found`, and the `rows` that are not in it, with nulls for the others' columns. Whether a row is
/// found is up to its columns `keys` alone. Null after a mistake was reported.
[[nodiscard]] auto with_unmatched(PipelineBinder& binder,
                                  PlanPtr found,
                                  PlanPtr rows,
                                  const std::vector<std::size_t>& keys,
                                  Span span) -> PlanPtr;

} // namespace sluice::kql
