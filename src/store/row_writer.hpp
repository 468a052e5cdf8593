// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "store/duckdb_handle.hpp"
#include "store/named_table.hpp"

/// Private to this library: the way of rows into named tables.
namespace sluice::store {

/// The fact that holds what `to_json` makes of the named tables.
constexpr std::string_view named_tables_fact = "named_tables";

/// Stores the rows and their sources in one transaction. False when one that must not
/// be there was.
/// Errors: as `to_error`.
[[nodiscard]] auto write_rows(duckdb_connection connection, const RowBatch& batch) -> Result<bool>;

/// Puts `value` in the place of the fact of that name.
/// Errors: as `to_error`.
[[nodiscard]] auto
put_fact(duckdb_connection connection, std::string_view name, std::string_view value) -> Result<>;

/// Changes what named tables there are, and the fact that tells of them, in one transaction.
/// Errors: as `to_error`.
[[nodiscard]] auto change_named_tables(duckdb_connection connection,
                                       const std::string& sql,
                                       const kql::Catalog& tables) -> Result<>;

} // namespace sluice::store
