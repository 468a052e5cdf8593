// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kql/plan.hpp"

/// Private to the library.
namespace sluice::kql {

/// Conditions go as far down as they keep their meaning: below `project` and `summarize` where they
/// ask for columns that these pass on, below `sort` and `mv-expand`, into every input of a `union`
/// and into the side of a `join` whose rows they are about. So fewer rows are sorted, joined and
/// computed. The left side of `innerunique` is let alone: which row it takes depends on what is
/// there.
void push_predicates_down(PlanPtr& plan);

} // namespace sluice::kql
