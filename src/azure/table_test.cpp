// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include <gtest/gtest.h>

#include "azure/azurite.hpp"
#include "azure/storage_error.hpp"
#include "azure/table.hpp"
#include "azure/table_batch.hpp"

namespace sluice::azure {
namespace {

class TableTest : public testing::Test {
protected:
  TableTest() {
    EXPECT_EQ(table_.create({}), true);
    EXPECT_EQ(table_.create({}), false);
  }

  auto rows(std::string_view filter, int page_size = 1'000) -> std::vector<std::string> {
    std::vector<std::string> all;
    const auto queried = table_.query({.filter = std::string{filter}, .page_size = page_size},
                                      [&](const TableEntity& entity) -> Result<> {
                                        all.push_back(entity.row_key);
                                        return {};
                                      },
                                      {});
    EXPECT_TRUE(queried) << queried.error().message();
    return all;
  }

  Table table_ = Azurite::shared().table();
};

TEST_F(TableTest, values_of_every_type_come_back_as_they_were) {
  TableEntity entity{.partition_key = "o'hara & sons",
                     .row_key = "a b+c=1,\xC3\xA4",
                     .properties = {{"Text", std::string{"line\n\"quoted\" \xE2\x82\xAC"}},
                                    {"Empty", std::string{}},
                                    {"Yes", true},
                                    {"Small", std::int64_t{-1}},
                                    {"Large", std::numeric_limits<std::int64_t>::max()},
                                    {"Half", 0.5},
                                    {"Whole", 3.0},
                                    {"When", *parse_iso8601("2026-07-13T16:32:35.1234567Z")}}};
  entity.etag = table_.insert(entity, {}).value();
  EXPECT_FALSE(entity.etag.empty());
  const auto found = table_.find(entity.partition_key, entity.row_key, {}).value();
  EXPECT_EQ(found, entity);
  EXPECT_EQ(found.number("Small"), -1);
  EXPECT_EQ(found.text("None"), "");
}

TEST_F(TableTest, an_entity_is_inserted_once) {
  const TableEntity entity{.partition_key = "p", .row_key = "r"};
  ASSERT_TRUE(table_.insert(entity, {}));
  const auto again = table_.insert(entity, {});
  ASSERT_FALSE(again);
  EXPECT_TRUE(is_conflict(again.error())) << again.error().message();
  EXPECT_TRUE(table_.insert_or_replace(entity, {}));
}

TEST_F(TableTest, a_writer_who_read_too_early_is_refused) {
  TableEntity entity{.partition_key = "p", .row_key = "r"};
  EXPECT_EQ(table_.replace(entity, {}).error().kind(), ErrorKind::invalid_input);
  entity.etag = table_.insert(entity, {}).value();
  const auto early = entity;
  entity.properties["Owner"] = std::string{"two"};
  ASSERT_TRUE(table_.replace(entity, {}));
  const auto stale = table_.replace(early, {});
  ASSERT_FALSE(stale);
  EXPECT_TRUE(is_conflict(stale.error())) << stale.error().message();
  EXPECT_FALSE(table_.remove("p", "r", early.etag, {}));
  EXPECT_EQ(table_.find("p", "r", {})->text("Owner"), "two");
  EXPECT_TRUE(table_.remove("p", "r", "*", {}));
  EXPECT_EQ(table_.find("p", "r", {}).error().kind(), ErrorKind::gone);
}

TEST_F(TableTest, a_query_comes_in_pages_and_in_order) {
  for (const auto* row : {"c", "a", "b", "e", "d"}) {
    ASSERT_TRUE(table_.insert({.partition_key = "p", .row_key = row}, {}));
  }
  ASSERT_TRUE(table_.insert({.partition_key = "q", .row_key = "x"}, {}));
  EXPECT_EQ(rows("PartitionKey eq " + filter_literal("p"), 2),
            (std::vector<std::string>{"a", "b", "c", "d", "e"}));
  EXPECT_EQ(rows("").size(), 6U);
  EXPECT_EQ(rows("PartitionKey eq " + filter_literal("o'x")).size(), 0U);
}

TEST_F(TableTest, a_query_may_ask_for_some_properties_and_the_first_entities_alone) {
  for (const auto* row : {"a", "b", "c"}) {
    ASSERT_TRUE(table_.insert({.partition_key = "p",
                               .row_key = row,
                               .properties = {{"N", std::int64_t{1}}, {"T", std::string{"x"}}}},
                              {}));
  }
  const auto found = table_.first({.select = "RowKey,N"}, 2, {}).value();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[1].row_key, "b");
  EXPECT_EQ(found[1].number("N"), 1);
  EXPECT_EQ(found[1].properties.contains("T"), false);
  EXPECT_EQ(table_.first({}, 9, {})->size(), 3U);
}

using Kind = TableChange::Kind;

TEST_F(TableTest, a_transaction_makes_all_changes) {
  TableEntity one{.partition_key = "p", .row_key = "it's 1", .properties = {{"A", true}}};
  TableEntity two{.partition_key = "p", .row_key = "2 %|+", .properties = {{"A", true}}};
  one.etag = table_.insert(one, {}).value();
  two.etag = table_.insert(two, {}).value();
  ASSERT_TRUE(table_.insert({.partition_key = "p", .row_key = "gone"}, {}));
  one.properties = {{"B", std::string{"\xE2\x82\xAC\r\n--x"}}};
  two.properties = {{"B", std::int64_t{7}}};
  const std::vector<TableChange> changes{
      {Kind::merge, one},
      {Kind::replace, two},
      {Kind::insert, {.partition_key = "p", .row_key = "3"}},
      {Kind::insert_or_replace, {.partition_key = "p", .row_key = "4"}},
      {Kind::remove, {.partition_key = "p", .row_key = "gone", .etag = "*"}}};
  const auto etags = table_.transact(changes, {});
  ASSERT_TRUE(etags) << etags.error().message();
  ASSERT_EQ(etags->size(), changes.size());
  const auto found = table_.find("p", "it's 1", {}).value();
  EXPECT_EQ(found.etag, etags->front());
  EXPECT_EQ(found.properties.size(), 2U) << "a merge leaves the others";
  EXPECT_EQ(found.text("B"), one.text("B"));
  EXPECT_EQ(table_.find("p", "2 %|+", {})->properties.size(), 1U);
  EXPECT_EQ(rows("").size(), 4U);
}

TEST_F(TableTest, a_transaction_of_which_one_part_fails_changes_nothing) {
  const TableEntity there{.partition_key = "p", .row_key = "there"};
  ASSERT_TRUE(table_.insert(there, {}));
  const std::vector<TableChange> twice{{Kind::insert, {.partition_key = "p", .row_key = "new"}},
                                       {Kind::insert, there}};
  const auto refused = table_.transact(twice, {});
  ASSERT_FALSE(refused);
  EXPECT_TRUE(is_conflict(refused.error())) << refused.error().message();
  auto stale = there;
  stale.etag = "W/\"datetime'2020-01-01T00%3A00%3A00.0000000Z'\"";
  const std::vector<TableChange> late{{Kind::insert, {.partition_key = "p", .row_key = "new"}},
                                      {Kind::remove, stale}};
  EXPECT_TRUE(is_conflict(table_.transact(late, {}).error()));
  const std::vector<TableChange> gone{
      {Kind::remove, {.partition_key = "p", .row_key = "none", .etag = "*"}}};
  EXPECT_EQ(table_.transact(gone, {}).error().kind(), ErrorKind::gone);
  EXPECT_EQ(rows("").size(), 1U);
}

TEST_F(TableTest, a_hundred_changes_are_one_transaction) {
  std::vector<TableChange> changes;
  for (int i = 0; i < 100; ++i) {
    changes.push_back({Kind::insert, {.partition_key = "p", .row_key = std::to_string(100 + i)}});
  }
  EXPECT_EQ(table_.transact(changes, {})->size(), 100U);
  EXPECT_EQ(rows("").size(), 100U);
}

TEST(TableBatchTest, a_reply_that_is_none_is_malformed) {
  for (const auto* body : {"", "nonsense", "HTTP/1.1 x\r\n\r\n", "HTTP/1.1 204 No Content\r\n"}) {
    EXPECT_EQ(batch_reply({.head = {.status = 202, .headers = {}}, .body = body}, 2).error().kind(),
              ErrorKind::malformed)
        << body;
  }
}

TEST(TableEntityTest, nonsense_is_refused) {
  for (const auto* json : {"",
                           "[]",
                           "1",
                           R"({"A":[1]})",
                           R"({"A":"x","A@odata.type":"Edm.Int64"})",
                           R"({"A":"x","A@odata.type":"Edm.DateTime"})"}) {
    EXPECT_EQ(entity_from_json(json).error().kind(), ErrorKind::malformed) << json;
    EXPECT_FALSE(entities_from_json(json)) << json;
  }
}

} // namespace
} // namespace sluice::azure
