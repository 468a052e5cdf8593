// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "kql/compile.hpp"
#include "kql/record_of_fields.hpp"
#include "kql/record_pipeline.hpp"

namespace sluice::kql {
namespace {

auto schema() -> const Schema& {
  static const Schema columns{{{"Operation", Type::string},
                               {"ClientIP", Type::string},
                               {"Data", Type::string},
                               {"Size", Type::int64}}};
  return columns;
}

auto rule_options() -> CompileOptions {
  return {.now = {}, .missing_is_unknown = true};
}

auto mistake(std::string_view rule) -> std::string {
  const auto predicate = compile_predicate(rule, schema(), rule_options());
  return predicate ? "" : predicate.error().front().message;
}

struct PipelineCase {
  std::string_view about;
  std::string_view rule;
  bool passes;
};

class OneRecord : public testing::TestWithParam<PipelineCase> {};

TEST_P(OneRecord, passes_a_rule_of_several_steps_when_a_row_comes_out) {
  const auto& rule = GetParam().rule;
  const auto predicate = compile_predicate(rule, schema(), rule_options());
  ASSERT_TRUE(predicate.has_value()) << render(predicate.error(), rule, "");
  RecordOfFields row{
      schema(),
      {{"Operation", Value::string("MailItemsAccessed")},
       {"Data", Value::string(R"({"e":[{"t":"mail","n":3},{"t":"url","n":5}],"empty":[]})")},
       {"Size", Value::int64(7)}}};
  EXPECT_EQ(predicate->matches(row), GetParam().passes);
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    OneRecord,
    testing::Values(
        PipelineCase{
            "steps_stand_behind_a_condition", "Size == 7 | where Operation has 'x'", false},
        PipelineCase{"the_record_may_be_named", "AuditRecords | where Size == 7", true},
        PipelineCase{"lets_stand_before", "let least = 5; Size > least", true},
        PipelineCase{"functions_stand_before", "let big = (x: long) { x > 5 }; big(Size)", true},
        PipelineCase{
            "extend_adds_columns", "true | extend half = Size / 2 | where half == 3", true},
        PipelineCase{
            "parse_takes_a_text_apart",
            "Size > 0 | parse Operation with 'Mail' Kind 'Accessed' | where Kind == 'Items'",
            true},
        PipelineCase{
            "parse_of_another_text_gives_nothing",
            "Size > 0 | parse Operation with 'File' Kind 'Accessed' | where Kind == 'Items'",
            false},
        PipelineCase{"any_item_is_enough",
                     "true | mv-expand e = parse_json(Data).e | where e.t == 'url' and e.n == 5",
                     true},
        PipelineCase{"items_are_looked_at_one_by_one",
                     "true | mv-expand e = parse_json(Data).e | where e.t == 'mail' and e.n == 5",
                     false},
        PipelineCase{"items_may_have_a_type",
                     "true | mv-expand e = parse_json(Data).e | mv-expand n = pack_array(e.n) to "
                     "typeof(long) | where n > 4",
                     true},
        PipelineCase{"an_empty_array_gives_no_row",
                     "true | mv-expand e = parse_json(Data).empty | where true",
                     false},
        PipelineCase{"a_missing_member_is_unknown",
                     "true | mv-expand e = parse_json(Data).none | where e.t != 'mail'",
                     false},
        PipelineCase{"a_missing_field_is_unknown_behind_a_projection",
                     "true | project ip = ClientIP | where ip != '192.0.2.1'",
                     false},
        PipelineCase{"membership_in_a_table",
                     "let watched = datatable(op: string)['Other', 'MailItemsAccessed']; "
                     "Operation in (watched)",
                     true},
        PipelineCase{"membership_in_a_query",
                     "let watched = datatable(op: string, on: bool)['MailItemsAccessed', false]; "
                     "Operation in (watched | where on | project op)",
                     false},
        PipelineCase{"has_any_of_a_table",
                     "let words = datatable(w: string)['url']; Data has_any (words)",
                     true},
        PipelineCase{
            "a_cell_of_a_table", "Size == toscalar(datatable(n: long)[7] | project n)", true}),
    [](const auto& c) { return std::string{c.param.about}; });

TEST(RecordPipeline, refuses_what_needs_more_than_one_record) {
  EXPECT_EQ(mistake("Size > 1 | summarize count()"),
            "a rule looks at one record: `summarize` needs more");
  EXPECT_EQ(mistake("AuditRecords | take 1 | where Size > 1"),
            "a rule looks at one record: `take` needs more");
  EXPECT_EQ(mistake("Size in (AuditRecords | project Size) | where true"),
            "a rule looks at one record and can ask no other table");
  EXPECT_EQ(mistake("datatable(a: long)[1] | where a == 1"), "a rule asks about its record");
}

TEST(RecordPipeline, says_which_columns_it_reads) {
  const auto predicate = compile_predicate(
      "true | extend a = strcat(Operation, ClientIP), b = Size | where b > 1", schema(), {});
  ASSERT_TRUE(predicate.has_value());
  EXPECT_EQ(std::vector(predicate->columns_used().begin(), predicate->columns_used().end()),
            (std::vector<std::size_t>{3}));
}

TEST(RecordPipeline, keeps_a_record_that_expands_beyond_all_measure) {
  const auto predicate = compile_predicate(
      "true | extend a = range(1, 1000) | mv-expand b = a | mv-expand c = a | where c > 1000",
      schema(),
      {});
  ASSERT_TRUE(predicate.has_value());
  RecordOfFields row{schema(), {}};
  EXPECT_TRUE(predicate->matches(row));
}

TEST(RecordPipeline, keeps_a_record_with_an_array_beyond_all_measure) {
  const auto predicate =
      compile_predicate("true | mv-expand e = parse_json(Data) | where e == 1", schema(), {});
  ASSERT_TRUE(predicate.has_value());
  std::string zeros = "[0";
  for (std::size_t i = 0; i < RecordPipeline::max_rows; ++i) {
    zeros += ",0";
  }
  RecordOfFields row{schema(), {{"Data", Value::string(zeros + "]")}}};
  EXPECT_TRUE(predicate->matches(row));
}

TEST(RecordPipeline, refuses_more_steps_than_a_rule_may_have) {
  std::string rule = "true";
  for (int i = 0; i < 100; ++i) {
    rule += fmt::format(" | extend c{} = 1", i);
  }
  EXPECT_EQ(mistake(rule + " | where c1 == 1"), "a rule has at most 100 steps");
}

} // namespace
} // namespace sluice::kql
