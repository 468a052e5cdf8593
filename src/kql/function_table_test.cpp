// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "kql/compile.hpp"
#include "kql/conversion.hpp"
#include "kql/evaluator.hpp"
#include "kql/function_table.hpp"

namespace sluice::kql {
namespace {

constexpr DateTime test_now{Ticks{639'000'000'000'000'000}};

auto value_of(const std::string& expression) -> std::string {
  const auto plan = compile_query("print x = " + expression, EmptyCatalog{}, {.now = test_now});
  if (!plan) {
    return render(plan.error(), "print x = " + expression, "");
  }
  const auto& value = *std::get<Project>(plan->node).columns.front();
  const auto answer = evaluate_constant(value, {test_now, false});
  return answer.is_null() ? "null" : to_text(answer);
}

TEST(FunctionTable, every_example_gives_the_answer_that_it_shows) {
  for (const auto& row : functions()) {
    const std::string example{row.example};
    const auto arrow = example.find(" => ");
    if (arrow == std::string::npos) {
      continue;
    }
    auto expected = example.substr(arrow + 4);
    expected = expected == "true" ? "True" : expected == "false" ? "False" : expected;
    EXPECT_EQ(value_of(example.substr(0, arrow)), expected) << row.name;
  }
}

TEST(FunctionTable, no_spelling_means_two_things) {
  std::set<std::string_view> names;
  for (const auto& row : functions()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    for (const auto name : row.other_names) {
      EXPECT_TRUE(names.insert(name).second) << name;
    }
    EXPECT_FALSE(row.about.empty()) << row.name;
  }
}

struct AnswerCase {
  const char* expression;
  const char* answer;
};

class Answers : public testing::TestWithParam<AnswerCase> {};

TEST_P(Answers, are_those_of_the_engine) {
  EXPECT_EQ(value_of(GetParam().expression), GetParam().answer);
}

INSTANTIATE_TEST_SUITE_P(
    Text,
    Answers,
    testing::Values(AnswerCase{"\"CAFÉ\" =~ \"café\"", "True"},
                    AnswerCase{"\"Straße\" =~ \"STRASSE\"", "False"},
                    AnswerCase{"\"alpha_beta\" has \"alpha\"", "True"},
                    AnswerCase{"\"alphabeta\" has \"alpha\"", "False"},
                    AnswerCase{"\"alphabeta\" hasprefix \"ALPHA\"", "True"},
                    AnswerCase{"\"version 2.3.1\" has \"2.3\"", "True"},
                    AnswerCase{"\"naïve\" has \"na\"", "False"},
                    AnswerCase{"\"x\" has \"\"", "True"},
                    AnswerCase{"\"50x\" contains \"50%\"", "False"},
                    AnswerCase{"\"a b c\" has_all (dynamic([\"c\", \"a\"]))", "True"},
                    AnswerCase{"\"a b c\" has_any (\"x\", \"B\")", "True"},
                    AnswerCase{"\"Abc\" !startswith_cs \"a\"", "True"},
                    AnswerCase{"substring(\"abc\", -1, 2)", "c"},
                    AnswerCase{"substring(\"abc\", 5)", ""},
                    AnswerCase{"indexof(\"abc\", \"\")", "null"},
                    AnswerCase{"tostring(split(\"a,,b\", \",\"))", "[\"a\",\"\",\"b\"]"},
                    AnswerCase{"extract(\"x(.)\", 1, \"abc\")", ""},
                    AnswerCase{"extract(@\"(\\d+)\", 1, \"a42\", typeof(long)) + 1", "43"},
                    AnswerCase{"strcat(\"a\", int(null), true)", "aTrue"}));

INSTANTIATE_TEST_SUITE_P(
    NumbersAndTime,
    Answers,
    testing::Values(AnswerCase{"9223372036854775807 + 1", "-9223372036854775808"},
                    AnswerCase{"1 / 0", "null"},
                    AnswerCase{"-7 / 2", "-3"},
                    AnswerCase{"14 % -12", "2"},
                    AnswerCase{"tolong(2.9)", "2"},
                    AnswerCase{"tolong(\"12.5\")", "null"},
                    AnswerCase{"tobool(\"yes\")", "null"},
                    AnswerCase{"bin(-5, 3)", "-6"},
                    AnswerCase{"bin(datetime(2020-01-02), 7d)", "2019-12-30T00:00:00.0000000Z"},
                    AnswerCase{"datetime(9999-12-31 23:59:59.9999999) + 1tick", "null"},
                    AnswerCase{"todatetime(\"2020-01-01T01:00:00+01:00\")",
                               "2020-01-01T00:00:00.0000000Z"},
                    AnswerCase{"time(1.02:03:04) + 1ms", "1.02:03:04.0010000"},
                    AnswerCase{"now() - ago(90m)", "01:30:00"},
                    AnswerCase{"real(nan) == real(nan)", "False"},
                    AnswerCase{"int(null) != 5", "True"},
                    AnswerCase{"int(null) == 5", "False"},
                    AnswerCase{"int(null) == int(null)", "null"},
                    AnswerCase{"int(null) < 5", "null"},
                    AnswerCase{"int(null) !in (1, 2)", "True"}));

INSTANTIATE_TEST_SUITE_P(
    Dynamic,
    Answers,
    testing::Values(AnswerCase{"parse_json('{\"a\":1,\"a\":2}').a", "2"},
                    AnswerCase{"parse_json(\"not json\")", "not json"},
                    AnswerCase{"parse_json(\"\")", "null"},
                    AnswerCase{"dynamic([1,2,3])[-1]", "3"},
                    AnswerCase{"dynamic({\"a\":{\"b\":[1]}}).a[\"b\"][0]", "1"},
                    AnswerCase{"dynamic({\"a\":1}).A", "null"},
                    AnswerCase{"dynamic({\"a\":5.5}).a > 5", "True"},
                    AnswerCase{"dynamic({\"a\":\"x\"}).a == \"x\"", "True"},
                    AnswerCase{"bag_pack(\"a\", 1, \"a\", dynamic([2]))", "{\"a\":[2]}"},
                    AnswerCase{"gettype(dynamic({}))", "dictionary"},
                    AnswerCase{"5 in (dynamic([1, 5]))", "True"},
                    AnswerCase{"iff(true, \"a\", 1)", "a"}));

} // namespace
} // namespace sluice::kql
