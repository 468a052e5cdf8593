// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "kql/compile.hpp"
#include "kql/predicate.hpp"
#include "kql/record_of_fields.hpp"

namespace sluice::kql {
namespace {

auto schema() -> const Schema& {
  static const Schema columns{{{"RecordType", Type::int64},
                               {"Name", Type::string},
                               {"PolicyId", Type::string},
                               {"Data", Type::string},
                               {"InvestigationType", Type::string},
                               {"InvestigationId", Type::string},
                               {"Size", Type::int64}}};
  return columns;
}

auto text(std::string value) -> Value {
  return Value::string(std::move(value));
}

auto passes(std::string_view rule, std::map<std::string, Value> fields, bool missing_is_unknown)
    -> bool {
  const auto predicate =
      compile_predicate(rule, schema(), {.now = {}, .missing_is_unknown = missing_is_unknown});
  EXPECT_TRUE(predicate.has_value()) << render(predicate.error(), rule, "");
  RecordOfFields row{schema(), std::move(fields)};
  return predicate && predicate->matches(row);
}

constexpr std::string_view alert_rule =
    "RecordType == 40 and (PolicyId =~ \"b26a5770-0c38-434a-9380-3a3c2c27bbb3\" or Name has "
    "\"Email reported by user as malware or phish\")";
constexpr std::string_view investigation_rule =
    "RecordType in (64, 86) and (tostring(parse_json(Data).AlertType) =~ \"abc\" or "
    "InvestigationType in~ (\"SubmissionInvestigation\", \"User-Reported Messages\") or "
    "InvestigationId startswith \"urn:SubmissionInvestigation:\")";

TEST(Predicate, alerts_are_known_by_policy_or_by_name_even_with_a_zero_width_space) {
  const auto name = "Email reported by user as malware or phish\u200B";
  EXPECT_TRUE(passes(alert_rule, {{"RecordType", Value::int64(40)}, {"Name", text(name)}}, true));
  EXPECT_TRUE(passes(alert_rule,
                     {{"RecordType", Value::int64(40)},
                      {"PolicyId", text("B26A5770-0C38-434A-9380-3A3C2C27BBB3")}},
                     true));
  EXPECT_FALSE(passes(alert_rule, {{"RecordType", Value::int64(28)}, {"Name", text(name)}}, true));
  EXPECT_FALSE(passes(alert_rule, {{"RecordType", Value::int64(40)}}, true));
}

TEST(Predicate, investigations_are_known_by_any_of_three_fields) {
  const auto type = std::pair<const std::string, Value>{"RecordType", Value::int64(64)};
  EXPECT_TRUE(passes(investigation_rule, {type, {"Data", text(R"({"AlertType":"ABC"})")}}, true));
  EXPECT_TRUE(passes(
      investigation_rule, {type, {"InvestigationType", text("user-reported messages")}}, true));
  EXPECT_TRUE(passes(investigation_rule,
                     {type, {"InvestigationId", text("urn:SubmissionInvestigation:1")}},
                     true));
  EXPECT_FALSE(passes(investigation_rule, {type, {"Data", text(R"({"Other":1})")}}, true));
  EXPECT_FALSE(passes(investigation_rule, {type}, true));
}

struct MissingCase {
  std::string_view about;
  std::string_view rule;
  bool in_a_query; ///< Kusto's own semantics
  bool in_a_rule;
};

class AMissingField : public testing::TestWithParam<MissingCase> {};

TEST_P(AMissingField, passes_in_a_query_as_in_kusto_but_never_by_accident_in_a_rule) {
  const auto& c = GetParam();
  const auto record =
      std::map<std::string, Value>{{"RecordType", Value::int64(64)}, {"Data", text("{\"a\":1}")}};
  EXPECT_EQ(passes(c.rule, record, false), c.in_a_query);
  EXPECT_EQ(passes(c.rule, record, true), c.in_a_rule);
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    AMissingField,
    testing::Values(
        MissingCase{"not_equal", "Name != \"x\"", true, false},
        MissingCase{"equal", "Name == \"\"", true, false},
        MissingCase{"number_not_equal", "Size != 5", true, false},
        MissingCase{"number_not_in", "Size !in (1, 2)", true, false},
        MissingCase{"not_in", "Name !in (\"a\", \"b\")", true, false},
        MissingCase{"not_has", "Name !has \"x\"", true, false},
        MissingCase{"negated_has", "not(Name has \"x\")", true, false},
        MissingCase{"function_of_it", "tolower(Name) != \"x\"", true, false},
        MissingCase{"length_of_it", "strlen(Name) == 0", true, false},
        MissingCase{"member_of_missing", "tostring(parse_json(PolicyId).x) != \"y\"", true, false},
        MissingCase{"missing_member", "tostring(parse_json(Data).x) != \"y\"", true, false},
        MissingCase{"iff_on_it", "iff(Name == \"x\", false, true)", true, false},
        MissingCase{"unknown_or_true", "Name != \"x\" or RecordType == 64", true, true},
        MissingCase{"unknown_and_true", "Name != \"x\" and RecordType == 64", true, false},
        MissingCase{"isempty", "isempty(Name)", true, true},
        MissingCase{"isnotempty", "isnotempty(Name)", false, false},
        MissingCase{"isnull_of_number", "isnull(Size)", true, true},
        MissingCase{"coalesce", "coalesce(Name, \"none\") == \"none\"", true, true}),
    [](const auto& c) { return std::string{c.param.about}; });

TEST(Predicate, says_which_columns_it_reads) {
  const auto predicate = compile_predicate("Size > 1 or RecordType == 2 or Size < 0", schema(), {});
  ASSERT_TRUE(predicate.has_value());
  EXPECT_EQ(std::vector(predicate->columns_used().begin(), predicate->columns_used().end()),
            (std::vector<std::size_t>{0, 6}));
}

TEST(Predicate, must_be_a_condition) {
  const auto predicate = compile_predicate("RecordType + 1", schema(), {});
  ASSERT_FALSE(predicate.has_value());
  EXPECT_EQ(predicate.error().front().message, "a condition must be a bool, this is a long");
}

} // namespace
} // namespace sluice::kql
