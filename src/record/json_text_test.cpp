// SPDX-License-Identifier: Apache-2.0
#include <string>

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
