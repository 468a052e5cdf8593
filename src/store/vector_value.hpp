// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "kql/value.hpp"
#include "store/duckdb_handle.hpp"

/// Private to this library: single values in and out of DuckDB's vectors, in the types of
/// `sql_type`.
namespace sluice::store {

/// Text borrows from the vector's chunk. A null text is "" for a string.
[[nodiscard]] auto read_value(duckdb_vector vector, idx_t row, kql::Type type) -> kql::Value;

/// `vector` has the type that `sql_type(value.type())` names. Text that is not UTF-8 is mended with
/// U+FFFD, because DuckDB trusts it to be.
void write_value(duckdb_vector vector, idx_t row, const kql::Value& value);

/// A text in a VARCHAR vector; as above.
void write_text(duckdb_vector vector, idx_t row, std::string_view text);
void write_null(duckdb_vector vector, idx_t row);

/// The value as DuckDB casts it back from VARCHAR; not for null.
[[nodiscard]] auto cast_text(const kql::Value& value) -> std::string;

} // namespace sluice::store
