// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "kql/schema.hpp"
#include "record/columns.hpp"

/// The table AuditRecords, as queries see it and as it lies on disk.
///
/// Queries see one wide table: every column of `record/columns.hpp`, then the columns below. On
/// disk a row is the record itself, packed (`packed_text.hpp`), beside the columns of the groups
/// common, alert and investigation, which most queries ask for. The columns of other workloads,
/// nearly six hundred that are nearly all empty in any one row, are read out of the record when a
/// query asks for them, so a new one of them needs no migration. A new column on disk is added when
/// the store is opened, and filled from the records.
namespace sluice::store {

constexpr std::string_view wide_table_name = "AuditRecords";
/// dynamic: the record's keys that no column knows, and values that do not fit their column.
constexpr std::string_view additional_fields_name = "AdditionalFields";
/// string: the whole record as it came.
constexpr std::string_view raw_record_name = "RawRecord";
/// datetime, hidden: what ingestion_time() gives.
constexpr std::string_view ingestion_time_name = "$IngestionTime";

/// The columns that queries see, the hidden one last.
[[nodiscard]] auto wide_table_schema() -> const kql::Schema&;

/// Positions in `wide_table_schema()`.
[[nodiscard]] auto additional_fields_index() -> std::size_t;
[[nodiscard]] auto raw_record_index() -> std::size_t;
[[nodiscard]] auto ingestion_time_index() -> std::size_t;

/// Positions of the columns that lie on disk by themselves.
[[nodiscard]] auto stored_columns() -> const std::vector<std::size_t>&;
[[nodiscard]] auto is_stored(std::size_t column) -> bool;
/// Whether a stored column holds long texts, which new tables keep packed.
[[nodiscard]] auto is_packed(std::size_t column) -> bool;
/// The name on disk of such a column. DuckDB does not tell upper from lower case in names, so a
/// name that differs from an earlier one in nothing else gets a number.
[[nodiscard]] auto stored_name(std::size_t column) -> std::string;

/// The type that queries see a column of `record`'s tables with.
[[nodiscard]] auto kql_type(record::ColumnType type) -> kql::Type;

/// The DuckDB type that holds values of a type: text for string, guid and dynamic, ticks as BIGINT
/// for datetime and timespan (DuckDB's own timestamps drop the seventh digit).
[[nodiscard]] auto sql_type(kql::Type type) -> std::string_view;

/// The statements that make the tables; harmless where they exist.
[[nodiscard]] auto create_tables_sql() -> std::string;

} // namespace sluice::store
