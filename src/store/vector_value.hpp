// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kql/value.hpp"
#include "store/duckdb_handle.hpp"

/// Private to this library: single values in and out of DuckDB's vectors, in the types of
/// `sql_type`.
namespace sluice::store {

/// Rows of a chunk, which it does not outlive.
class RowReader {
public:
  /// Its columns from `first` on have these types.
  RowReader(duckdb_data_chunk chunk, idx_t first, std::span<const kql::Type> types);
  /// Good until the next call. Texts borrow from the chunk; a null text is "" for a string.
  [[nodiscard]] auto read(idx_t row) -> std::span<const kql::Value>;

private:
  struct Column {
    void* data;
    std::uint64_t* validity; ///< Null when nothing is.
    kql::Type type;

    [[nodiscard]] auto at(idx_t row) const -> kql::Value;
  };
  std::vector<Column> columns_;
  std::vector<kql::Value> values_;
};

/// `vector` has the type that `sql_type(value.type())` names. Text that is not UTF-8 is mended with
/// U+FFFD, because DuckDB trusts it to be.
void write_value(duckdb_vector vector, idx_t row, const kql::Value& value);

/// A text in a VARCHAR vector; as above.
void write_text(duckdb_vector vector, idx_t row, std::string_view text);
void write_null(duckdb_vector vector, idx_t row);

/// The value as DuckDB casts it back from VARCHAR; not for null.
[[nodiscard]] auto cast_text(const kql::Value& value) -> std::string;

} // namespace sluice::store
