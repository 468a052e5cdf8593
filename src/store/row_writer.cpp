// SPDX-License-Identifier: Apache-2.0
#include "store/row_writer.hpp"

#include <fmt/format.h>

#include "base/failpoint.hpp"

namespace sluice::store {
namespace {

auto append_value(duckdb_appender appender, const kql::Value& value) -> bool {
  if (value.is_null() && value.type() != kql::Type::string) {
    return duckdb_append_null(appender) == DuckDBSuccess;
  }
  switch (value.type()) {
  case kql::Type::boolean:
    return duckdb_append_bool(appender, value.as_boolean()) == DuckDBSuccess;
  case kql::Type::int32:
    return duckdb_append_int32(appender, static_cast<std::int32_t>(value.as_integer())) ==
           DuckDBSuccess;
  case kql::Type::int64:
  case kql::Type::datetime:
  case kql::Type::timespan:
    return duckdb_append_int64(appender, value.as_integer()) == DuckDBSuccess;
  case kql::Type::real:
    return duckdb_append_double(appender, value.as_real()) == DuckDBSuccess;
  case kql::Type::decimal:
  case kql::Type::string:
  case kql::Type::guid:
  case kql::Type::dynamic:
    break;
  }
  return duckdb_append_varchar_length(appender, value.text().data(), value.text().size()) ==
         DuckDBSuccess;
}

auto failure_of(duckdb_appender appender) -> Error {
  const char* message = duckdb_appender_error(appender);
  return to_error(DUCKDB_ERROR_IO, message == nullptr ? "a row was refused" : message);
}

auto append_rows(duckdb_connection connection, const RowBatch& batch) -> Result<> {
  DuckAppender appender;
  const auto table = named_table_on_disk(batch.table);
  if (duckdb_appender_create(connection, nullptr, table.c_str(), appender.out()) != DuckDBSuccess) {
    return failure_of(appender.get());
  }
  const std::string source = batch.sources.empty() ? std::string{} : batch.sources.front();
  for (const auto& row : batch.rows) {
    bool taken =
        duckdb_append_varchar_length(appender.get(), source.data(), source.size()) == DuckDBSuccess;
    for (const auto& value : row) {
      taken = taken && append_value(appender.get(), value);
    }
    if (!taken || duckdb_appender_end_row(appender.get()) != DuckDBSuccess) {
      return failure_of(appender.get());
    }
  }
  return duckdb_appender_close(appender.get()) == DuckDBSuccess
             ? Result<>{}
             : Result<>{failure_of(appender.get())};
}

auto source_fact(std::string_view table, std::string_view source) -> std::string {
  return fmt::format("source/{}/{}", named_table_on_disk(table), source);
}

auto source_facts(const RowBatch& batch, const std::vector<std::string>& sources)
    -> std::vector<DuckValue> {
  std::vector<std::string> names;
  for (const auto& source : sources) {
    names.push_back(source_fact(batch.table, source));
  }
  std::vector<DuckValue> values;
  values.push_back(list_value(names));
  return values;
}

/// False when what must not be there is there.
auto write_once(duckdb_connection connection, const RowBatch& batch) -> Result<bool> {
  if (!batch.unless.empty()) {
    TRY(const auto there,
        query_texts(connection,
                    "SELECT name FROM facts WHERE name IN (SELECT unnest($1::VARCHAR[]))",
                    source_facts(batch, batch.unless)));
    if (!there.empty()) {
      return false;
    }
  }
  TRY_DO(append_rows(connection, batch));
  if (!batch.sources.empty()) {
    TRY_DO(query_texts(connection,
                       "INSERT INTO facts SELECT unnest($1::VARCHAR[]), '' RETURNING name",
                       source_facts(batch, batch.sources)));
  }
  return true;
}

} // namespace

auto put_fact(duckdb_connection connection, std::string_view name, std::string_view value)
    -> Result<> {
  std::vector<DuckValue> key;
  key.push_back(text_value(name));
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
