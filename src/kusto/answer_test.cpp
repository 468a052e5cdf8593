// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "kusto/answer.hpp"

namespace sluice::kusto {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CollectedAnswer final : public AnswerSink {
public:
  auto begin(const kql::Schema& columns) -> Result<> override {
    schema = columns;
    return {};
  }
  auto row(std::span<const kql::Value> values) -> Result<> override {
    for (const auto& value : values) {
      literals.push_back(kql::to_literal(value));
    }
    return {};
  }

  kql::Schema schema;
  std::vector<std::string> literals;
};

auto frames(const std::string& columns,
            const std::string& rows,
            const std::string& end = R"("HasErrors":false)") -> std::string {
  return R"([{"FrameType":"DataSetHeader","IsProgressive":false,"Version":"v2.0"},)"
         R"({"FrameType":"DataTable","TableId":1,"TableKind":"PrimaryResult","TableName":"PrimaryResult","Columns":[)" +
         columns + R"(],"Rows":[)" + rows +
         R"(]},{"FrameType":"DataSetCompletion","Cancelled":false,)" + end + "}]";
}

auto column(const std::string& type) -> std::string {
  return R"({"ColumnName":"x","ColumnType":")" + type + R"("})";
}

struct CellCase {
  const char* name;
  const char* type;
  const char* json;
  const char* literal;
};

class AnswerCell : public testing::TestWithParam<CellCase> {};

TEST_P(AnswerCell, is_read_in_its_type) {
  CollectedAnswer answer;
  const auto read = read_frames(
      frames(column(GetParam().type), std::string{"["} + GetParam().json + "]"), answer);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_THAT(answer.literals, ElementsAre(GetParam().literal));
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    AnswerCell,
    testing::Values(CellCase{"boolean", "bool", "true", "true"},
                    CellCase{"boolean_as_number", "bool", "1", "true"},
                    CellCase{"greatest_long", "long", "9223372036854775807", "9223372036854775807"},
                    CellCase{"null_long", "long", "null", "long(null)"},
                    CellCase{"real", "real", "0.1", "0.1"},
                    CellCase{"seven_digits",
                             "datetime",
                             R"("9999-12-31T23:59:59.9999999Z")",
                             "datetime(9999-12-31T23:59:59.9999999Z)"},
                    CellCase{"text", "string", R"("ä€😀\n")", R"("ä€😀\n")"},
                    CellCase{"missing_text", "string", "null", R"("")"},
                    CellCase{"nested_dynamic", "dynamic", R"({"a":[1]})", R"(dynamic({"a":[1]}))"},
                    CellCase{
                        "dynamic_as_text", "dynamic", R"("{\"a\":[1]}")", R"(dynamic({"a":[1]}))"}),
    [](const auto& c) { return std::string{c.param.name}; });

TEST(Answer, a_failure_among_the_rows_gives_no_row) {
  CollectedAnswer answer;
  const auto read = read_frames(
      frames(
          column("long"),
          R"([1],{"OneApiErrors":[{"error":{"code":"LimitsExceeded","@message":"too many","@permanent":true}}]})",
          R"("HasErrors":true,"OneApiErrors":[])"),
      answer);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code(), "LimitsExceeded");
  EXPECT_THAT(answer.literals, IsEmpty());
}

TEST(Answer, a_failure_told_behind_the_rows_gives_no_row) {
  CollectedAnswer answer;
  auto json = frames(column("long"), "[1]");
  json.insert(
      json.size() - 1,
      R"(,{"FrameType":"DataTable","TableKind":"QueryCompletionInformation","Columns":[],"Rows":)"
      R"([["t","c","a","s","p",2,"Error",-1,"E",4,"QueryInfo","{\"Text\":\"half of it\"}"]]})");
  const auto read = read_frames(json, answer);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message(), HasSubstr("half of it"));
  EXPECT_THAT(answer.literals, IsEmpty());
}

TEST(Answer, what_is_cut_or_no_answer_is_malformed) {
  CollectedAnswer answer;
  for (const auto* json : {"", "{}", "[", R"([{"FrameType":"DataSetHeader"}])", R"({"error":1})"}) {
    const auto read = read_frames(json, answer);
    ASSERT_FALSE(read) << json;
    EXPECT_EQ(read.error().kind(), ErrorKind::malformed) << json;
  }
}

TEST(Answer, a_row_of_another_width_is_malformed) {
  CollectedAnswer answer;
  EXPECT_FALSE(read_frames(frames(column("long"), "[1,2]"), answer));
  EXPECT_FALSE(read_frames(frames(column("long"), "1"), answer));
}

TEST(Answer, the_first_protocol_tells_failures_too) {
  CollectedAnswer answer;
  ASSERT_TRUE(read_tables(R"({"Tables":[{"TableName":"Table_0","Columns":[)" + column("long") +
                              R"(],"Rows":[[7]]}]})",
                          answer));
  EXPECT_THAT(answer.literals, ElementsAre("7"));
  EXPECT_FALSE(read_tables(R"({"Tables":[],"Exceptions":["no"]})", answer));
}

} // namespace
} // namespace sluice::kusto
