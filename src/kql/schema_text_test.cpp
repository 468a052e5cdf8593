// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "kql/schema_text.hpp"

namespace sluice::kql {
namespace {

TEST(SchemaText, gives_tables_with_their_columns_in_order) {
  const auto catalog = parse_schemas(R"({"T": {"b": "long", "a": "datetime"}, "U": {}})");
  ASSERT_TRUE(catalog.has_value());
  ASSERT_NE((*catalog)->table("T"), nullptr);
  EXPECT_EQ(to_text(*(*catalog)->table("T")), "(b:long, a:datetime, ingestion_time:datetime)");
  EXPECT_EQ((*catalog)->table("V"), nullptr);
  EXPECT_EQ((*catalog)->table_names(), (std::vector<std::string>{"T", "U"}));
}

TEST(SchemaText, refuses_what_is_no_description_of_tables) {
  EXPECT_FALSE(parse_schemas("[]").has_value());
  EXPECT_FALSE(parse_schemas("{").has_value());
  EXPECT_FALSE(parse_schemas(R"({"T": {"a": "number"}})").has_value());
}

} // namespace
} // namespace sluice::kql
