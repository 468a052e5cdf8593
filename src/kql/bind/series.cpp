// SPDX-License-Identifier: Apache-2.0
#include "kql/bind/operators.hpp"

namespace sluice::kql {

auto bind_make_series(PipelineBinder& binder, PlanPtr, const ast::MakeSeries&) -> PlanPtr {
  binder.report({}, "not-supported", "`series` is not supported yet");
  return nullptr;
}

} // namespace sluice::kql
