// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <duckdb.h>

#include "base/result.hpp"
#include "store/computation.hpp"

/// Private to this library.
namespace sluice::store {

/// Makes the store's tables where they are not there yet, brings those of an earlier release up to
/// date, and gives the store an id. Repeatable.
/// Errors: storage when DuckDB refuses; unavailable without random bytes.
[[nodiscard]] auto make_tables(duckdb_connection connection, Computations& computations)
    -> Result<>;

} // namespace sluice::store
