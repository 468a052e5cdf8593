// SPDX-License-Identifier: Apache-2.0
// How long hunting queries take in the store, against SQL that a person wrote for the same file of
// DuckDB, and how long a query takes to become a plan. Answers must be the same.
//
//   kql_bench [ROWS [QUERY_FILE]]      the file holds the query whose translation is timed
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <duckdb.h>
#include <fmt/format.h>

#include "base/check.hpp"
#include "base/file.hpp"
#include "kql/compile.hpp"
#include "kql/conversion.hpp"
#include "store/store.hpp"

namespace {

using namespace sluice;
namespace fs = std::filesystem;

constexpr int rounds = 3;
constexpr std::size_t threads = 2;
constexpr double target_ratio = 1.3;
constexpr double target_translation_ms = 2;

struct Pair {
  std::string_view name;
  std::string_view kql;
  std::string_view sql;
};

constexpr auto pairs = std::to_array<Pair>({
    {"count of one operation",
     "AuditRecords | where Operation == 'Send' | count",
     "SELECT count(*) FROM records WHERE f_operation = 'Send'"},
    {"operations since a time",
     "AuditRecords | where CreationTime > startofday(datetime(2026-03-02 08:00)) | summarize "
     "count() by Operation",
     "SELECT f_operation, count(*) FROM records WHERE f_creationtime > 639080064000000000 GROUP BY "
     "1"},
    {"two values of a record type",
     "AuditRecords | where RecordType in (2, 28) | count",
     "SELECT count(*) FROM records WHERE f_recordtype IN (2, 28)"},
    {"users of an operation",
     "AuditRecords | where Operation == 'New-InboxRule' | distinct UserId",
     "SELECT DISTINCT f_userid FROM records WHERE f_operation = 'New-InboxRule'"},
    {"a word in a text",
     "AuditRecords | where UserId has 'user7' | count",
     "SELECT count(*) FROM records WHERE regexp_matches(f_userid, "
     "'(?i)(^|[^a-z0-9])user7([^a-z0-9]|$)')"},
    {"a part of a text",
     "AuditRecords | where ClientIP startswith '192.0.2.1' | summarize count() by ClientIP",
     "SELECT f_clientip, count(*) FROM records WHERE starts_with(f_clientip, '192.0.2.1') GROUP BY "
     "1"},
    {"a count for each hour",
     "AuditRecords | summarize count() by hour = tolong((bin(CreationTime, 1h) - "
     "datetime(2026-03-01)) / 1h)",
     "SELECT (f_creationtime - 639079200000000000 + 36000000000 * 1000000) // 36000000000 - "
     "1000000, count(*) FROM records GROUP BY 1"},
    {"different addresses of users",
     "AuditRecords | summarize n = count_distinct(ClientIP) by UserId | sort by n desc, UserId "
     "asc | take 10 | project n",
     "SELECT n FROM (SELECT f_userid AS u, count(DISTINCT f_clientip) AS n FROM records GROUP BY "
     "1) ORDER BY n DESC, u LIMIT 10"},
    {"the last record of each user",
     "AuditRecords | summarize arg_max(CreationTime, Operation) by UserId | summarize count() by "
     "Operation | summarize sum(count_)",
     "SELECT sum(n)::BIGINT FROM (SELECT arg_max(f_operation, f_creationtime) AS o, 1 AS n FROM "
     "records GROUP BY f_userid)"},
    {"users who did one thing and another",
     "AuditRecords | where Operation == 'UserLoggedIn' | distinct UserId | join kind=inner "
     "(AuditRecords | where Operation == 'New-InboxRule' | distinct UserId) on UserId | count",
     "SELECT count(*) FROM (SELECT DISTINCT f_userid FROM records WHERE f_operation = "
     "'UserLoggedIn') SEMI JOIN (SELECT DISTINCT f_userid FROM records WHERE f_operation = "
     "'New-InboxRule') USING (f_userid)"},
});

auto milliseconds(const std::function<void()>& work) -> double {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
      .count();
}

auto best(const std::function<void()>& work) -> double {
  auto least = milliseconds(work);
  for (int round = 1; round < rounds; ++round) {
    least = std::min(least, milliseconds(work));
  }
  return least;
}

void fill(const fs::path& directory, std::size_t rows) {
  constexpr auto operations = std::to_array<std::string_view>(
      {"Send", "MailItemsAccessed", "UserLoggedIn", "FileDownloaded", "New-InboxRule"});
  constexpr std::size_t batch_rows = 2000;
  auto opened = store::Store::open(directory, {.threads = threads});
  CHECK(opened.has_value());
  std::mt19937_64 random{11};
  for (std::size_t row = 0; row < rows;) {
    std::vector<std::string> records;
    for (; row < rows && records.size() < batch_rows; ++row) {
      records.push_back(fmt::format(
          R"({{"Id":"{:032x}","CreationTime":"2026-03-0{}T{:02}:{:02}:00","Operation":"{}",)"
          R"("RecordType":{},"UserId":"user{}@contoso.example","ClientIP":"192.0.2.{}"}})",
          row,
          1 + random() % 3,
          random() % 24,
          random() % 60,
          operations[std::min<std::size_t>(random() % 40, operations.size() - 1)],
          random() % 60,
          random() % 5000,
          random() % 256));
    }
    const std::vector<std::string_view> views{records.begin(), records.end()};
    CHECK(opened->store.append({"contoso", fmt::format("content{}", row), views, {}}).has_value());
  }
  CHECK(opened->store.flush().has_value());
}

using Answer = std::vector<std::string>;

class KeptAnswer final : public store::RowSink {
public:
  auto begin(const kql::Schema&) -> Result<> override { return {}; }
  auto row(std::span<const kql::Value> values) -> Result<> override {
    std::string text;
    for (const auto& value : values) {
      text += kql::to_text(value) + "|";
    }
    rows.push_back(std::move(text));
    return {};
  }
  Answer rows;
};

auto ask_store(const store::Store& store, std::string_view query) -> Answer {
  const auto plan = store.compile(query, DateTime{});
  CHECK(plan.has_value());
  KeptAnswer sink;
  SystemClock clock;
  CHECK(store.run(*plan, sink, {}, clock).has_value());
  std::ranges::sort(sink.rows);
  return std::move(sink.rows);
}

auto ask_duckdb(duckdb_connection connection, std::string_view query) -> Answer {
  duckdb_result result;
  CHECK(duckdb_query(connection, std::string{query}.c_str(), &result) == DuckDBSuccess);
  Answer rows;
  for (idx_t row = 0; row < duckdb_row_count(&result); ++row) {
    std::string text;
    for (idx_t column = 0; column < duckdb_column_count(&result); ++column) {
      char* cell = duckdb_value_varchar(&result, column, row);
      text += std::string{cell == nullptr ? "" : cell} + "|";
      duckdb_free(cell);
    }
    rows.push_back(std::move(text));
  }
  duckdb_destroy_result(&result);
  std::ranges::sort(rows);
  return rows;
}

struct Timed {
  double ms = 0;
  Answer answer;
};

auto time_store(const fs::path& directory) -> std::vector<Timed> {
  const auto opened = store::Store::open(directory, {.threads = threads, .read_only = true});
  CHECK(opened.has_value());
  std::vector<Timed> all;
  for (const auto& pair : pairs) {
    Timed timed;
    timed.ms = best([&] { timed.answer = ask_store(opened->store, pair.kql); });
    all.push_back(std::move(timed));
  }
  return all;
}

auto time_duckdb(const fs::path& directory) -> std::vector<Timed> {
  duckdb_config config = nullptr;
  duckdb_database database = nullptr;
  duckdb_connection connection = nullptr;
  CHECK(duckdb_create_config(&config) == DuckDBSuccess);
  duckdb_set_config(config, "access_mode", "READ_ONLY");
  duckdb_set_config(config, "threads", std::to_string(threads).c_str());
  const auto file = (directory / "store.duckdb").string();
  CHECK(duckdb_open_ext(file.c_str(), &database, config, nullptr) == DuckDBSuccess);
  CHECK(duckdb_connect(database, &connection) == DuckDBSuccess);
  std::vector<Timed> all;
  for (const auto& pair : pairs) {
    Timed timed;
    timed.ms = best([&] { timed.answer = ask_duckdb(connection, pair.sql); });
    all.push_back(std::move(timed));
  }
  duckdb_disconnect(&connection);
  duckdb_close(&database);
  duckdb_destroy_config(&config);
  return all;
}

void print_pairs(const std::vector<Timed>& ours, const std::vector<Timed>& theirs) {
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto ratio = ours[i].ms / theirs[i].ms;
    std::cout << fmt::format("{:<38} KQL {:9.1f} ms  SQL {:9.1f} ms  {:6.2f} times  target at most "
                             "{}: {}{}\n",
                             pairs[i].name,
                             ours[i].ms,
                             theirs[i].ms,
                             ratio,
                             target_ratio,
                             ratio <= target_ratio ? "met" : "NOT met",
                             ours[i].answer == theirs[i].answer ? "" : "; ANSWERS DIFFER");
  }
}

void print_translation(const std::string& query) {
  const auto store = store::Store::open_empty({});
  CHECK(store.has_value());
  const auto time =
      best([&] { static_cast<void>(kql::compile_query(query, kql::EmptyCatalog{}, {})); });
  std::cout << fmt::format("translation of {} bytes {:.2f} ms, target at most {}: {}\n",
                           query.size(),
                           time,
                           target_translation_ms,
                           time <= target_translation_ms ? "met" : "NOT met");
}

/// A query as long as the longest that people write.
auto long_query() -> std::string {
  std::string query = "datatable(a: string, n: long)['x', 1]";
  for (int i = 0; i < 200; ++i) {
    query += fmt::format("\n| extend c{0} = iff(a has_any ('word{0}', 'other{0}') and n > {0}, "
                         "strcat(a, '{0}'), tostring(bin(n, {0} + 1)))",
                         i);
  }
  return query + "\n| summarize count() by a";
}

} // namespace

auto main(int argc, char** argv) -> int {
  const std::size_t rows = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  auto directory = (fs::temp_directory_path() / "kql_bench_XXXXXX").string();
  CHECK(mkdtemp(directory.data()) != nullptr);
  const auto filling = milliseconds([&] { fill(directory, rows); });
  std::cout << fmt::format("{} rows, stored in {:.1f} s\n", rows, filling / 1000);
  const auto ours = time_store(directory);
  print_pairs(ours, time_duckdb(directory));
  fs::remove_all(directory);
  const auto query = argc > 2 ? read_file(argv[2], 1024 * 1024) : long_query();
  CHECK(query.has_value());
  print_translation(*query);
  return 0;
}
