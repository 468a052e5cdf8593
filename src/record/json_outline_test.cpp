// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include <gtest/gtest.h>
#include <simdjson.h>

#include "base/json_text.hpp"
#include "base/random.hpp"
#include "record/json_outline.hpp"

namespace sluice::record {
namespace {

using Form = JsonOutline::Form;

/// A value as a text in which strings are plain and numbers are doubles.
auto described(JsonOutline::Value value) -> std::string {
  std::string storage;
  std::string all;
  switch (value.kind()) {
  case JsonKind::string:
    return '"' + std::string{value.text(storage)} + '"';
  case JsonKind::number:
    return std::to_string(std::stod(std::string{value.raw()}));
  case JsonKind::array:
    for (const auto item : value.items()) {
      all += described(item) + ',';
    }
    return '[' + all + ']';
  case JsonKind::object:
    value.each_member([&](JsonOutline::Value key, JsonOutline::Value member) {
      all += std::string{key.text(storage)} + ':' + described(member) + ',';
    });
    return '{' + all + '}';
  default:
    return std::string{value.raw()};
  }
}

auto described(simdjson::dom::element value) -> std::string {
  std::string all;
  switch (value.type()) {
  case simdjson::dom::element_type::STRING:
    return '"' + std::string{std::string_view{value}} + '"';
  case simdjson::dom::element_type::ARRAY:
    for (const auto item : simdjson::dom::array{value}) {
      all += described(item) + ',';
    }
    return '[' + all + ']';
  case simdjson::dom::element_type::OBJECT:
    for (const auto member : simdjson::dom::object{value}) {
      all += std::string{member.key} + ':' + described(member.value) + ',';
    }
    return '{' + all + '}';
  case simdjson::dom::element_type::BOOL:
    return bool{value} ? "true" : "false";
  case simdjson::dom::element_type::NULL_VALUE:
    return "null";
  default:
    return std::to_string(double{value});
  }
}

auto read(std::string_view text, Form form) -> std::string {
  JsonOutline outline;
  return outline.read(text, form) ? described(outline[0]) : "(none)";
}

auto read_by_simdjson(const std::string& text) -> std::string {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  return parser.parse(text).get(root) == simdjson::SUCCESS ? described(root) : "(none)";
}

/// As it stands between the quotes of a string.
auto in_string(std::string_view text) -> std::string {
  const auto quoted = json_quoted(text);
  return quoted.substr(1, quoted.size() - 2);
}

TEST(JsonOutline, reads_what_json_is) {
  for (
      const std::string text :
      {"{}",
       "[]",
       "0",
       "-1.5e+3",
       R"("text")",
       R"([1,"2",[3,{}],true,false,null])",
       R"({"a":{"b":[{"c":"d"},{"e":[]}],"a":1},"a":2})",
       R"( { "a" : [ 1 , 2 ] } )",
       R"(["\"\\\/\b\f\n\r\t\u00e9\ud83d\udc1f", "long enough for more than eight bytes \" or so"])",
       "[18446744073709551615,-9223372036854775808]"}) {
    EXPECT_EQ(read(text, Form::plain), read_by_simdjson(text)) << text;
    EXPECT_NE(read(text, Form::plain), "(none)") << text;
  }
}

TEST(JsonOutline, refuses_what_is_no_json_and_what_nobody_can_hold) {
  for (const std::string text : {"",
                                 " ",
                                 "{",
                                 "}",
                                 "[1",
                                 "[1}",
                                 "[1,]",
                                 "[,1]",
                                 "{1:2}",
                                 R"({"a"})",
                                 R"({"a":})",
                                 R"({"a":1,})",
                                 "01",
                                 "1.",
                                 ".5",
                                 "1e",
                                 "-",
                                 "+1",
                                 "tru",
                                 "truex",
                                 "1 2",
                                 R"("a)",
                                 R"("\x")",
                                 R"("\u12g4")",
                                 R"("\u12)",
                                 R"("\ud8")",
                                 "[\"\n\"]",
                                 R"("\ud83d")",
                                 R"("\udc1f\ud83d")",
                                 "1e999",
                                 "18446744073709551616",
                                 "{}{}",
                                 "\"\x01\""}) {
    EXPECT_EQ(read(text, Form::plain), "(none)") << text;
    EXPECT_EQ(read_by_simdjson(text), "(none)") << text;
    EXPECT_EQ(read(in_string(text), Form::in_string), "(none)") << text;
  }
}

TEST(JsonOutline, is_not_led_too_deep) {
  const auto nested = [](std::size_t levels) {
    return std::string(levels, '[') + std::string(levels, ']');
  };
  EXPECT_NE(read(nested(1000), Form::plain), "(none)");
  EXPECT_EQ(read(nested(2000), Form::plain), "(none)");
  EXPECT_EQ(read(std::string(100'000, '['), Form::plain), "(none)");
}

TEST(JsonOutline, leaves_unusual_escapes_of_a_string_to_the_plain_form) {
  EXPECT_EQ(read(R"({\"a\":\"x\\\"y\\\\z\\n\"})", Form::in_string), "{a:\"x\"y\\z\n\",}");
  EXPECT_EQ(read(R"({\"a\":\"https:\/\/example.com\\\/\"})", Form::in_string),
            "{a:\"https://example.com/\",}");
  for (const auto* text : {R"({\u0022a\":1})",
                           R"({\"a\":\"\u0041\"})",
                           R"({\"a\\n\":1})",
                           R"({\"a\":\n1})",
                           R"({\"a\":\"\\ud83d\\udc1f\"})",
                           R"({\"a\":1}\)"}) {
    EXPECT_EQ(read(text, Form::in_string), "(none)") << text;
  }
}

TEST(JsonOutline, picks_the_members_that_are_wanted) {
  const WantedFields wanted{{"Id", "Name", "Missing"}};
  std::array<JsonOutline::Value, 3> found;
  JsonOutline outline;
  std::string storage;
  ASSERT_TRUE(
      outline.read(R"({"Other":{"Id":0},"N\u0061me":"one","Id":1,"":2,"Id":[3]})", Form::plain));
  outline[0].pick(wanted, found);
  EXPECT_EQ(found[0].raw(), "[3]");
  EXPECT_EQ(found[1].text(storage), "one");
  EXPECT_EQ(found[2].kind(), JsonKind::nothing);
  EXPECT_EQ(outline[0].member("Name").raw(), "one");
  EXPECT_EQ(outline[0].member("name").kind(), JsonKind::nothing);
  found[0].pick(wanted, found);
  EXPECT_EQ(found[0].kind(), JsonKind::nothing);
}

/// Texts that are JSON, and texts that nearly are.
class Writer {
public:
  explicit Writer(std::uint64_t seed) : random_{seed} {}

  auto text() -> std::string {
    std::string text = value(4);
    for (auto times = random_.below(4); times > 2; --times) {
      constexpr std::string_view few = "{}[]\",:\\ 01-.eEutn/\x01";
      auto& one = text[random_.below(text.size())];
      one = static_cast<unsigned char>(one) < 0x80 ? few[random_.below(few.size())] : one;
    }
    return text;
  }

private:
  auto value(std::uint64_t depth) -> std::string {
    constexpr std::array scalars{
        "0", "-12", "1.25", "3e2", "123456789012345678901", "true", "null"};
    switch (random_.below(depth == 0 ? 4 : 8)) {
    case 0:
      return scalars[random_.below(scalars.size())];
    case 1:
    case 2:
    case 3:
      return string();
    case 4:
    case 5:
      return '[' + list([&] { return value(depth - 1); }) + ']';
    default:
      return '{' + list([&] { return string() + blank() + ':' + value(depth - 1); }) + '}';
    }
  }
  auto list(const auto& item) -> std::string {
    std::string all;
    for (auto left = random_.below(4); left > 0; --left) {
      all += blank() + item() + (left == 1 ? "" : ",");
    }
    return all + blank();
  }
  auto string() -> std::string {
    constexpr std::array pieces{"a",
                                "Type",
                                "12345678",
                                "{\\\"",
                                " ",
                                "\\\\",
                                "\\/",
                                "\\u0041",
                                "\\ud83d\\udc1f",
                                "\\ud83d",
                                "\\n",
                                "é",
                                "]}"};
    std::string text;
    for (auto left = random_.below(5); left > 0; --left) {
      text += pieces[random_.below(random_.below(8) == 0 ? pieces.size() : 5)];
    }
    return '"' + text + '"';
  }
  auto blank() -> std::string { return random_.below(8) == 0 ? " " : ""; }

  Random random_;
};

TEST(JsonOutline, reads_as_others_do_in_either_form) {
  Writer writer{7};
  std::size_t good = 0;
  std::size_t good_in_string = 0;
  for (int i = 0; i < 30'000; ++i) {
    const auto text = writer.text();
    const auto expected = read_by_simdjson(text);
    ASSERT_EQ(read(text, Form::plain), expected) << text;
    const auto found = read(in_string(text), Form::in_string);
    ASSERT_TRUE(found == expected || found == "(none)") << text;
    good += expected != "(none)";
    good_in_string += found != "(none)";
  }
  EXPECT_GT(good, 10'000U);
  EXPECT_GT(good_in_string, good / 2);
}

TEST(JsonOutline, what_is_cut_within_an_escape_is_not_read_beyond_its_end) {
  for (const std::string_view whole : {R"(\"\\\u00e9\\\\)", R"("\ud83d\udc1f\\)"}) {
    for (std::size_t size = 0; size <= whole.size(); ++size) {
      EXPECT_EQ(read(std::string{whole.substr(0, size)}, Form::in_string), "(none)");
      EXPECT_EQ(read(std::string{whole.substr(0, size)}, Form::plain), "(none)");
    }
  }
}

TEST(JsonOutline, what_is_unescaped_stays_with_its_storage) {
  for (const std::string_view text : {R"(\"https:\/\/contoso.com\")", R"(\"a \\\"b\\\" c\")"}) {
    JsonOutline outline;
    ASSERT_TRUE(outline.read(text, Form::in_string));
    std::string storage;
    const auto said = outline[0].text(storage);
    EXPECT_EQ(said.data(), storage.data()) << text;
  }
}

} // namespace
} // namespace sluice::record
