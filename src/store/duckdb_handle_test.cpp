// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "store/database.hpp"
#include "store/duckdb_handle.hpp"

namespace sluice::store {
namespace {

using testing::ElementsAre;

struct ListCase {
  std::string about;
  std::vector<std::string> texts;
  std::string length;
};

class ListValue : public testing::TestWithParam<ListCase> {};

TEST_P(ListValue, arrives_with_all_its_texts) {
  const auto database = open_database("", {});
  ASSERT_TRUE(database) << database.error().message();
  const auto* const sql = "SELECT len($1::VARCHAR[])::VARCHAR || $2";
  const auto rows = query_texts(database->connection.get(),
                                sql,
                                parameters(list_value(GetParam().texts), text_value(" texts")));
  ASSERT_TRUE(rows) << rows.error().message();
  EXPECT_THAT(*rows, ElementsAre(GetParam().length + " texts"));
}

INSTANTIATE_TEST_SUITE_P(Table,
                         ListValue,
                         testing::Values(ListCase{"of_nothing", {}, "0"},
                                         ListCase{"of_one_empty_text", {""}, "1"},
                                         ListCase{"of_three", {"a", "b", "c\n"}, "3"}),
                         [](const auto& one) { return one.param.about; });

} // namespace
} // namespace sluice::store
