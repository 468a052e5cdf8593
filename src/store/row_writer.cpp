// SPDX-License-Identifier: Apache-2.0
#include "store/row_writer.hpp"

#include <fmt/format.h>

#include "base/failpoint.hpp"
#include "store/appender.hpp"

namespace sluice::store {
namespace {

auto append_rows(duckdb_connection connection, const RowBatch& batch) -> Result<> {
  TRY(auto appender, open_appender(connection, named_table_on_disk(batch.table).c_str()));
  const std::string source = batch.sources.empty() ? std::string{} : batch.sources.front();
  for (const auto& row : batch.rows) {
    bool taken = append_text(appender.get(), source);
    for (const auto& value : row) {
      taken = taken && append_value(appender.get(), value);
    }
    if (!taken || duckdb_appender_end_row(appender.get()) != DuckDBSuccess) {
      return appender_error(appender.get());
    }
  }
  return close_appender(appender);
}

auto source_fact(std::string_view table, std::string_view source) -> std::string {
  return fmt::format("source/{}/{}", named_table_on_disk(table), source);
}

auto source_facts(const RowBatch& batch, const std::vector<std::string>& sources)
    -> std::vector<std::string> {
  std::vector<std::string> names;
  for (const auto& source : sources) {
    names.push_back(source_fact(batch.table, source));
  }
  return names;
}

/// False when what must not be there is there.
auto write_once(duckdb_connection connection, const RowBatch& batch) -> Result<bool> {
  if (!batch.unless.empty()) {
    const auto names = source_facts(batch, batch.unless);
    TRY(const auto there,
        query_texts_among(connection,
                          "SELECT name FROM facts WHERE starts_with(name, $1)",
                          parameters(text_value(source_fact(batch.table, ""))),
                          {names.begin(), names.end()}));
    if (!there.empty()) {
      return false;
    }
  }
  TRY_DO(append_rows(connection, batch));
  if (!batch.sources.empty()) {
    TRY_DO(query_texts(connection,
                       "INSERT INTO facts SELECT unnest($1::VARCHAR[]), '' RETURNING name",
                       parameters(list_value(source_facts(batch, batch.sources)))));
  }
  return true;
}

} // namespace

auto put_fact(duckdb_connection connection, std::string_view name, std::string_view value)
    -> Result<> {
  const auto key = parameters(text_value(name));
  TRY_DO(query_texts(connection, "DELETE FROM facts WHERE name = $1 RETURNING name", key));
  TRY_DO(query_texts(connection,
                     "INSERT INTO facts VALUES ($1, $2) RETURNING name",
                     parameters(text_value(name), text_value(value))));
  return {};
}

auto change_named_tables(duckdb_connection connection,
                         const std::string& sql,
                         const kql::Catalog& tables) -> Result<> {
  TRY_DO(execute(connection, "BEGIN"));
  auto changed = execute(connection, sql);
  changed = changed ? put_fact(connection, named_tables_fact, to_json(tables)) : std::move(changed);
  changed = changed ? execute(connection, "COMMIT") : std::move(changed);
  if (!changed) {
    static_cast<void>(execute(connection, "ROLLBACK")); // There may be nothing left to roll back.
  }
  return changed;
}

auto write_rows(duckdb_connection connection, const RowBatch& batch) -> Result<bool> {
  TRY_DO(execute(connection, "BEGIN"));
  auto written = write_once(connection, batch);
  FAILPOINT("store.before_rows_commit");
  if (written) {
    if (auto committed = execute(connection, "COMMIT"); !committed) {
      written = std::move(committed).error();
    }
  }
  if (!written) {
    static_cast<void>(execute(connection, "ROLLBACK")); // There may be nothing left to roll back.
  }
  return written;
}

} // namespace sluice::store
