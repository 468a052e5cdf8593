// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "store/collected_rows.hpp"
#include "store/store.hpp"

namespace sluice::store {
namespace {

namespace fs = std::filesystem;
using kql::Type;
using kql::Value;
using testing::ElementsAre;

const kql::Schema schema{{{"a b", Type::string}, {"A B", Type::int64}, {"d", Type::decimal}}};

class NamedTableTest : public testing::Test {
protected:
  ~NamedTableTest() override { fs::remove_all(directory_); }

  auto open() const -> Store {
    auto opened = Store::open(directory_, {});
    EXPECT_TRUE(opened) << opened.error().message();
    return std::move(opened->store);
  }

  auto ask(const Store& store, const std::string& query) -> std::vector<std::string> {
    const auto plan = store.compile(query, DateTime{});
    EXPECT_TRUE(plan) << query;
    CollectedRows sink;
    const auto run = store.run(*plan, sink, {}, clock_);
    EXPECT_TRUE(run) << run.error().message();
    return sink.rows;
  }

  static auto row(std::string text, std::int64_t number) -> std::vector<Value> {
    return {Value::string(std::move(text)),
            Value::int64(number),
            Value::string("1.50").with_type(Type::decimal)};
  }

  static auto put(Store& store,
                  std::string_view table,
                  std::vector<Value> row,
                  const std::vector<std::string>& sources) -> Result<bool> {
    // What came is noted, and not taken again.
    const std::vector<std::vector<Value>> rows{std::move(row)};
    return store.append_rows({.table = table, .rows = rows, .sources = sources, .unless = sources});
  }

  const fs::path directory_ =
      fs::temp_directory_path() / ("sluice_named_" + std::to_string(::getpid()) + "_" +
                                   testing::UnitTest::GetInstance()->current_test_info()->name());
  SystemClock clock_;
};

TEST_F(NamedTableTest, keeps_its_rows_and_columns_over_a_restart) {
  {
    auto store = open();
    ASSERT_TRUE(store.put_table("my-table", schema));
    ASSERT_TRUE(put(store, "my-table", row("x", 1), {}));
    ASSERT_TRUE(store.put_table("my-table", {{{"later", Type::boolean}}}));
  }
  const auto store = open();
  EXPECT_THAT(ask(store, "['my-table'] | project ['a b'], ['A B'], isnull(later)"),
              ElementsAre("\"x\"|1|true"));
  EXPECT_THAT(store.catalog().table_names(), ElementsAre("AuditRecords", "Cases", "my-table"));
}

TEST_F(NamedTableTest, a_table_has_the_same_columns_after_the_store_was_closed) {
  static_cast<void>(open().put_table("T", {{{"a", Type::string}, {"b", Type::int64}}}));
  static_cast<void>(open().put_table("T", {{{"c", Type::string}}}));
  auto store = open();
  ASSERT_EQ(store.catalog().table("T")->columns.size(), 3U);
  EXPECT_TRUE(
      put(store, "T", {Value::string("x"), Value::int64(1), Value::string("y")}, {"first"}));
  EXPECT_THAT(ask(store, "T"), ElementsAre("\"x\"|1|\"y\""));
}

TEST_F(NamedTableTest, a_source_is_stored_once) {
  auto store = open();
  ASSERT_TRUE(store.put_table("T", schema));
  EXPECT_TRUE(*put(store, "T", row("x", 1), {"first"}));
  EXPECT_FALSE(*put(store, "T", row("x", 1), {"other", "first"}));
  EXPECT_TRUE(*put(store, "T", row("y", 2), {"other"}));
  EXPECT_THAT(ask(store, "T | count"), ElementsAre("2"));
}

TEST_F(NamedTableTest, a_dropped_table_is_gone_and_may_come_again) {
  auto store = open();
  ASSERT_TRUE(store.put_table("T", schema));
  ASSERT_TRUE(put(store, "T", row("x", 1), {"first"}));
  ASSERT_TRUE(store.drop_table("T"));
  EXPECT_FALSE(store.compile("T", DateTime{}));
  EXPECT_EQ(store.drop_table("T").error().kind(), ErrorKind::gone);
  ASSERT_TRUE(store.put_table("T", schema));
  EXPECT_TRUE(*put(store, "T", row("x", 1), {"first"}));
}

TEST_F(NamedTableTest, a_column_keeps_its_type_and_our_tables_their_columns) {
  auto store = open();
  ASSERT_TRUE(store.put_table("T", schema));
  EXPECT_FALSE(store.put_table("T", {{{"A B", Type::string}}}));
  EXPECT_TRUE(store.put_table("AuditRecords", {{{"Id", Type::string}}}));
  EXPECT_FALSE(store.put_table("AuditRecords", {{{"Mine", Type::string}}}));
}

TEST_F(NamedTableTest, notes_are_kept_by_name) {
  auto store = open();
  ASSERT_TRUE(store.remember("mapping/T/a", "1"));
  ASSERT_TRUE(store.remember("mapping/T/b", "2"));
  ASSERT_TRUE(store.remember("mapping/T/a", "3"));
  EXPECT_THAT(*store.recall("mapping/T/"),
              ElementsAre(std::pair{"mapping/T/a", "3"}, std::pair{"mapping/T/b", "2"}));
}

TEST_F(NamedTableTest, very_many_tables_can_be_united) {
  const auto store = open();
  std::string query = "union Absent";
  for (int i = 0; i < 1500; ++i) {
    query += fmt::format(", (print n = {})", i);
  }
  EXPECT_THAT(ask(store, "let Absent = datatable(n: long)[]; " + query + " | summarize sum(n)"),
              ElementsAre("1124250"));
}

} // namespace
} // namespace sluice::store
