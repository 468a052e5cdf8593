// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record/columns.hpp"
#include "store/collected_rows.hpp"
#include "store/database.hpp"
#include "store/store.hpp"

namespace sluice::store {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class StoreTest : public testing::Test {
protected:
  StoreTest()
      : directory_{fs::temp_directory_path() /
                   ("store_test_" + std::to_string(getpid()) + "_" +
                    testing::UnitTest::GetInstance()->current_test_info()->name())} {
    fs::remove_all(directory_);
  }
  ~StoreTest() override { fs::remove_all(directory_); }

  auto open(bool read_only = false) const -> Store {
    auto opened = Store::open(directory_, {.read_only = read_only});
    EXPECT_TRUE(opened) << opened.error().message();
    return std::move(opened->store);
  }

  static auto append(Store& store,
                     std::string_view content,
                     const std::vector<std::string_view>& records,
                     std::string_view tenant = "contoso") -> Result<> {
    return store.append({.tenant = tenant,
                         .content = content,
                         .records = records,
                         .ingested = {Ticks{DateTime::unix_epoch_ticks}}});
  }

  auto rows(const Store& store, const std::vector<std::string_view>& columns)
      -> std::vector<std::string> {
    CollectedRows sink;
    const auto plan = project_plan(columns);
    const auto run = store.run(plan, sink, {}, clock_);
    EXPECT_TRUE(run) << run.error().message();
    return sink.rows;
  }

  fs::path directory_;
  SystemClock clock_;
};

TEST_F(StoreTest, gives_back_what_was_appended) {
  auto store = open();
  ASSERT_TRUE(append(store, "a", {R"({"Id":"1","RecordType":40,"Name":"x","Zzz":1})"}));
  ASSERT_TRUE(store.flush());
  EXPECT_THAT(rows(store, {"Id", "RecordType", "Name", "AdditionalFields", "RawRecord"}),
              ElementsAre(R"("1"|int(40)|"x"|dynamic({"Zzz":1})|)"
                          R"("{\"Id\":\"1\",\"RecordType\":40,\"Name\":\"x\",\"Zzz\":1}")"));
}

TEST_F(StoreTest, keeps_columns_apart_that_differ_in_case_alone) {
  auto store = open();
  ASSERT_TRUE(append(store, "a", {R"({"SenderIp":"198.51.100.1","SenderIP":"198.51.100.2"})"}));
  ASSERT_TRUE(store.flush());
  EXPECT_THAT(rows(store, {"SenderIP", "SenderIp"}),
              ElementsAre(R"("198.51.100.2"|"198.51.100.1")"));
}

TEST_F(StoreTest, remembers_the_ingestion_time) {
  auto store = open();
  ASSERT_TRUE(append(store, "a", {R"({"Id":"1"})"}));
  ASSERT_TRUE(store.flush());
  EXPECT_THAT(rows(store, {ingestion_time_name}),
              ElementsAre("datetime(1970-01-01T00:00:00.0000000Z)"));
}

TEST_F(StoreTest, takes_a_repeated_batch_once) {
  auto store = open();
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(append(store, "a", {R"({"Id":"1"})", R"({"Operation":"no id"})"}));
    ASSERT_TRUE(append(store, "a", {R"({"Id":"1"})", R"({"Operation":"no id"})"}));
    ASSERT_TRUE(store.flush());
  }
  EXPECT_THAT(rows(store, {"Id", "Operation"}), UnorderedElementsAre(R"("1"|"")", R"(""|"no id")"));
}

TEST_F(StoreTest, a_content_brought_again_takes_the_place_of_its_rows) {
  auto store = open();
  ASSERT_TRUE(append(store, "a", {R"({"Id":"1"})", R"({"Id":"2"})"}));
  ASSERT_TRUE(append(store, "b", {R"({"Id":"3"})"}));
  ASSERT_TRUE(store.flush());
  ASSERT_TRUE(append(store, "a", {R"({"Id":"2"})"}));
  ASSERT_TRUE(store.flush());
  EXPECT_THAT(rows(store, {"Id"}), UnorderedElementsAre("\"2\"", "\"3\""));
}

TEST_F(StoreTest, a_record_of_two_contents_is_stored_once_in_a_tenant) {
  auto store = open();
  ASSERT_TRUE(append(store, "a", {R"({"Id":"1","Operation":"first"})"}));
  ASSERT_TRUE(store.flush());
  ASSERT_TRUE(append(store, "b", {R"({"Id":"1","Operation":"second"})", R"({"Id":"2"})"}));
  ASSERT_TRUE(append(store, "c", {R"({"Id":"2"})"}));
  ASSERT_TRUE(append(store, "a", {R"({"Id":"1","Operation":"other tenant"})"}, "example"));
  const auto flushed = store.flush();
  ASSERT_TRUE(flushed);
  EXPECT_EQ(flushed->batches, 3U);
  EXPECT_EQ(flushed->stored, 2U);
  EXPECT_EQ(flushed->duplicates, 2U);
  EXPECT_THAT(rows(store, {"Id", "Operation"}),
              UnorderedElementsAre(R"("1"|"first")", R"("2"|"")", R"("1"|"other tenant")"));
}

TEST_F(StoreTest, a_record_is_known_again_by_its_id_and_creation_time) {
  constexpr auto* first = R"({"Id":"1","CreationTime":"2026-01-02T03:04:05"})";
  constexpr auto* later = R"({"Id":"2","CreationTime":"2026-03-04T05:06:07"})";
  constexpr auto* timeless = R"({"Id":"3"})";
  auto store = open();
  ASSERT_TRUE(append(store, "a", {first, later, timeless}));
  ASSERT_TRUE(store.flush());
  for (const auto* record : {first, later, timeless}) {
    ASSERT_TRUE(append(store, fmt::format("again {}", record), {record}));
    const auto flushed = store.flush();
    ASSERT_TRUE(flushed);
    EXPECT_EQ(flushed->duplicates, 1U) << record;
  }
  EXPECT_THAT(rows(store, {"Id"}), UnorderedElementsAre("\"1\"", "\"2\"", "\"3\""));
}

TEST_F(StoreTest, what_was_flushed_is_there_after_reopening_and_the_rest_is_not) {
  std::string id;
  {
    auto store = open();
    id = store.id();
    ASSERT_TRUE(append(store, "a", {R"({"Id":"1"})"}));
    ASSERT_TRUE(store.flush());
    ASSERT_TRUE(append(store, "b", {R"({"Id":"2"})"}));
  }
  const auto store = open(true);
  EXPECT_EQ(store.id(), id);
  EXPECT_THAT(rows(store, {"Id"}), ElementsAre("\"1\""));
}

TEST_F(StoreTest, what_was_flushed_survives_a_kill) {
  const auto child = fork();
  if (child == 0) {
    auto store = open();
    static_cast<void>(append(store, "a", {R"({"Id":"1"})"}));
    static_cast<void>(store.flush());
    raise(SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_THAT(rows(open(true), {"Id"}), ElementsAre("\"1\""));
  EXPECT_THAT(rows(open(), {"Id"}), ElementsAre("\"1\""));
}

TEST_F(StoreTest, a_new_store_has_another_id) {
  const auto first = open().id();
  fs::remove_all(directory_);
  EXPECT_NE(open().id(), first);
  EXPECT_EQ(first.size(), 36U);
}

TEST_F(StoreTest, is_readable_by_its_owner_alone) {
  open();
  struct stat facts{};
  ASSERT_EQ(stat(directory_.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0700U);
}

TEST_F(StoreTest, sets_a_damaged_store_aside_and_says_so) {
  const auto old = open().id();
  std::ofstream{directory_ / "store.duckdb", std::ios::binary} << std::string(20000, 'x');
  auto opened = Store::open(directory_, {});
  ASSERT_TRUE(opened) << opened.error().message();
  ASSERT_TRUE(opened->quarantined);
  EXPECT_TRUE(fs::exists(*opened->quarantined / "store.duckdb"));
  EXPECT_FALSE(opened->reason.empty());
  EXPECT_NE(opened->store.id(), old);
}

TEST_F(StoreTest, sets_a_store_with_a_damaged_log_aside) {
  open();
  std::ofstream{directory_ / "store.duckdb.wal", std::ios::binary} << std::string(20000, 'x');
  auto opened = Store::open(directory_, {});
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_EQ(opened->store.id().size(), 36U);
}

TEST_F(StoreTest, a_store_that_another_process_writes_is_unavailable) {
  const auto store = open();
  const auto child = fork();
  if (child == 0) {
    const auto second = Store::open(directory_, {.read_only = true});
    _exit(!second && second.error().kind() == ErrorKind::unavailable ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(StoreTest, reading_a_store_that_is_not_there_is_an_error) {
  const auto opened = Store::open(directory_, {.read_only = true});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind(), ErrorKind::storage);
}

TEST_F(StoreTest, a_store_opened_for_reading_takes_nothing) {
  open();
  auto store = open(true);
  ASSERT_TRUE(append(store, "a", {R"({"Id":"1"})"}));
  const auto flushed = store.flush();
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error().kind(), ErrorKind::invalid_input);
}

TEST_F(StoreTest, delivers_no_more_rows_than_asked_for) {
  auto store = open();
  ASSERT_TRUE(append(store, "a", {R"({"Id":"1"})", R"({"Id":"2"})"}));
  ASSERT_TRUE(store.flush());
  CollectedRows sink;
  const auto plan = project_plan({"Id"});
  const auto run = store.run(plan, sink, {.max_rows = 1}, clock_);
  ASSERT_TRUE(run);
  EXPECT_TRUE(run->truncated);
  EXPECT_EQ(sink.rows.size(), 1U);
}

TEST_F(StoreTest, a_query_whose_time_is_up_says_so) {
  auto store = open();
  CollectedRows sink;
  ManualClock clock{{}}; // Its waits are over at once.
  const auto plan = project_plan({"Id"});
  std::stop_source stop;
  stop.request_stop();
  const auto run = store.run(plan, sink, {.stop = stop.get_token()}, clock);
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().kind(), ErrorKind::cancelled);
}

TEST_F(StoreTest, large_batches_flush_by_themselves) {
  auto store = open();
  std::vector<std::string> records;
  for (int i = 0; i < 6000; ++i) {
    records.push_back(R"({"Id":")" + std::to_string(i) + R"(","Data":")" + std::string(1000, 'd') +
                      R"("})");
  }
  const std::vector<std::string_view> views{records.begin(), records.end()};
  ASSERT_TRUE(append(store, "a", views));
  EXPECT_EQ(rows(store, {"Id"}).size(), 6000U);
}

TEST_F(StoreTest, takes_a_record_that_does_not_fit_the_usual_memory) {
  auto store = open();
  const std::string long_text(std::size_t{24} << 20, 'x');
  const auto appended = append(store, "a", {R"({"Id":"1","Name":")" + long_text + R"("})"});
  ASSERT_TRUE(appended) << appended.error().message();
  ASSERT_TRUE(store.flush());
  ASSERT_TRUE(append(store, "b", {R"({"Id":"2"})"}));
  const auto flushed = store.flush();
  ASSERT_TRUE(flushed) << flushed.error().message();
  EXPECT_THAT(rows(store, {"Id"}), UnorderedElementsAre("\"1\"", "\"2\""));
}

TEST_F(StoreTest, room_of_replaced_rows_is_used_again) {
  std::vector<std::string> records;
  for (int i = 0; i < 400; ++i) {
    records.push_back(fmt::format(
        R"({{"Id":"{}","Name":"{}"}})", i, std::string(5'000, static_cast<char>('a' + i % 26))));
  }
  const auto bytes_after = [&](int replays) {
    for (int i = 0; i < replays; ++i) {
      auto store = open();
      EXPECT_TRUE(append(store, "a", {records.begin(), records.end()}));
      EXPECT_TRUE(store.flush());
    }
    return fs::file_size(directory_ / "store.duckdb");
  };
  const auto once = bytes_after(1);
  EXPECT_LT(bytes_after(12), once * 5);
}

TEST_F(StoreTest, records_lie_compressed) {
  std::vector<std::string> records;
  std::size_t bytes = 0;
  for (int i = 0; i < 3000; ++i) {
    auto record =
        fmt::format(R"({{"Id":"{}","Name":"user{}@contoso.example","Data":"{{)", i, i % 89);
    for (int k = 0; k < 40; ++k) {
      record += fmt::format(R"(\"Member{}\":\"value {}\",)", k, (i * 7919 + k * 104729) % 9973);
    }
    bytes += records.emplace_back(record + R"(\"End\":0}"})").size();
  }
  {
    auto store = open();
    ASSERT_TRUE(append(store, "a", {records.begin(), records.end()}));
    ASSERT_TRUE(store.flush());
    EXPECT_EQ(rows(store, {"Id"}).size(), records.size());
  }
  EXPECT_LT(fs::file_size(directory_ / "store.duckdb"), bytes / 2);
}

TEST_F(StoreTest, columns_of_alerts_and_investigations_lie_on_disk_and_others_in_the_record) {
  const auto columns = record::wide_table_columns();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    EXPECT_EQ(is_stored(i), columns[i].group <= record::ColumnGroup::investigation)
        << columns[i].name;
  }
}

TEST_F(StoreTest, a_column_of_a_later_release_is_added_and_filled_from_the_records) {
  {
    auto store = open();
    ASSERT_TRUE(append(store, "a", {R"({"Id":"1","Severity":"High"})", R"({"Id":"2"})"}));
    ASSERT_TRUE(store.flush());
  }
  {
    const auto earlier = open_database(directory_ / "store.duckdb", {});
    ASSERT_TRUE(earlier);
    const auto index = *record::column_index("Severity");
    ASSERT_TRUE(execute(earlier->connection.get(),
                        fmt::format("DROP INDEX unmerged; ALTER TABLE records DROP COLUMN \"{}\"",
                                    stored_name(index))));
  }
  auto store = open();
  ASSERT_TRUE(append(store, "b", {R"({"Id":"3","Severity":"Low"})"}));
  ASSERT_TRUE(store.flush());
  EXPECT_THAT(rows(store, {"Id", "Severity"}),
              UnorderedElementsAre(R"("1"|"High")", R"("2"|"")", R"("3"|"Low")"));
}

TEST_F(StoreTest, records_that_an_earlier_release_kept_as_they_are_stay_readable) {
  open();
  {
    const auto earlier = open_database(directory_ / "store.duckdb", {});
    ASSERT_TRUE(earlier);
    std::string sql = "DROP INDEX unmerged;";
    for (const auto* column : {"record", "f_data", "f_actions"}) {
      sql += fmt::format("ALTER TABLE records DROP COLUMN {0};"
                         "ALTER TABLE records ADD COLUMN {0} VARCHAR;",
                         column);
    }
    ASSERT_TRUE(execute(earlier->connection.get(),
                        sql + R"(INSERT INTO records (tenant, content, ordinal, ingested, record,
                                                      f_id, f_data, f_actions)
                                 VALUES ('contoso', 'a', 0, 0, '{"Id":"1","Data":"d","Zzz":1}',
                                         '1', 'd', NULL))"));
  }
  auto store = open();
  ASSERT_TRUE(append(store, "b", {R"({"Id":"2","Data":"e","Actions":["f"]})"}));
  ASSERT_TRUE(store.flush());
  EXPECT_THAT(
      rows(store, {"Id", "Data", "Actions", "AdditionalFields", "RawRecord"}),
      UnorderedElementsAre(
          R"("1"|"d"|dynamic(null)|dynamic({"Zzz":1})|"{\"Id\":\"1\",\"Data\":\"d\",\"Zzz\":1}")",
          R"("2"|"e"|dynamic(["f"])|dynamic(null)|)"
          R"("{\"Id\":\"2\",\"Data\":\"e\",\"Actions\":[\"f\"]}")"));
}

TEST_F(StoreTest, a_record_that_cannot_be_unpacked_ends_the_query) {
  {
    auto store = open();
    ASSERT_TRUE(append(store, "a", {R"({"Id":"1"})"}));
    ASSERT_TRUE(store.flush());
  }
  {
    const auto database = open_database(directory_ / "store.duckdb", {});
    ASSERT_TRUE(database);
    ASSERT_TRUE(execute(database->connection.get(), R"(UPDATE records SET record = '\x07'::BLOB)"));
  }
  const auto store = open(true);
  CollectedRows sink;
  EXPECT_TRUE(store.run(project_plan({"Id"}), sink, {}, clock_));
  const auto run = store.run(project_plan({"RawRecord"}), sink, {}, clock_);
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().kind(), ErrorKind::corrupt); // Not the query's fault.
  EXPECT_EQ(run.error().message(), "a text of the store is packed in no known way");
  EXPECT_THAT(run.error().hint(), HasSubstr("`sluice run --once` makes it anew"));
}

/// Counts rows and sees that they come in descending order.
class OrderSink final : public RowSink {
public:
  auto begin(const kql::Schema&) -> Result<> override { return {}; }
  auto row(std::span<const kql::Value> values) -> Result<> override {
    const std::string key{values[0].text()};
    EXPECT_TRUE(count == 0 || key <= last_) << key;
    EXPECT_EQ(values[1].text().size(), 3000U);
    last_ = key;
    ++count;
    return {};
  }

  std::size_t count = 0;

private:
  std::string last_;
};

TEST_F(StoreTest, sorts_more_bytes_than_it_may_hold) {
  constexpr std::size_t total = 16'000;
  {
    auto store = open();
    for (std::size_t content = 0; content < 20; ++content) {
      std::vector<std::string> records;
      for (std::size_t i = 0; i < total / 20; ++i) {
        const auto number = std::to_string((content * 7919 + i * 104'729) % 1'000'003);
        records.push_back(R"({"Id":")" + std::to_string(content) + "-" + std::to_string(i) +
                          R"(","Operation":")" + number + R"(","Data":")" + std::string(3000, 'd') +
                          R"("})");
      }
      const std::vector<std::string_view> views{records.begin(), records.end()};
      const auto taken = append(store, std::to_string(content), views);
      ASSERT_TRUE(taken) << taken.error().message();
    }
    ASSERT_TRUE(store.flush());
  }
  const auto store = Store::open(directory_, {.memory_limit_bytes = 40 << 20, .read_only = true});
  ASSERT_TRUE(store);
  const auto plan = store->store.compile(
      "AuditRecords | sort by Operation desc | project Operation, Data, AdditionalFields",
      DateTime{});
  ASSERT_TRUE(plan);
  OrderSink sink;
  const auto run = store->store.run(*plan, sink, {}, clock_);
  ASSERT_TRUE(run) << run.error().message();
  EXPECT_EQ(sink.count, total);
}

TEST_F(StoreTest, a_sort_gives_the_rows_that_a_cut_before_it_left) {
  auto store = open();
  ASSERT_TRUE(append(store,
                     "a",
                     {R"({"Id":"1","Name":"b"})",
                      R"({"Id":"2","Name":"c"})",
                      R"({"Id":"3","Name":"a"})",
                      R"({"Id":"4","Name":"d"})"}));
  ASSERT_TRUE(store.flush());
  const auto plan = store.compile("AuditRecords | where Name != 'd' | top 2 by Name asc "
                                  "| extend Twice = strcat(Name, Name) | project Twice, RawRecord "
                                  "| where Twice != 'aa'",
                                  DateTime{});
  ASSERT_TRUE(plan);
  CollectedRows sink;
  ASSERT_TRUE(store.run(*plan, sink, {}, clock_));
  EXPECT_THAT(sink.rows, ElementsAre(R"("bb"|"{\"Id\":\"1\",\"Name\":\"b\"}")"));
}

} // namespace
} // namespace sluice::store
