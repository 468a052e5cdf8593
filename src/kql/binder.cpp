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
  session.checks_alone = surroundings.checks_alone;
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
  plan = without_hidden(std::move(plan));
  fold_constants(*plan, context);
  return std::move(*plan);
}

} // namespace sluice::kql
