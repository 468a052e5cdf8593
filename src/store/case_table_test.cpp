// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <unistd.h>

#include "store/collected_rows.hpp"
#include "store/database.hpp"
#include "store/store.hpp"

namespace sluice::store {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const DateTime noon = *parse_iso8601("2026-07-01T12:00:00Z");

class CaseTableTest : public testing::Test {
protected:
  ~CaseTableTest() override { fs::remove_all(directory_); }

  auto open(bool read_only = false) const -> Store {
    auto opened = Store::open(directory_, {.read_only = read_only});
    EXPECT_TRUE(opened) << opened.error().message();
    return std::move(opened->store);
  }

  auto ask(const Store& store, const std::string& query) -> std::vector<std::string> {
    const auto plan = store.compile(query, noon);
    EXPECT_TRUE(plan) << query;
    CollectedRows sink;
    const auto run = store.run(*plan, sink, {}, clock_);
    EXPECT_TRUE(run) << run.error().message();
    return sink.rows;
  }

  static auto put(Store& store, const std::vector<StoredCase>& cases, std::string_view epoch = "e")
      -> Result<> {
    return store.put_cases({.epoch = epoch, .cases = cases});
  }

  fs::path directory_ = fs::temp_directory_path() / ("case_table_test_" + std::to_string(getpid()));
  SystemClock clock_;
};

TEST_F(CaseTableTest, columns_have_the_types_that_they_say) {
  auto store = open();
  ASSERT_TRUE(
      put(store,
          {{"case-a",
            1,
            noon,
            R"({"Outcome":"Finished","Processed":true,"SecondsToAlert":90,"PendingActions":2,)"
            R"("AlertedTime":"2026-07-01T11:00:00Z","Links":["ail"],"Unknown":1})"}}));
  EXPECT_THAT(
      ask(store,
          "Cases | project CaseId, Version, EmittedTime, Outcome, Processed, "
          "SecondsToAlert, PendingActions, AlertedTime, Links"),
      ElementsAre(R"("case-a"|int(1)|datetime(2026-07-01T12:00:00.0000000Z)|"Finished"|true|)"
                  R"(90|int(2)|datetime(2026-07-01T11:00:00.0000000Z)|dynamic(["ail"]))"));
}

TEST_F(CaseTableTest, what_a_row_lacks_is_null_or_empty) {
  auto store = open();
  ASSERT_TRUE(put(store, {{"case-a", 1, noon, R"({"Subject":null,"RunningSeconds":"many"})"}}));
  EXPECT_THAT(ask(store,
                  "Cases | project isempty(Subject), isnull(RunningSeconds), isnull(Processed), "
                  "isnull(Links)"),
              ElementsAre("true|true|true|true"));
}

TEST_F(CaseTableTest, the_view_has_the_highest_version_of_each_case) {
  auto store = open();
  ASSERT_TRUE(put(store,
                  {{"case-a", 1, noon, R"({"Outcome":"AwaitingAction"})"},
                   {"case-b", 1, noon, R"({"Outcome":"Aborted"})"},
                   {"case-a", 10, noon, R"({"Outcome":"Finished"})"},
                   {"case-a", 9, noon, R"({"Outcome":"InProgress"})"}}));
  EXPECT_THAT(ask(store, "LatestCases() | project CaseId, Version, Outcome | sort by CaseId asc"),
              ElementsAre(R"("case-a"|int(10)|"Finished")", R"("case-b"|int(1)|"Aborted")"));
  EXPECT_THAT(ask(store, "Cases | count"), ElementsAre("4"));
  EXPECT_THAT(ask(store, "LatestCases() | where Outcome == \"Finished\" | count"),
              ElementsAre("1"));
}

TEST_F(CaseTableTest, a_version_that_comes_again_changes_nothing) {
  auto store = open();
  const std::vector<StoredCase> cases{{"case-a", 1, noon, R"({"Outcome":"Finished"})"},
                                      {"case-a", 2, noon, R"({"Outcome":"Finished"})"}};
  ASSERT_TRUE(put(store, cases));
  ASSERT_TRUE(put(store, cases));
  EXPECT_THAT(ask(store, "Cases | count"), ElementsAre("2"));
}

TEST_F(CaseTableTest, another_epoch_makes_the_earlier_one_void) {
  auto store = open();
  ASSERT_TRUE(put(store, {{"case-a", 7, noon, "{}"}, {"case-b", 1, noon, "{}"}}));
  ASSERT_TRUE(put(store, {{"case-a", 1, noon, "{}"}}, "f"));
  EXPECT_THAT(ask(store, "Cases | project CaseId, Version"), ElementsAre(R"("case-a"|int(1))"));
}

TEST_F(CaseTableTest, what_was_put_is_there_after_opening_again) {
  {
    auto store = open();
    ASSERT_TRUE(put(store, {{"case-a", 1, noon, "{}"}}));
  }
  const auto store = open(true);
  EXPECT_THAT(ask(store, "Cases | count"), ElementsAre("1"));
}

TEST_F(CaseTableTest, a_column_of_a_later_release_is_added) {
  {
    auto store = open();
    ASSERT_TRUE(put(store, {{"case-a", 1, noon, R"({"Outcome":"Finished","Subject":"invoice"})"}}));
  }
  {
    const auto earlier = open_database(directory_ / "store.duckdb", {});
    ASSERT_TRUE(earlier);
    ASSERT_TRUE(execute(earlier->connection.get(),
                        "DROP INDEX unmerged_cases; ALTER TABLE cases DROP COLUMN f_Subject"));
  }
  auto store = open();
  ASSERT_TRUE(put(store, {{"case-b", 1, noon, R"({"Outcome":"Finished","Subject":"payroll"})"}}));
  EXPECT_THAT(ask(store, "Cases | project CaseId, Subject | sort by CaseId asc"),
              ElementsAre(R"("case-a"|"")", R"("case-b"|"payroll")"));
}

TEST_F(CaseTableTest, room_of_cases_that_went_is_used_again) {
  std::vector<std::string> ids;
  for (int i = 0; i < 2000; ++i) {
    ids.push_back("case-" + std::to_string(i * 7919));
  }
  const auto bytes_after = [&](int epochs, const std::string& name) {
    for (int i = 0; i < epochs; ++i) {
      auto store = open();
      std::vector<StoredCase> cases;
      for (const auto& id : ids) {
        cases.push_back({id, 1, noon, R"({"Outcome":"Finished","Subject":"invoice"})"});
      }
      EXPECT_TRUE(put(store, cases, name + std::to_string(i)));
    }
    return fs::file_size(directory_ / "store.duckdb");
  };
  const auto once = bytes_after(1, "a");
  EXPECT_LT(bytes_after(12, "b"), once * 5);
}

TEST_F(CaseTableTest, a_batch_with_a_row_that_is_no_object_is_refused_whole) {
  auto store = open();
  const auto refused = put(store, {{"case-a", 1, noon, "{}"}, {"case-b", 1, noon, "[]"}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), ErrorKind::invalid_input);
  EXPECT_THAT(ask(store, "Cases"), IsEmpty());
}

TEST_F(CaseTableTest, a_view_that_does_not_exist_is_a_mistake_in_the_query) {
  const auto store = open();
  const auto plan = store.compile("LatestCase()", noon);
  ASSERT_FALSE(plan);
  EXPECT_THAT(kql::render(plan.error(), "LatestCase()", "query"),
              HasSubstr("no function `LatestCase`"));
}

} // namespace
} // namespace sluice::store
