// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "kql/bind/pipeline_binder.hpp"
#include "kql/plan.hpp"

/// Private to the binder: what the lookup plugins have in common. Each pairs rows with those rows
/// of a table that a condition fits.
namespace sluice::kql {

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
