// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "kql/compile.hpp"

namespace sluice::kql {
namespace {

auto outcome(std::string_view text, bool checks_alone) -> std::string {
  const EmptyCatalog nothing;
  const auto plan = compile_query(
      text,
      nothing,
      {.now = DateTime{Ticks{639'000'000'000'000'000}}, .checks_alone = checks_alone});
  return plan ? to_text(plan->output) : std::string{to_text(plan.error().front().code)};
}

constexpr std::string_view bag = "print id = 1, d = dynamic({\"a\": 1}) | evaluate bag_unpack(d)";

struct OpenCase {
  std::string_view name;
  std::string text;
  std::string_view checked;
  std::string_view run;
};

class OpenCheck : public testing::TestWithParam<OpenCase> {};

TEST_P(OpenCheck, gives_the_columns_that_can_be_told) {
  EXPECT_EQ(outcome(GetParam().text, true), GetParam().checked);
}

TEST_P(OpenCheck, is_refused_where_the_query_is_to_run) {
  EXPECT_EQ(outcome(GetParam().text, false), GetParam().run);
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    OpenCheck,
    testing::Values(
        OpenCase{"a_bag_leaves_its_columns_open", std::string{bag}, "(id:long)", "SL009"},
        OpenCase{"a_name_becomes_a_column_where_it_is_first_asked_for",
                 std::string{bag} + " | where a > 1 | extend b = tostring(c)",
                 "(id:long, a:unknown, c:unknown, b:string)",
                 "SL009"},
        OpenCase{"a_projection_closes_the_columns",
                 std::string{bag} + " | project id | where a > 1",
                 "KS142",
                 "SL009"},
        OpenCase{"a_pivot_keeps_its_groups",
                 "print k = 'x', g = 1 | evaluate pivot(k, count(), g) | where x > 0",
                 "(g:long, x:unknown)",
                 "SL009"},
        OpenCase{"a_fuzzy_union_need_not_find_its_tables",
                 "union isfuzzy=true (print a = 1), (Nowhere | where b == 2 | project b)",
                 "(a:long, b:unknown)",
                 "(a:long)"},
        OpenCase{"an_unknown_column_takes_the_type_beside_it",
                 std::string{bag} + " | project x = iff(id == 1, a, 'text')",
                 "(x:string)",
                 "SL009"},
        OpenCase{"a_function_of_clusters_has_its_type",
                 "print p = geo_info_from_ip_address('192.0.2.1').country",
                 "(p:dynamic)",
                 "SL001"},
        OpenCase{"a_plugin_of_clusters_has_its_columns",
                 "print a = 1 | evaluate basket()",
                 "(SegmentId:long, Count:long, Percent:real, a:long)",
                 "SL001"},
        OpenCase{"a_function_with_several_columns_names_the_rest_itself",
                 "print s = dynamic([1]) | project (flag) = series_decompose_anomalies(s)",
                 "(flag:dynamic, series_decompose_anomalies_s_ad_score:dynamic, "
                 "series_decompose_anomalies_s_baseline:dynamic)",
                 "SL001"}),
    [](const auto& c) { return std::string{c.param.name}; });

} // namespace
} // namespace sluice::kql
