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

/// An earlier release stored fewer columns apart; theirs are read out of the records once.
auto add_missing_columns(duckdb_connection connection, Computations& computations) -> Result<> {
  TRY(const auto there,
      query_texts(connection,
                  "SELECT column_name FROM information_schema.columns WHERE table_name = 'records'",
                  {}));
  for (const auto column : stored_columns()) {
    const auto name = stored_name(column);
    if (std::ranges::find(there, name) != there.end()) {
      continue;
    }
    const auto type = sql_type(wide_table_schema().columns[column].type);
    const auto number = computations.add(RecordColumns{{column}});
    TRY_DO(
        execute(connection,
                fmt::format("BEGIN; {4}; ALTER TABLE records ADD COLUMN \"{0}\" {1};"
                            "UPDATE records SET \"{0}\" = CAST({2}({3}, record)[1] AS {1}); COMMIT",
                            name,
                            type,
                            record_function_name,
                            number,
                            drop_index_sql)));
    computations.remove(number);
  }
  return {};
}

/// Gives back the room of replaced rows when it is more than half of all.
auto close_gaps(duckdb_connection connection) -> Result<> {
  TRY(const auto gaps,
      query_texts(connection,
                  "SELECT 'many' FROM (SELECT count(*) AS rows, max(rowid) + 1 AS places FROM "
                  "records) WHERE places > 2 * rows",
                  {}));
  if (gaps.empty()) {
    return {};
  }
  return execute(connection, fmt::format("{}; CHECKPOINT", drop_index_sql));
}

} // namespace

auto make_tables(duckdb_connection connection, Computations& computations) -> Result<> {
  TRY_DO(execute(connection, create_tables_sql()));
  TRY_DO(execute(connection, create_case_table_sql()));
  TRY_DO(execute(connection, add_case_columns_sql()));
  TRY_DO(add_missing_columns(connection, computations));
  TRY_DO(close_gaps(connection));
  TRY_DO(execute(connection, std::string{create_index_sql}));
  TRY(const auto id, new_guid());
  return execute(connection,
                 fmt::format("INSERT INTO facts SELECT 'store_id', '{}' WHERE NOT EXISTS "
                             "(FROM facts WHERE name = 'store_id')",
                             id));
}

} // namespace sluice::store
