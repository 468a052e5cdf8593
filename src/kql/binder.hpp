// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "kql/ast.hpp"
#include "kql/data_probe.hpp"
#include "kql/diagnostic.hpp"
#include "kql/local_copy.hpp"
#include "kql/plan.hpp"
#include "kql/schema.hpp"

namespace sluice::kql {

/// What the binder may ask besides the catalog, where there is anybody to ask.
struct Surroundings {
  const DataProbe* probe = nullptr;
  LocalCopies local_copies;
  /// Nobody will run the plan: see `CompileOptions`.
  bool checks_alone = false;
};

/// Turns a parsed query into a plan: tables and columns resolved, every expression typed.
/// Errors: appended to `diagnostics`; then there is no plan.
[[nodiscard]] auto bind_query(const ast::Query& query,
                              const Catalog& catalog,
                              EvaluationContext context,
                              const Surroundings& surroundings,
                              Diagnostics& diagnostics) -> std::optional<Plan>;

} // namespace sluice::kql
