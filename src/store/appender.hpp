// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "kql/value.hpp"
#include "store/duckdb_handle.hpp"

/// Private to this library: rows into a table of DuckDB, a cell at a time.
namespace sluice::store {

/// Errors, here and below: as `to_error` says of DuckDB's own.
[[nodiscard]] auto open_appender(duckdb_connection connection, const char* table)
    -> Result<DuckAppender>;
/// Without it the rows may never come.
[[nodiscard]] auto close_appender(DuckAppender& appender) -> Result<>;

/// False when the cell was refused: `appender_error` has the reason.
[[nodiscard]] auto append_text(duckdb_appender appender, std::string_view text) -> bool;
/// Into a column of the type that `sql_type(value.type())` names; a null text is "".
[[nodiscard]] auto append_value(duckdb_appender appender, const kql::Value& value) -> bool;
[[nodiscard]] auto appender_error(duckdb_appender appender) -> Error;

} // namespace sluice::store
