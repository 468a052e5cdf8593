// SPDX-License-Identifier: Apache-2.0
#include "kql/bind/operators.hpp"

namespace sluice::kql {

auto bind_top_nested(PipelineBinder& binder, PlanPtr, const ast::TopNested&) -> PlanPtr {
  binder.report({}, "not-supported", "`nested` is not supported yet");
  return nullptr;
}

} // namespace sluice::kql
