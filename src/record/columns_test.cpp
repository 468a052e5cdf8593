// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <string_view>

#include <gtest/gtest.h>

#include "record/columns.hpp"
#include "record/record_types.hpp"

namespace sluice::record {
namespace {

auto type_of(std::string_view name) -> std::string_view {
  const auto index = column_index(name);
  return index ? name_of(wide_table_columns()[*index].type) : "";
}

TEST(Columns, every_column_is_found_under_its_name_and_only_once) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < wide_table_columns().size(); ++i) {
    EXPECT_EQ(column_index(wide_table_columns()[i].name), i);
    names.insert(wide_table_columns()[i].name);
  }
  EXPECT_EQ(names.size(), wide_table_columns().size());
  EXPECT_EQ(column_index("id"), std::nullopt);
  EXPECT_EQ(column_index(""), std::nullopt);
}

TEST(Columns, names_that_differ_only_in_case_both_exist) {
  EXPECT_NE(column_index("SenderIp"), column_index("SenderIP"));
}

TEST(Columns, stand_in_the_order_of_their_groups) {
  EXPECT_TRUE(std::ranges::is_sorted(wide_table_columns(), {}, &Column::group));
  EXPECT_EQ(wide_table_columns().front().name, "Id");
}

TEST(Columns, have_the_types_that_records_show) {
  EXPECT_EQ(type_of("RecordType"), "int");
  EXPECT_EQ(type_of("CreationTime"), "datetime");
  EXPECT_EQ(type_of("Data"), "string");
  EXPECT_EQ(type_of("Actions"), "dynamic");
  EXPECT_EQ(type_of("AlertId"), "string");
  EXPECT_EQ(type_of("RunningTime"), "long");
  EXPECT_EQ(type_of("ExternalAccess"), "bool");
  EXPECT_EQ(type_of("ActionScore"), "real");
}

TEST(RecordTypes, have_a_number_and_a_name) {
  EXPECT_EQ(record_type_name(40), "SecurityComplianceAlerts");
  EXPECT_EQ(record_type_name(64), "AirInvestigation");
  EXPECT_EQ(record_type_number("securitycompliancealerts"), 40);
  EXPECT_EQ(record_type_name(100'000), "");
  EXPECT_EQ(record_type_number("Nonsense"), std::nullopt);
}

} // namespace
} // namespace sluice::record
