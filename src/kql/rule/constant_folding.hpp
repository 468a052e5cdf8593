// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kql/function_table.hpp"
#include "kql/plan.hpp"

/// Private to the library: rules that make a plan cheaper and change no row. One file each, and one
/// case in `tests/kql/rule_*.case`.
namespace sluice::kql {

/// Calls over constants become constants: `CreationTime > startofday(ago(2d))` compares with one
/// time, which the store can look up in its indexes.
void fold_constants(Plan& plan, EvaluationContext context);

} // namespace sluice::kql
