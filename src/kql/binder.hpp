// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "kql/ast.hpp"
#include "kql/data_probe.hpp"
#include "kql/diagnostic.hpp"
#include "kql/plan.hpp"
#include "kql/schema.hpp"

namespace sluice::kql {

/// Turns a parsed query into a plan: tables and columns resolved, every expression typed.
/// `probe` may be null.
/// Errors: appended to `diagnostics`; then there is no plan.
[[nodiscard]] auto bind_query(const ast::Query& query,
                              const Catalog& catalog,
                              EvaluationContext context,
                              const DataProbe* probe,
                              Diagnostics& diagnostics) -> std::optional<Plan>;

} // namespace sluice::kql
