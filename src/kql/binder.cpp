// SPDX-License-Identifier: Apache-2.0
#include "kql/binder.hpp"

#include "kql/bind/columns.hpp"
#include "kql/bind/pipeline_binder.hpp"
#include "kql/rule/constant_folding.hpp"

namespace sluice::kql {

auto bind_query(const ast::Query& query,
                const Catalog& catalog,
                EvaluationContext context,
                const Surroundings& surroundings,
                Diagnostics& diagnostics) -> std::optional<Plan> {
  const auto before = diagnostics.size();
  Session session{catalog, context, diagnostics, surroundings.probe, surroundings.local_copies};
  PipelineBinder binder{session, nullptr};
  for (const auto& parameter : query.parameters) {
    binder.add_parameter(parameter);
  }
  for (const auto& let : query.lets) {
    binder.add_let(let);
  }
  auto plan = binder.bind(query.pipeline);
  if (plan == nullptr || diagnostics.size() != before) {
    return std::nullopt;
  }
  if (plan->output.hidden()) {
    const auto visible = visible_columns(plan->output);
    plan = pick_columns(std::move(plan), visible);
  }
  fold_constants(*plan, context);
  return std::move(*plan);
}

} // namespace sluice::kql
