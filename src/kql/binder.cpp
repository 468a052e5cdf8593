// SPDX-License-Identifier: Apache-2.0
#include "kql/binder.hpp"

#include "kql/bind/columns.hpp"
#include "kql/bind/pipeline_binder.hpp"
#include "kql/rule/constant_folding.hpp"

namespace sluice::kql {
namespace {

/// A let that nothing asks for must have a meaning too. What only the rows could tell of it, or
/// what is not served, is left alone.
void check_unused(const Session& done, const Environment& names) {
  for (const auto* frame = names.get(); frame != nullptr; frame = frame->outer.get()) {
    const auto* late = std::get_if<LateBinding>(&frame->meaning);
    if (late == nullptr || done.used_lets.contains(late->value)) {
      continue;
    }
    Diagnostics found;
    Session session{done.catalog, done.context, found, nullptr, done.local_copies};
    session.checks_alone = true;
    static_cast<void>(PipelineBinder{session, late->environment}.rows_of(*late->value));
    if (!found.empty() && is_official(found.front().code)) {
      done.diagnostics.push_back(std::move(found.front()));
    }
  }
}

} // namespace

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
  auto plan = query.has_pipeline ? binder.bind(query.pipeline) : make_plan({}, Values{});
  if (diagnostics.size() == before) {
    check_unused(session, binder.environment());
  }
  if (!query.has_pipeline && !session.checks_alone && diagnostics.size() == before) {
    binder.report(query.pipeline.span,
                  Code::no_query,
                  "there is no query",
                  "name a table, for example `AuditRecords | take 10`");
  }
  if (plan == nullptr || diagnostics.size() != before) {
    return std::nullopt;
  }
  plan = without_hidden(std::move(plan));
  fold_constants(*plan, context);
  return std::move(*plan);
}

} // namespace sluice::kql
