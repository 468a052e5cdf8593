// SPDX-License-Identifier: Apache-2.0
#include "kql/bind/operators.hpp"

namespace sluice::kql {

auto bind_scan(PipelineBinder& binder, PlanPtr, const ast::Scan&, Span span) -> PlanPtr {
  binder.report(span, "not-supported", "`scan` is not supported yet");
  return nullptr;
}

} // namespace sluice::kql
