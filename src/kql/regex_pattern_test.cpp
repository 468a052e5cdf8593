// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include <gtest/gtest.h>
#include <re2/re2.h>

#include "kql/regex_pattern.hpp"
#include "kql/text_match.hpp"

namespace sluice::kql {
namespace {

struct PatternCase {
  std::string_view pattern;
  std::string_view text;
  bool matches;
};

class ToRe2 : public testing::TestWithParam<PatternCase> {};

TEST_P(ToRe2, matches_the_whole_of_unicode) {
  const auto& [pattern, text, matches] = GetParam();
  const auto expression = regular_expression(pattern);
  ASSERT_NE(expression, nullptr) << pattern << " became " << to_re2(pattern);
  const auto found = re2::RE2::FullMatch(re2::StringPiece{text.data(), text.size()}, *expression);
  EXPECT_EQ(found, matches) << pattern << " became " << to_re2(pattern);
}

INSTANTIATE_TEST_SUITE_P(Table,
                         ToRe2,
                         testing::Values(PatternCase{R"(\d)", "7", true},
                                         PatternCase{R"(\d)", "\uFF11", true},
                                         PatternCase{R"(\D)", "\uFF11", false},
                                         PatternCase{R"(\s)", "\u00A0", true},
                                         PatternCase{R"(\s)", "\v", true},
                                         PatternCase{R"(\S)", "\u00A0", false},
                                         PatternCase{R"(\S)", "\u200B", true},
                                         PatternCase{R"(\w+)", "caf\u00E9_1", true},
                                         PatternCase{R"(\W)", "\u00E9", false},
                                         PatternCase{R"([\d.]+)", "1.\uFF11", true},
                                         PatternCase{R"([^\s]+)", "a\u00A0", false},
                                         PatternCase{R"([\S]+)", "a\u00A0", false},
                                         PatternCase{R"([\S\s]+)", "a \u00A0", true},
                                         PatternCase{R"([]\d]+)", "]1", true},
                                         PatternCase{R"([^]\d]+)", "]", false},
                                         PatternCase{R"([[:alpha:]\d]+)", "a1", true},
                                         PatternCase{R"(\\d)", "\\d", true},
                                         PatternCase{R"(\Q\d\E)", "\\d", true}));

} // namespace
} // namespace sluice::kql
