// SPDX-License-Identifier: Apache-2.0
#include "kql/conversion.hpp"

#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "kql/case_fold.hpp"
#include "kql/decimal.hpp"
#include "kql/dynamic.hpp"

namespace sluice::kql {
namespace {

auto trimmed(std::string_view text) -> std::string_view {
  constexpr std::string_view blanks = " \t\r\n";
  const auto begin = text.find_first_not_of(blanks);
  return begin == std::string_view::npos
             ? std::string_view{}
             : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

auto real_to_integer(double value, Type type) -> Value {
  const auto whole = std::trunc(value);
  const bool fits = type == Type::int32
                        ? std::abs(whole) <= std::numeric_limits<std::int32_t>::max()
                        : whole >= -0x1p63 && whole < 0x1p63;
  if (fits) {
    return Value::integer(type, static_cast<std::int64_t>(whole));
  }
  // Beyond 64 bits the smallest number comes out (observed).
  return type == Type::int64 && !std::isnan(value)
             ? Value::int64(std::numeric_limits<std::int64_t>::min())
             : Value::null(type);
}

/// What a text says; beyond the type it says nothing.
auto written_integer(std::int64_t value, Type type) -> Value {
  const bool fits = type != Type::int32 || (value >= std::numeric_limits<std::int32_t>::min() &&
                                            value <= std::numeric_limits<std::int32_t>::max());
  return fits ? Value::integer(type, value) : Value::null(type);
}

/// As `int` the ticks are cut to 32 bits (observed).
auto ticks_as(std::int64_t ticks, Type type) -> Value {
  return is_integer(type)     ? Value::integer(type, ticks)
         : type == Type::real ? Value::real(static_cast<double>(ticks))
                              : Value::null(type);
}

auto text_as(std::string_view text, Type type) -> Value {
  switch (type) {
  case Type::boolean:
    if (const auto value = parse_boolean(text)) {
      return Value::boolean(*value);
    }
    break;
  case Type::int32:
  case Type::int64:
    if (const auto value = parse_long(text)) {
      return written_integer(*value, type);
    }
    break;
  case Type::real:
    if (const auto value = parse_real(text)) {
      return Value::real(*value);
    }
    break;
  case Type::datetime:
    if (const auto value = parse_datetime(text)) {
      return Value::datetime(*value);
    }
    break;
  case Type::timespan:
    if (const auto value = parse_timespan(text)) {
      return Value::timespan(*value);
    }
    break;
  case Type::decimal:
    if (const auto value = Decimal::parse(text)) {
      return Value::decimal(value->text());
    }
    break;
  case Type::guid:
    if (auto value = parse_guid(text)) {
      return Value::guid(*std::move(value));
    }
    break;
  default:
    break;
  }
  return Value::null(type);
}

auto dynamic_as(std::string_view json, Type type) -> Value {
  switch (json_kind(json)) {
  case JsonKind::string:
    return text_as(json_unquoted(json), type);
  case JsonKind::integer: {
    const auto number = parse_long(json).value_or(0);
    // Cut to 32 bits, where a number in text would be null (observed).
    return is_integer(type) ? Value::integer(type, number) : convert(Value::int64(number), type);
  }
  case JsonKind::real:
    return convert(Value::real(parse_real(json).value_or(0)), type);
  case JsonKind::boolean:
    return convert(Value::boolean(json == "true"), type);
  default:
    return Value::null(type);
  }
}

auto decimal_of(const Value& number) -> Value {
  const auto decimal = is_integer(number.type()) ? std::optional{Decimal::from(number.as_integer())}
                                                 : Decimal::from(number.as_real());
  return decimal ? Value::decimal(decimal->text()) : Value::null(Type::decimal);
}

auto decimal_as(const Value& value, Type type) -> Value {
  if (!is_integer(type)) {
    return convert(Value::real(value.as_real()), type);
  }
  const auto decimal = Decimal::parse(value.text());
  const auto whole = decimal ? decimal->truncated() : std::nullopt;
  return whole ? written_integer(*whole, type) : Value::null(type);
}

auto number_as(const Value& value, Type type) -> Value {
  switch (type) {
  case Type::boolean:
    return Value::boolean(value.as_real() != 0);
  case Type::int32:
  case Type::int64:
    // A long is cut to 32 bits (observed).
    return is_integer(value.type()) ? Value::integer(type, value.as_integer())
                                    : real_to_integer(value.as_real(), type);
  case Type::real:
    return Value::real(value.as_real());
  case Type::decimal:
    return decimal_of(value);
  case Type::datetime:
    return is_integer(value.type()) ? Value::datetime({Ticks{value.as_integer()}})
                                    : Value::null(type);
  case Type::timespan:
    if (is_integer(value.type())) {
      return Value::timespan(Ticks{value.as_integer()});
    }
    if (const auto ticks = to_ticks(value.as_real(), 864'000'000'000)) {
      return Value::timespan(*ticks);
    }
    return Value::null(type);
  default:
    return Value::null(type);
  }
}

} // namespace

auto parse_long(std::string_view text) -> std::optional<std::int64_t> {
  text = trimmed(text);
  const bool negative = text.starts_with('-');
  auto digits = text.substr(negative || text.starts_with('+') ? 1 : 0);
  const bool hexadecimal = digits.starts_with("0x") || digits.starts_with("0X");
  if (hexadecimal) {
    digits.remove_prefix(2);
  }
  std::uint64_t magnitude = 0;
  const auto* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, magnitude, hexadecimal ? 16 : 10);
  const auto limit = hexadecimal ? std::numeric_limits<std::uint64_t>::max()
                                 : 0x7FFF'FFFF'FFFF'FFFFULL + (negative ? 1 : 0);
  if (error != std::errc{} || stop != end || magnitude > limit) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
}

auto parse_real(std::string_view text) -> std::optional<double> {
  text = trimmed(text);
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  constexpr auto infinity = std::numeric_limits<double>::infinity();
  const bool negative = text.starts_with('-');
  const auto magnitude = text.substr(negative ? 1 : 0);
  if (magnitude == "inf" || equal_folded(magnitude, "infinity")) {
    return negative ? -infinity : infinity;
  }
  if (equal_folded(text, "nan")) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (magnitude.empty() ||
      (magnitude.front() != '.' && (magnitude.front() < '0' || magnitude.front() > '9'))) {
    return std::nullopt;
  }
  double value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) {
    return std::nullopt;
  }
  return value;
}

auto parse_boolean(std::string_view text) -> std::optional<bool> {
  text = trimmed(text);
  if (equal_folded(text, "true") || equal_folded(text, "false")) {
    return text.size() == 4;
  }
  const auto number = parse_long(text);
  return number ? std::optional{*number != 0} : std::nullopt;
}

auto parse_guid(std::string_view text) -> std::optional<std::string> {
  text = trimmed(text);
  if (text.size() > 2 && ((text.front() == '{' && text.back() == '}') ||
                          (text.front() == '(' && text.back() == ')'))) {
    text = text.substr(1, text.size() - 2);
  }
  std::string digits;
  for (const char written : text) {
    if (written == '-') {
      continue;
    }
    const char c = (written >= 'A' && written <= 'F') ? static_cast<char>(written + 32) : written;
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
      return std::nullopt;
    }
    digits += c;
  }
  if (digits.size() != 32) {
    return std::nullopt;
  }
  for (const std::size_t at : {20U, 16U, 12U, 8U}) {
    digits.insert(at, 1, '-');
  }
  return digits;
}

auto to_text(const Value& value) -> std::string {
  if (value.is_null()) {
    return "";
  }
  switch (value.type()) {
  case Type::boolean:
    return value.as_boolean() ? "True" : "False";
  case Type::int32:
  case Type::int64:
    return fmt::format("{}", value.as_integer());
  case Type::real:
    return real_to_text(value.as_real());
  case Type::datetime:
    return to_iso8601(value.as_datetime(), 7);
  case Type::timespan:
    return to_text(value.as_timespan());
  case Type::dynamic:
    return json_to_text(value.text());
  case Type::decimal:
  case Type::string:
  case Type::guid:
    return std::string{value.text()};
  }
  return "";
}

auto convert(const Value& value, Type type) -> Value {
  if (value.type() == type) {
    return value;
  }
  if (value.is_absent()) {
    return Value::absent(type);
  }
  if (value.is_null()) {
    return Value::null(type);
  }
  if (type == Type::string) {
    return Value::string(to_text(value));
  }
  if (type == Type::dynamic) {
    return Value::dynamic(to_json(value));
  }
  switch (value.type()) {
  case Type::string:
  case Type::guid:
    return text_as(value.text(), type);
  case Type::dynamic:
    return dynamic_as(value.text(), type);
  case Type::boolean:
    return number_as(Value::int64(value.as_boolean() ? 1 : 0), type);
  case Type::datetime:
  case Type::timespan:
    return ticks_as(value.as_integer(), type);
  case Type::decimal:
    return decimal_as(value, type);
  default:
    return number_as(value, type);
  }
}

} // namespace sluice::kql
