// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "record/json_check.hpp"
#include "record/json_text.hpp"

namespace sluice::record {
namespace {

auto text(std::string_view raw) -> std::string {
  std::string storage;
  const auto found = string_text(raw, storage);
  return found ? std::string{*found} : "(none)";
}

TEST(JsonText, strings_lose_their_escapes) {
  EXPECT_EQ(text(R"("plain")"), "plain");
  EXPECT_EQ(text(R"("a\"b\\c\/d\b\f\n\r\t")"), "a\"b\\c/d\b\f\n\r\t");
  EXPECT_EQ(text(R"("\u0041\u00fc\u200B\ud83d\udc1f")"), "A\xC3\xBC\xE2\x80\x8B\xF0\x9F\x90\x9F");
  EXPECT_EQ(text(R"("\ud83d")"), "\xEF\xBF\xBD");
  EXPECT_EQ(text(R"("\ud83dx\udc1f")"), "\xEF\xBF\xBDx\xEF\xBF\xBD");
  EXPECT_EQ(text(R"("\x")"), "(none)");
  EXPECT_EQ(text(R"("\u12g4")"), "(none)");
  EXPECT_EQ(text("40"), "(none)");
}

/// What stands around an escape must not matter, nor where in a long string it is.
TEST(JsonText, escapes_are_read_wherever_they_stand) {
  for (const auto& [escape, meaning] : {std::pair<std::string, std::string>{R"(\")", "\""},
                                        {R"(\\\\)", R"(\\)"},
                                        {R"(\\\")", R"(\")"},
                                        {R"(\u00fc)", "\xC3\xBC"},
                                        {R"(\ud83d\udc1f)", "\xF0\x9F\x90\x9F"}}) {
    for (std::size_t before = 0; before < 200; ++before) {
      for (const std::size_t behind : {0U, 1U, 60U, 64U, 300U}) {
        const auto raw = '"' + std::string(before, 'a') + escape + std::string(behind, 'b') + '"';
        EXPECT_EQ(text(raw), std::string(before, 'a') + meaning + std::string(behind, 'b'));
      }
    }
  }
}

TEST(JsonText, escapes_that_follow_one_another_are_read) {
  std::string raw;
  std::string meaning;
  for (int i = 0; i < 100; ++i) {
    raw += std::string(static_cast<std::size_t>(i % 23), 'x') + R"(\"\\\n)";
    meaning += std::string(static_cast<std::size_t>(i % 23), 'x') + "\"\\\n";
  }
  EXPECT_EQ(text('"' + raw + '"'), meaning);
}

TEST(JsonText, an_unknown_escape_is_found_wherever_it_stands) {
  for (std::size_t before = 0; before < 200; ++before) {
    const auto raw = '"' + std::string(before, 'a') + R"(\x)" + std::string(200, 'b') + '"';
    EXPECT_EQ(text(raw), "(none)");
  }
}

TEST(JsonText, numbers_and_booleans_may_stand_in_strings) {
  EXPECT_EQ(integer_of("40"), 40);
  EXPECT_EQ(integer_of(R"("40")"), 40);
  EXPECT_EQ(integer_of("-9223372036854775808"), INT64_MIN);
  EXPECT_EQ(integer_of("9223372036854775808"), std::nullopt);
  EXPECT_EQ(integer_of("4.5"), std::nullopt);
  EXPECT_EQ(integer_of(R"("")"), std::nullopt);
  EXPECT_EQ(integer_of("null"), std::nullopt);
  EXPECT_EQ(real_of(R"("4.5")"), 4.5);
  EXPECT_EQ(real_of("inf"), std::nullopt);
  EXPECT_EQ(boolean_of(R"("True")"), true);
  EXPECT_EQ(boolean_of("false"), false);
  EXPECT_EQ(boolean_of("1"), true);
  EXPECT_EQ(boolean_of(R"("0")"), false);
  EXPECT_EQ(boolean_of("2"), std::nullopt);
  EXPECT_EQ(integer_of("4.0"), 4);
  EXPECT_EQ(integer_of("1e16"), std::nullopt);
}

TEST(JsonText, the_first_character_tells_the_kind) {
  EXPECT_EQ(kind_of("-1"), JsonKind::number);
  EXPECT_EQ(kind_of("[]"), JsonKind::array);
  EXPECT_EQ(kind_of("null"), JsonKind::null);
  EXPECT_EQ(kind_of(""), JsonKind::nothing);
}

TEST(JsonCheck, accepts_json) {
  for (const auto* json : {R"({})",
                           R"([])",
                           R"({"a":{"b":[1,-2.5e+3,"x\u00ff",true,false,null,{}]},"a":[[]]})",
                           "12345678901234567890123",
                           R"("\ud800")",
                           " [ 1 , 2 ] "}) {
    EXPECT_EQ(json_fault(json), "") << json;
  }
}

TEST(JsonCheck, refuses_everything_else) {
  for (const auto* json :
       {"",         "{",   "[1,]", "[1 2]", R"({"a"})", R"({"a":1,})",     R"({a:1})",
        "01",       "1.",  "1e",   "-",     "tru",      R"("\x")",         R"("\u12")",
        "\"a\nb\"", "[1}", "{]",   "1 2",   "\"\xFF\"", R"({"a":1 "b":2})"}) {
    EXPECT_NE(json_fault(json), "") << json;
  }
  EXPECT_EQ(json_fault("[[[]]]", 2), "nested too deeply");
  EXPECT_EQ(json_fault("[[[]]]", 3), "");
}

} // namespace
} // namespace sluice::record
