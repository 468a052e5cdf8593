// SPDX-License-Identifier: Apache-2.0
#include "store/store_tables.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include <fmt/format.h>
#include <sys/random.h>

#include "store/case_table.hpp"
#include "store/database.hpp"
#include "store/wide_table.hpp"
#include "store/writer.hpp"

namespace sluice::store {
namespace {

auto new_guid() -> Result<std::string> {
  std::array<std::uint8_t, 16> bytes{};
  if (getentropy(bytes.data(), bytes.size()) != 0) {
    return Error{ErrorKind::unavailable, "the system gives no random bytes"};
  }
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x40U);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
  std::string guid;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    guid += (i == 4 || i == 6 || i == 8 || i == 10) ? "-" : "";
    guid += fmt::format("{:02x}", bytes[i]);
  }
  return guid;
}

/// A table with an index that has no entries, for it is over nothing but nulls: at a checkpoint
/// DuckDB merges small row groups, several thousand rows with all columns in memory at once, but it
/// leaves a table that has an index alone (observed, 1.4). It does not close the gaps of deleted
/// rows then either, and adds no column.
struct UnmergedTable {
  std::string_view name;
  std::string_view index;
  std::string_view column; ///< That the index is over.
};

constexpr UnmergedTable record_table{"records", "unmerged", "ordinal"};
constexpr UnmergedTable case_table{"cases", "unmerged_cases", "f_Version"};

auto create_index_sql(const UnmergedTable& table) -> std::string {
  return fmt::format("CREATE INDEX IF NOT EXISTS {0} ON {1} ((nullif(\"{2}\", \"{2}\")));\n",
                     table.index,
                     table.name,
                     table.column);
}

auto drop_index_sql(const UnmergedTable& table) -> std::string {
  return fmt::format("DROP INDEX IF EXISTS {};\n", table.index);
}

auto column_names(duckdb_connection connection, const UnmergedTable& table)
    -> Result<std::vector<std::string>> {
  return query_texts(connection,
                     "SELECT column_name FROM information_schema.columns WHERE table_name = $1",
                     parameters(text_value(table.name)));
}

/// An earlier release stored fewer columns apart; theirs are read out of the records once, and lie
/// as they are.
auto add_missing_columns(duckdb_connection connection, Computations& computations) -> Result<> {
  TRY(const auto there, column_names(connection, record_table));
  for (const auto column : stored_columns()) {
    const auto name = stored_name(column);
    if (std::ranges::find(there, name) != there.end()) {
      continue;
    }
    const auto type = sql_type(wide_table_schema().columns[column].type);
    const auto number = computations.add(RecordColumns{{column}});
    TRY_DO(
        execute(connection,
                fmt::format("BEGIN; {4} ALTER TABLE records ADD COLUMN \"{0}\" {1};"
                            "UPDATE records SET \"{0}\" = CAST({2}({3}, {5}(record))[1] AS {1}); "
                            "COMMIT",
                            name,
                            type,
                            record_function_name,
                            number,
                            drop_index_sql(record_table),
                            unpack_function_name)));
    computations.remove(number);
  }
  return {};
}

auto add_missing_case_columns(duckdb_connection connection) -> Result<> {
  TRY(const auto there, column_names(connection, case_table));
  std::string sql;
  for (std::size_t column = 0; column < case_schema().columns.size(); ++column) {
    if (std::ranges::find(there, case_column_name(column)) == there.end()) {
      sql += fmt::format("ALTER TABLE cases ADD COLUMN {};\n", case_column_sql(column));
    }
  }
  return sql.empty() ? Result<>{} : execute(connection, drop_index_sql(case_table) + sql);
}

/// Gives back the room of replaced rows when it is more than half of all.
auto close_gaps(duckdb_connection connection, const UnmergedTable& table) -> Result<> {
  TRY(const auto gaps,
      query_texts(connection,
                  fmt::format("SELECT 'many' FROM (SELECT count(*) AS rows, max(rowid) + 1 AS "
                              "places FROM {}) WHERE places > 2 * rows",
                              table.name),
                  {}));
  return gaps.empty() ? Result<>{} : execute(connection, drop_index_sql(table) + "CHECKPOINT");
}

} // namespace

auto make_tables(duckdb_connection connection, Computations& computations) -> Result<> {
  TRY_DO(execute(connection, create_tables_sql()));
  TRY_DO(execute(connection, create_case_table_sql()));
  TRY_DO(add_missing_columns(connection, computations));
  TRY_DO(add_missing_case_columns(connection));
  for (const auto& table : {record_table, case_table}) {
    TRY_DO(close_gaps(connection, table));
    TRY_DO(execute(connection, create_index_sql(table)));
  }
  TRY(const auto id, new_guid());
  return execute(connection,
                 fmt::format("INSERT INTO facts SELECT 'store_id', '{}' WHERE NOT EXISTS "
                             "(FROM facts WHERE name = 'store_id')",
                             id));
}

} // namespace sluice::store
