// SPDX-License-Identifier: Apache-2.0
#include "kql/literal_text.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "kql/conversion.hpp"
#include "kql/dynamic.hpp"
#include "kql/string_literal.hpp"

namespace sluice::kql {
namespace {

/// Bounds the work on `datetime(datetime(datetime(...`.
constexpr std::size_t max_depth = 100;

auto is_digit(char c) -> bool {
  return c >= '0' && c <= '9';
}
auto is_word(char c) -> bool {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

auto count_while(std::string_view text, std::size_t from, bool (*holds)(char)) -> std::size_t {
  while (from < text.size() && holds(text[from])) {
    ++from;
  }
  return from;
}

/// Where `.5` and `e+3` after the digits at `end` end. `1..5` and `1.x` have no fraction, `1.` an
/// empty one.
auto skip_fraction(std::string_view text, std::size_t end) -> std::size_t {
  const bool ends_in_point =
      end < text.size() && text[end] == '.' &&
      (end + 1 == text.size() || (!is_word(text[end + 1]) && text[end + 1] != '.'));
  if (ends_in_point) {
    return end + 1;
  }
  if (end + 1 < text.size() && text[end] == '.' && is_digit(text[end + 1])) {
    end = count_while(text, end + 1, is_digit);
  }
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    auto digits = end + 1;
    digits += digits < text.size() && (text[digits] == '+' || text[digits] == '-') ? 1 : 0;
    if (digits < text.size() && is_digit(text[digits])) {
      end = count_while(text, digits, is_digit);
    }
  }
  return end;
}

auto number_from(std::string_view text) -> std::optional<Value> {
  if (const auto integer = parse_long(text)) {
    return Value::int64(*integer);
  }
  const auto real =
      text.find_first_of(".eE") == std::string_view::npos ? std::nullopt : parse_real(text);
  return real ? std::optional{Value::real(*real)} : std::nullopt;
}

auto trimmed(std::string_view text) -> std::string_view {
  constexpr std::string_view blanks = " \t\r\n";
  const auto begin = text.find_first_not_of(blanks);
  return begin == std::string_view::npos
             ? std::string_view{}
             : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

auto read_real(std::string_view text) -> std::optional<Value> {
  constexpr auto infinity = std::numeric_limits<double>::infinity();
  if (text == "nan" || text == "NaN") {
    return Value::real(std::numeric_limits<double>::quiet_NaN());
  }
  if (text == "inf" || text == "+inf" || text == "-inf") {
    return Value::real(text.front() == '-' ? -infinity : infinity);
  }
  const auto real = parse_real(text);
  return real ? std::optional{Value::real(*real)} : std::nullopt;
}

/// Any blank of Unicode becomes a plain one, and there are none beside `-`, `/` and `:`.
auto without_odd_blanks(std::string_view text) -> std::string {
  constexpr std::string_view joints = "-/:";
  std::string plain;
  for (std::size_t i = 0; i < text.size();) {
    const auto width = blank_width(text.substr(i));
    if (width == 0) {
      plain += text[i++];
      if (joints.find(plain.back()) != std::string_view::npos) {
        for (auto more = blank_width(text.substr(i)); more > 0;
             more = blank_width(text.substr(i))) {
          i += more;
        }
      }
      continue;
    }
    i += width;
    const bool before_joint = i < text.size() && joints.find(text[i]) != std::string_view::npos;
    plain += before_joint || plain.ends_with(' ') ? "" : " ";
  }
  return plain;
}

/// The text of a literal that is nothing but a string.
auto quoted_text(std::string_view text) -> std::optional<std::string> {
  const auto quoted = read_string_literal(text);
  const bool is_whole = quoted && quoted->closed && quoted->length == text.size();
  return is_whole ? std::optional{quoted->text} : std::nullopt;
}

} // namespace

auto blank_width(std::string_view text) -> std::size_t {
  if (text.empty()) {
    return 0;
  }
  if (text.front() == ' ' || (text.front() >= '\t' && text.front() <= '\r')) {
    return 1;
  }
  if (text.starts_with("\xC2\xA0")) {
    return 2;
  }
  const auto third = text.size() > 2 ? static_cast<unsigned char>(text[2]) : 0U;
  const bool is_space = text.starts_with("\xE2\x80") && (third <= 0x8BU || third == 0xAFU);
  return is_space || text.starts_with("\xEF\xBB\xBF") || text.starts_with("\xE2\x81\x9F") ||
                 text.starts_with("\xE3\x80\x80")
             ? 3
             : 0;
}

auto depends_on_now(std::string_view inside) -> bool {
  const auto text = trimmed(inside);
  const auto quoted = quoted_text(text);
  return text == "now" || (quoted && parse_time_of_day(*quoted));
}

auto read_number_literal(std::string_view text) -> NumberLiteral {
  if (text.starts_with("0x") || text.starts_with("0X")) {
    const auto end = count_while(text, 2, is_word);
    return {number_from(text.substr(0, end)), end};
  }
  const auto whole = count_while(text, 0, is_digit);
  const auto end = skip_fraction(text, whole);
  const auto word_end = count_while(text, end, is_word);
  if (word_end == end) {
    return {number_from(text.substr(0, end)), end};
  }
  const auto unit = timespan_unit(text.substr(end, word_end - end));
  const auto amount = parse_real(text.substr(0, end));
  const auto ticks = unit && amount ? to_ticks(*amount, *unit) : std::nullopt;
  return {ticks ? std::optional{Value::timespan(*ticks)} : std::nullopt, word_end};
}

auto typed_literal_length(std::string_view inside) -> std::optional<std::size_t> {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < inside.size();) {
    const char c = inside[i];
    if (c == '"' || c == '\'' || c == '@') {
      if (const auto literal = read_string_literal(inside.substr(i))) {
        i += literal->length;
        continue;
      }
    }
    if (inside.substr(i).starts_with("//")) {
      i = std::min(inside.find('\n', i), inside.size());
      continue;
    }
    depth += c == '(' ? 1 : 0;
    if (depth > max_depth) {
      return std::nullopt;
    }
    if (c == ')') {
      if (depth == 0) {
        return i;
      }
      --depth;
    }
    ++i;
  }
  return std::nullopt;
}

auto read_typed_literal(Type type, std::string_view inside) -> std::optional<Value> {
  const auto text = trimmed(inside);
  if (text == "null") {
    return Value::null(type);
  }
  if (type == Type::real) {
    return read_real(text);
  }
  if (type == Type::dynamic) {
    auto json = read_dynamic_literal(text);
    return json ? std::optional{Value::dynamic(*std::move(json))} : std::nullopt;
  }
  if (type == Type::int32 && (text.starts_with("0x") || text.starts_with("0X"))) {
    const auto bits = parse_long(text);
    const bool fits = bits && *bits >= 0 && *bits <= std::numeric_limits<std::uint32_t>::max();
    return fits ? std::optional{Value::integer(type, *bits)} : std::nullopt;
  }
  const auto written = quoted_text(text).value_or(std::string{text});
  auto value = convert(Value::string(written), type);
  if (value.is_null() && type == Type::datetime) {
    value = convert(Value::string(without_odd_blanks(written)), type);
  }
  return value.is_null() ? std::nullopt : std::optional{std::move(value)};
}

} // namespace sluice::kql
