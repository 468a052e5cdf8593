// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include <gmock/gmock.h>

#include "kusto/parameter_values.hpp"

namespace sluice::kusto {
namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

TEST(ParameterValues, become_constants_of_the_query) {
  struct Case {
    const char* query;
    Values values;
    const char* expected;
  };
  const std::vector<Case> cases{
      {"T | count", {{"n", "1"}}, "T | count"},
      {"declare query_parameters(n: long); T | take n", {{"n", "41"}}, "let n = 41; T | take n"},
      {"declare query_parameters(n:long = 5, s:string = 'x'); T",
       {{"s", "'y'"}},
       "let n = 5;let s = \"y\"; T"},
      {"declare query_parameters(s: string); T",
       {{"s", "plain text"}},
       "let s = \"plain text\"; T"},
      {"declare query_parameters(s: string); T", {{"s", "12"}}, "let s = \"12\"; T"},
      {"declare query_parameters(n: int); T", {{"n", "-7"}}, "let n = int(-7); T"},
      {"declare query_parameters(['a b']: bool); T", {{"a b", "true"}}, "let ['a b'] = true; T"},
      {"declare query_parameters(t: timespan); T", {{"t", "1h"}}, "let t = timespan(01:00:00); T"},
      {"declare query_parameters(d: datetime = datetime(2026-07-13)); T",
       {},
       "let d = datetime(2026-07-13T00:00:00.0000000Z); T"},
      {"let a = 1;\ndeclare query_parameters(d: dynamic);\nT",
       {{"d", "dynamic([\"x, )\", 2])"}},
       "let a = 1;\nlet d = dynamic([\"x, )\",2]);\nT"},
      {"declare query_parameters(n: long = null_of(1, 2)); T", {}, "let n = null_of(1, 2); T"},
      {"T | where s == 'declare query_parameters(n: long);'",
       {{"n", "1"}},
       "T | where s == 'declare query_parameters(n: long);'"},
  };
  for (const auto& [query, values, expected] : cases) {
    const auto text = with_values(query, values);
    ASSERT_TRUE(text) << query << ": " << text.error().message();
    EXPECT_EQ(*text, expected);
  }
}

TEST(ParameterValues, become_no_part_of_the_query) {
  const auto text = with_values("declare query_parameters(s: string); T | where x == s",
                                Values{{"s", "'; .drop table T //"}});
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "let s = \"'; .drop table T //\"; T | where x == s");
}

TEST(ParameterValues, that_are_missing_or_of_another_type_are_told) {
  EXPECT_THAT(with_values("declare query_parameters(n: long); T", {}).error().message(),
              testing::HasSubstr("`n` has no value"));
  for (const auto* value : {"many", "1; T", "tolong(5)", "datetime(2026-07-13) | count"}) {
    EXPECT_THAT(
        with_values("declare query_parameters(n: long); T", Values{{"n", value}}).error().message(),
        testing::HasSubstr("`n` is no long"))
        << value;
  }
}

TEST(ParameterValues, what_is_no_declaration_goes_to_the_cluster_as_it_is) {
  for (const auto* query : {"declare",
                            "declare query_parameters",
                            "declare query_parameters(",
                            "declare query_parameters(n: long",
                            "declare query_parameters(n: long = f(1)",
                            "",
                            ";",
                            "declare pattern p"}) {
    const auto text = with_values(query, Values{{"n", "1"}});
    ASSERT_TRUE(text) << query;
    EXPECT_EQ(*text, query);
  }
}

} // namespace
} // namespace sluice::kusto
