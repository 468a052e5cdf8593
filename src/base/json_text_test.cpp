// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/json_text.hpp"

namespace sluice {
namespace {

struct QuoteCase {
  std::string_view text;
  std::string_view quoted;
};

class JsonQuoted : public testing::TestWithParam<QuoteCase> {};

TEST_P(JsonQuoted, is_as_the_table_says) {
  EXPECT_EQ(json_quoted(GetParam().text), GetParam().quoted);
}

constexpr std::string_view replacement_quoted = "\"a\xEF\xBF\xBD"
                                                "b\"";

INSTANTIATE_TEST_SUITE_P(Table,
                         JsonQuoted,
                         testing::Values(QuoteCase{"", R"("")"},
                                         QuoteCase{R"(a"b\c)", R"("a\"b\\c")"},
                                         QuoteCase{"line\r\n\ttab", R"("line\r\n\ttab")"},
                                         QuoteCase{std::string_view{"\0\x1b\x7f", 3},
                                                   R"("\u0000\u001b\u007f")"},
                                         QuoteCase{"gr\xC3\xBC\xC3\x9F", "\"gr\xC3\xBC\xC3\x9F\""},
                                         QuoteCase{"\xF0\x9F\x90\x9F", "\"\xF0\x9F\x90\x9F\""},
                                         QuoteCase{"a\xFF"
                                                   "b",
                                                   replacement_quoted},
                                         QuoteCase{"a\xC3"
                                                   "b",
                                                   replacement_quoted},
                                         QuoteCase{"a\x80"
                                                   "b",
                                                   replacement_quoted}));

TEST(JsonQuoted, surrogates_and_overlong_forms_are_not_utf8) {
  for (const std::string_view bad :
       {"\xED\xA0\x80", "\xC0\xAF", "\xF4\x90\x80\x80", "\xE0\x80\x80"}) {
    EXPECT_NE(json_quoted(bad).find("\xEF\xBF\xBD"), std::string::npos);
  }
}

TEST(EscapeControl, keeps_a_text_on_one_line) {
  EXPECT_EQ(escape_control("a\nb\x1b[31m"), R"(a\nb\u001b[31m)");
  EXPECT_EQ(escape_control("\"quoted\" \\"), "\"quoted\" \\");
}

} // namespace
} // namespace sluice
