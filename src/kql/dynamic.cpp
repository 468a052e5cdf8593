// SPDX-License-Identifier: Apache-2.0
#include "kql/dynamic.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/json_text.hpp"
#include "kql/conversion.hpp"
#include "kql/string_literal.hpp"

namespace sluice::kql {
namespace {

/// Length of the canonical value that `text` begins with.
auto value_length(std::string_view text) noexcept -> std::size_t {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      i += c == '\\' ? 1 : 0;
      in_string = c != '"';
      if (!in_string && depth == 0) {
        return i + 1;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if (c == ']' || c == '}' || c == ',' || c == ':') {
      if (depth == 0) {
        return i;
      }
      if (c == ']' || c == '}') {
        if (--depth == 0) {
          return i + 1;
        }
      }
    }
  }
  return text.size();
}

/// Of the shortest texts that read back as `value` the engine takes not the nearest but the
/// greatest: 0.1 + 0.2 is 0.30000000000000007 (observed).
void raise_last_digit(std::string& text, double value) {
  const auto exponent = std::min(text.find('e'), text.size());
  const auto last = text.find_last_of("0123456789", exponent - 1);
  for (auto higher = text; higher[last] < '9'; text = higher) {
    ++higher[last];
    double back = 0;
    std::from_chars(higher.data(), higher.data() + higher.size(), back);
    if (back != value) {
      return;
    }
  }
}

} // namespace

auto json_kind(std::string_view json) noexcept -> JsonKind {
  if (json.empty() || json.front() == 'n') {
    return JsonKind::null;
  }
  switch (json.front()) {
  case '{':
    return JsonKind::object;
  case '[':
    return JsonKind::array;
  case '"':
    return JsonKind::string;
  case 't':
  case 'f':
    return JsonKind::boolean;
  default:
    return json.find_first_of(".eE") == std::string_view::npos ? JsonKind::integer : JsonKind::real;
  }
}

JsonItems::JsonItems(std::string_view json) noexcept {
  const auto kind = json_kind(json);
  is_object_ = kind == JsonKind::object;
  if (is_object_ || kind == JsonKind::array) {
    rest_ = json.substr(1, json.size() - 2);
  }
}

auto JsonItems::next() noexcept -> bool {
  if (rest_.empty()) {
    return false;
  }
  if (is_object_) {
    key_ = rest_.substr(0, value_length(rest_));
    rest_.remove_prefix(key_.size() + 1);
  }
  value_ = rest_.substr(0, value_length(rest_));
  rest_.remove_prefix(std::min(value_.size() + 1, rest_.size()));
  return true;
}

auto json_member(std::string_view json, std::string_view key) -> std::string_view {
  const auto quoted = json_quoted(key);
  for (JsonItems item{json}; item.next();) {
    if (item.key() == quoted) {
      return item.value();
    }
  }
  return {};
}

auto json_element(std::string_view json, std::int64_t index) -> std::string_view {
  if (json_kind(json) != JsonKind::array) {
    return {};
  }
  if (index < 0) {
    index += static_cast<std::int64_t>(json_length(json));
  }
  for (JsonItems item{json}; index >= 0 && item.next(); --index) {
    if (index == 0) {
      return item.value();
    }
  }
  return {};
}

auto json_length(std::string_view json) -> std::size_t {
  std::size_t count = 0;
  for (JsonItems item{json}; item.next();) {
    ++count;
  }
  return count;
}

auto json_unquoted(std::string_view quoted) -> std::string {
  if (quoted.find('\\') == std::string_view::npos) {
    return std::string{quoted.substr(1, quoted.size() - 2)};
  }
  return read_string_literal(quoted).value_or(StringLiteral{}).text;
}

auto json_to_text(std::string_view json) -> std::string {
  switch (json_kind(json)) {
  case JsonKind::null:
    return "";
  case JsonKind::string:
    return json_unquoted(json);
  default:
    return std::string{json};
  }
}

auto real_to_text(double value) -> std::string {
  if (std::isnan(value)) {
    return "NaN";
  }
  if (std::isinf(value)) {
    return value > 0 ? "inf" : "-inf";
  }
  auto text = fmt::format("{}", value);
  raise_last_digit(text, value);
  if (text.find_first_of(".e") == std::string::npos) {
    text += ".0";
  }
  return text;
}

auto to_json(const Value& value) -> std::string {
  if (value.is_null()) {
    return value.type() == Type::string ? "\"\"" : "null";
  }
  switch (value.type()) {
  case Type::boolean:
    return value.as_boolean() ? "true" : "false";
  case Type::int32:
  case Type::int64:
    return fmt::format("{}", value.as_integer());
  case Type::real: {
    const auto real = value.as_real();
    if (std::isinf(real)) { // Other than in `tostring` (observed).
      return real > 0 ? R"("Infinity")" : R"("-Infinity")";
    }
    auto text = real_to_text(real);
    return std::isnan(real) ? json_quoted(text) : text;
  }
  case Type::dynamic:
    return std::string{value.text()};
  case Type::decimal: // As text (observed), so that no digit is lost.
  case Type::string:
  case Type::guid:
    return json_quoted(value.text());
  case Type::datetime:
  case Type::timespan:
    return json_quoted(to_text(value));
  }
  return "null";
}

auto expanded(const Value& value, bool bags_to_arrays) -> Value {
  if (value.is_null()) {
    return Value::dynamic("[null]");
  }
  const auto kind = json_kind(value.text());
  if (kind == JsonKind::array) {
    return value;
  }
  if (kind != JsonKind::object) {
    return Value::dynamic("[" + std::string{value.text()} + "]");
  }
  std::string json = "[";
  for (JsonItems member{value.text()}; member.next();) {
    json += json.size() > 1 ? "," : "";
    json += bags_to_arrays ? '[' : '{';
    json.append(member.key()).append(bags_to_arrays ? "," : ":").append(member.value());
    json += bags_to_arrays ? ']' : '}';
  }
  return Value::dynamic(json + "]");
}

} // namespace sluice::kql
