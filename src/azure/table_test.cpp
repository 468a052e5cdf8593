// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include <gtest/gtest.h>

#include "azure/azurite.hpp"
#include "azure/storage_error.hpp"
#include "azure/table.hpp"

namespace sluice::azure {
namespace {

class TableTest : public testing::Test {
protected:
  TableTest() {
    auto& azurite = Azurite::shared();
    const StorageResource service{azurite.client(),
                                  azurite.clock(),
                                  StorageService::table,
                                  azurite.account().table,
                                  Azurite::key_authorization()};
    EXPECT_EQ(create_table(service, name_, {}), true);
    EXPECT_EQ(create_table(service, name_, {}), false);
  }

  auto rows(std::string_view filter, int page_size = 1'000) -> std::vector<std::string> {
    std::vector<std::string> all;
    const auto queried = table_.query(
        filter,
        [&](const TableEntity& entity) -> Result<> {
          all.push_back(entity.row_key);
          return {};
        },
        {},
        page_size);
    EXPECT_TRUE(queried) << queried.error().message();
    return all;
  }

  const std::string name_ = Azurite::fresh_name();
  Table table_{
      Azurite::shared().resource(StorageService::table, name_, Azurite::key_authorization())};
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
