// SPDX-License-Identifier: Apache-2.0
#include "kql/bind/operators.hpp"

namespace sluice::kql {

auto bind_evaluate(PipelineBinder& binder, PlanPtr, const ast::Evaluate&) -> PlanPtr {
  binder.report({}, "not-supported", "`plugin` is not supported yet");
  return nullptr;
}

} // namespace sluice::kql
