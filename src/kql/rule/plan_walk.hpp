// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "kql/plan.hpp"

/// Private to the library.
namespace sluice::kql {

/// Calls `visit` for each expression of the step and of those that feed it; not for parts of
/// expressions, and not for the plans of queries inside them, which are shared.
void for_each_expression(Plan& plan, const std::function<void(ExpressionPtr&)>& visit);

} // namespace sluice::kql
