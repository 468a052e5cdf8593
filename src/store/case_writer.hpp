// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "store/case_table.hpp"
#include "store/duckdb_handle.hpp"

/// Private to this library: puts versions of cases into their table.
namespace sluice::store {

/// Writes the batch in a transaction of its own, all or nothing. A version that is there already is
/// replaced, so bringing one again changes nothing.
/// Errors: as `to_error`; invalid_input when a row is no JSON object.
[[nodiscard]] auto write_cases(duckdb_connection connection, const CaseBatch& batch) -> Result<>;

} // namespace sluice::store
