// SPDX-License-Identifier: Apache-2.0
#include "store/writer.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/failpoint.hpp"
#include "store/appender.hpp"
#include "store/wide_table.hpp"

namespace sluice::store {
namespace {

/// The columns are named because later releases may have added theirs behind ours.
auto open_record_appender(duckdb_connection connection) -> Result<DuckAppender> {
  TRY(auto appender, open_appender(connection, "records"));
  for (const auto* name : {"tenant", "content", "ordinal", "ingested", "record"}) {
    duckdb_appender_add_column(appender.get(), name);
  }
  for (const auto column : stored_columns()) {
    duckdb_appender_add_column(appender.get(), stored_name(column).c_str());
  }
  return appender;
}

/// Where a column of the wide table stands among the stored ones.
auto stored_place(std::string_view name) -> std::size_t {
  const auto& columns = stored_columns();
  return static_cast<std::size_t>(
      std::ranges::find(columns,
                        name,
                        [](std::size_t column) -> std::string_view {
                          return wide_table_schema().columns[column].name;
                        }) -
      columns.begin());
}

/// A null stays one.
auto append_packed(duckdb_appender appender, TextPacker& packer, const kql::Value& value) -> bool {
  if (value.is_null() && value.type() != kql::Type::string) {
    return duckdb_append_null(appender) == DuckDBSuccess;
  }
  const auto packed = packer.pack(value.text());
  return duckdb_append_blob(appender, packed.data(), packed.size()) == DuckDBSuccess;
}

/// Ids that are looked for among the rows whose creation time meets a condition.
struct SoughtIds {
  std::unordered_set<std::string_view> ids;
  std::string creation_time; ///< What follows the column in SQL.
};

} // namespace

Writer::Writer()
    : decoder_{stored_columns()},
      id_place_{stored_place("Id")},
      creation_time_place_{stored_place("CreationTime")} {}

void Writer::add(const Batch& batch) {
  const auto same = std::ranges::find_if(waiting_, [&](const Waiting& waiting) {
    return waiting.tenant == batch.tenant && waiting.content == batch.content;
  });
  auto& waiting = same == waiting_.end() ? waiting_.emplace_back() : *same;
  for (const auto& replaced : waiting.records) {
    waiting_bytes_ -= replaced.bytes.size();
  }
  waiting = {std::string{batch.tenant}, std::string{batch.content}, {}, batch.ingested};
  for (const auto record : batch.records) {
    const auto values = decoder_.decode(record);
    const auto& created = values[creation_time_place_];
    waiting.records.push_back(
        {std::string{values[id_place_].text()},
         created.is_null() ? std::nullopt : std::optional{created.as_datetime()},
         std::string{record}});
    waiting_bytes_ += record.size();
  }
}

auto Writer::write(duckdb_connection connection) -> Result<FlushSummary> {
  if (waiting_.empty()) {
    return FlushSummary{};
  }
  auto written = execute(connection, "BEGIN");
  Result<FlushSummary> summary = FlushSummary{};
  if (written) {
    summary = write_in_transaction(connection);
    FAILPOINT("store.before_commit");
    written = summary ? execute(connection, "COMMIT") : Result<>{summary.error()};
    FAILPOINT("store.after_commit");
  }
  waiting_.clear();
  waiting_bytes_ = 0;
  if (!written) {
    static_cast<void>(execute(connection, "ROLLBACK")); // There may be nothing left to roll back.
    if (written.error().kind() == ErrorKind::invalid_input) {
      return Error{ErrorKind::storage, written.error().message()}; // The SQL is no person's.
    }
    return std::move(written).error();
  }
  return summary;
}

auto Writer::write_in_transaction(duckdb_connection connection) -> Result<FlushSummary> {
  TRY_DO(learn_what_is_packed(connection));
  std::map<std::string, std::unordered_set<std::string>> seen;
  for (const auto& batch : waiting_) {
    seen.try_emplace(batch.tenant);
  }
  for (auto& [tenant, ids] : seen) {
    TRY_DO(remove_earlier(connection, tenant));
    TRY(ids, stored_ids(connection, tenant));
  }
  FlushSummary summary;
  TRY(auto records, open_record_appender(connection));
  TRY(auto contents, open_appender(connection, "contents"));
  for (auto& batch : waiting_) {
    ++summary.batches;
    auto& ids = seen[batch.tenant];
    const auto stored_before = summary.stored;
    for (std::size_t i = 0; i < batch.records.size(); ++i) {
      const auto& id = batch.records[i].id;
      if (!id.empty() && !ids.insert(id).second) {
        ++summary.duplicates;
        continue;
      }
      TRY_DO(append_row(records.get(), batch, i));
      std::string{}.swap(batch.records[i].bytes); // DuckDB has it now.
      ++summary.stored;
    }
    const bool noted =
        summary.stored == stored_before ||
        (append_text(contents.get(), batch.tenant) && append_text(contents.get(), batch.content) &&
         duckdb_appender_end_row(contents.get()) == DuckDBSuccess);
    if (!noted) {
      return appender_error(contents.get());
    }
  }
  TRY_DO(close_appender(records));
  TRY_DO(close_appender(contents));
  return summary;
}

/// Looks first, because a DELETE reads the whole table and a content seldom comes twice.
auto Writer::remove_earlier(duckdb_connection connection, const std::string& tenant) -> Result<> {
  std::unordered_set<std::string_view> contents;
  for (const auto& batch : waiting_) {
    if (batch.tenant == tenant) {
      contents.insert(batch.content);
    }
  }
  TRY(const auto earlier,
      query_texts_among(connection,
                        "SELECT content FROM contents WHERE tenant = $1",
                        parameters(text_value(tenant)),
                        contents));
  if (earlier.empty()) {
    return {};
  }
  for (const auto* table : {"records", "contents"}) {
    TRY_DO(query_texts(connection,
                       fmt::format("DELETE FROM {} WHERE tenant = $1 AND content IN "
                                   "(SELECT unnest($2::VARCHAR[])) RETURNING content",
                                   table),
                       parameters(text_value(tenant), list_value(earlier))));
  }
  return {};
}

/// A record that comes again has the creation time it had, so the rows of other times, in a large
/// store nearly all, need not be read.
auto Writer::stored_ids(duckdb_connection connection, const std::string& tenant)
    -> Result<std::unordered_set<std::string>> {
  SoughtIds timed;
  SoughtIds untimed{{}, "IS NULL"};
  DateTime earliest{Ticks::max()};
  DateTime latest{Ticks::min()};
  for (const auto& batch : waiting_) {
    for (const auto& record : batch.records) {
      if (batch.tenant != tenant || record.id.empty()) {
        continue;
      }
      if (!record.created) {
        untimed.ids.insert(record.id);
        continue;
      }
      timed.ids.insert(record.id);
      earliest = std::min(earliest, *record.created);
      latest = std::max(latest, *record.created);
    }
  }
  timed.creation_time = fmt::format(
      "BETWEEN {} AND {}", earliest.since_year_one.count(), latest.since_year_one.count());
  std::unordered_set<std::string> found;
  for (const auto& sought : {timed, untimed}) {
    if (sought.ids.empty()) {
      continue;
    }
    TRY(const auto stored,
        query_texts_among(connection,
                          fmt::format("SELECT \"{}\" FROM records WHERE tenant = $1 AND \"{}\" {}",
                                      stored_name(stored_columns()[id_place_]),
                                      stored_name(stored_columns()[creation_time_place_]),
                                      sought.creation_time),
                          parameters(text_value(tenant)),
                          sought.ids));
    found.insert(stored.begin(), stored.end());
  }
  return found;
}

auto Writer::learn_what_is_packed(duckdb_connection connection) -> Result<> {
  if (packed_) {
    return {};
  }
  TRY(const auto names,
      query_texts(connection,
                  "SELECT column_name FROM information_schema.columns WHERE table_name = 'records' "
                  "AND data_type = 'BLOB'",
                  {}));
  const auto is_there = [&](const std::string& name) {
    return std::ranges::find(names, name) != names.end();
  };
  packed_ = PackedColumns{is_there("record"), {}};
  for (const auto column : stored_columns()) {
    packed_->stored.push_back(is_there(stored_name(column)));
  }
  return {};
}

auto Writer::append_row(duckdb_appender appender, const Waiting& batch, std::size_t ordinal)
    -> Result<> {
  const auto& record = batch.records[ordinal].bytes;
  const auto append = [&](const kql::Value& value, bool packed) {
    return packed ? append_packed(appender, packer_, value) : append_value(appender, value);
  };
  bool taken =
      append_text(appender, batch.tenant) && append_text(appender, batch.content) &&
      duckdb_append_int64(appender, static_cast<std::int64_t>(ordinal)) == DuckDBSuccess &&
      duckdb_append_int64(appender, batch.ingested.since_year_one.count()) == DuckDBSuccess &&
      append(kql::Value::borrowed_string(record), packed_->record);
  std::size_t column = 0;
  for (const auto& value : decoder_.decode(record)) {
    taken = taken && append(value, packed_->stored[column++]);
  }
  if (!taken || duckdb_appender_end_row(appender) != DuckDBSuccess) {
    return appender_error(appender);
  }
  return {};
}

} // namespace sluice::store
