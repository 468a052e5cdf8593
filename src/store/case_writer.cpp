// SPDX-License-Identifier: Apache-2.0
#include "store/case_writer.hpp"

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

#include "base/failpoint.hpp"
#include "kql/conversion.hpp"
#include "kql/dynamic.hpp"
#include "store/appender.hpp"

namespace sluice::store {
namespace {

/// `json` is the member's canonical value; empty when the row has none.
auto append_member(duckdb_appender appender, std::string_view json, kql::Type type) -> bool {
  if (json.empty() || json == "null") {
    return type == kql::Type::string ? append_text(appender, "")
                                     : duckdb_append_null(appender) == DuckDBSuccess;
  }
  if (type == kql::Type::dynamic) {
    return append_text(appender, json);
  }
  const auto value = kql::convert(kql::Value::string(kql::json_to_text(json)), type);
  if (type == kql::Type::string) {
    return append_text(appender, value.text());
  }
  if (value.is_null()) {
    return duckdb_append_null(appender) == DuckDBSuccess;
  }
  return type == kql::Type::boolean
             ? duckdb_append_bool(appender, value.as_boolean()) == DuckDBSuccess
             : duckdb_append_int64(appender, value.as_integer()) == DuckDBSuccess;
}

auto append_case(duckdb_appender appender, const StoredCase& stored) -> Result<> {
  const auto row = kql::canonical_json(stored.row);
  if (!row || kql::json_kind(*row) != kql::JsonKind::object) {
    return Error{ErrorKind::invalid_input, "a case that is no JSON object"};
  }
  std::unordered_map<std::string, std::string_view> members;
  for (kql::JsonItems item{*row}; item.next();) {
    members.insert_or_assign(kql::json_unquoted(item.key()), item.value());
  }
  bool taken =
      append_text(appender, stored.case_id) &&
      duckdb_append_int64(appender, stored.version) == DuckDBSuccess &&
      duckdb_append_int64(appender, stored.told_at.since_year_one.count()) == DuckDBSuccess;
  constexpr std::size_t given = 3;
  const auto& columns = case_schema().columns;
  for (std::size_t i = given; i < columns.size() && taken; ++i) {
    const auto at = members.find(columns[i].name);
    taken = append_member(
        appender, at == members.end() ? std::string_view{} : at->second, columns[i].type);
  }
  if (!taken || duckdb_appender_end_row(appender) != DuckDBSuccess) {
    return appender_error(appender);
  }
  return {};
}

/// Removes the versions of another epoch, and those that the batch brings.
auto make_room(duckdb_connection connection, const CaseBatch& batch) -> Result<> {
  TRY(const auto epochs,
      query_texts(connection, "SELECT value FROM facts WHERE name = 'case_epoch'", {}));
  if (epochs.size() != 1 || epochs.front() != batch.epoch) {
    TRY_DO(execute(connection, "DELETE FROM cases"));
    TRY_DO(execute(connection, "DELETE FROM facts WHERE name = 'case_epoch'"));
    TRY_DO(query_texts(connection,
                       "INSERT INTO facts VALUES ($1, $2) RETURNING name",
                       parameters(text_value("case_epoch"), text_value(batch.epoch))));
    return {};
  }
  std::vector<std::string> keys;
  for (const auto& stored : batch.cases) {
    keys.push_back(fmt::format("{}/{}", stored.case_id, stored.version));
  }
  const auto key = fmt::format(R"("{}" || '/' || "{}")", case_column_name(0), case_column_name(1));
  TRY(const auto earlier,
      query_texts_among(connection,
                        fmt::format("SELECT {} FROM cases", key),
                        {},
                        std::unordered_set<std::string_view>{keys.begin(), keys.end()}));
  if (earlier.empty()) {
    return {};
  }
  TRY_DO(query_texts(
      connection,
      fmt::format("DELETE FROM cases WHERE {0} IN (SELECT unnest($1::VARCHAR[])) RETURNING {0}",
                  key),
      parameters(list_value(earlier))));
  return {};
}

auto write_in_transaction(duckdb_connection connection, const CaseBatch& batch) -> Result<> {
  TRY_DO(make_room(connection, batch));
  TRY(auto appender, open_appender(connection, "cases"));
  // Named, because later releases may have added theirs behind ours.
  for (std::size_t i = 0; i < case_schema().columns.size(); ++i) {
    duckdb_appender_add_column(appender.get(), case_column_name(i).c_str());
  }
  for (const auto& stored : batch.cases) {
    TRY_DO(append_case(appender.get(), stored));
  }
  return close_appender(appender);
}

} // namespace

auto write_cases(duckdb_connection connection, const CaseBatch& batch) -> Result<> {
  TRY_DO(execute(connection, "BEGIN"));
  auto written = write_in_transaction(connection, batch);
  FAILPOINT("store.before_cases_commit");
  if (written) {
    written = execute(connection, "COMMIT");
    FAILPOINT("store.after_cases_commit");
  }
  if (!written) {
    static_cast<void>(execute(connection, "ROLLBACK")); // There may be nothing left to roll back.
  }
  return written;
}

} // namespace sluice::store
