// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "kql/plan.hpp"
#include "store/computation.hpp"
#include "store/query.hpp"

/// Private to this library: running a plan on a database.
namespace sluice::store {

/// As `Store::run`.
[[nodiscard]] auto run_plan(duckdb_database database,
                            Computations& computations,
                            const kql::Catalog& named_tables,
                            const kql::Plan& plan,
                            RowSink& sink,
                            const RunOptions& options,
                            Clock& clock) -> Result<RunSummary>;

} // namespace sluice::store
