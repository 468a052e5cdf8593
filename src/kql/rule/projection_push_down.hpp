// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kql/plan.hpp"

/// Private to the library.
namespace sluice::kql {

/// Columns that nobody reads go: a table is read in those columns alone that the steps above it ask
/// for, and what would be computed for nobody is not computed.
void push_projections_down(PlanPtr& plan);

} // namespace sluice::kql
