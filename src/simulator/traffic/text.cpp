// SPDX-License-Identifier: Apache-2.0
#include "simulator/traffic/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

#include "base/check.hpp"

namespace sluice::simulator {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

/// Writes `digits` hexadecimal digits of `value` from `place` on.
auto put_hex(char* place, std::uint64_t value, int digits) -> char* {
  for (int i = digits; i-- > 0;) {
    place[i] = hex_digits[value & 15U];
    value >>= 4U;
  }
  return place + digits;
}

auto put_digits(char* place, int value, int digits) -> char* {
  for (int i = digits; i-- > 0;) {
    place[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return place + digits;
}

auto put_civil(char* place, const CivilTime& c) -> char* {
  place = put_digits(place, c.year, 4);
  *place++ = '-';
  place = put_digits(place, c.month, 2);
  *place++ = '-';
  place = put_digits(place, c.day, 2);
  *place++ = 'T';
  place = put_digits(place, c.hour, 2);
  *place++ = ':';
  place = put_digits(place, c.minute, 2);
  *place++ = ':';
  return put_digits(place, c.second, 2);
}

constexpr auto needs_escape(char c) -> bool {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20U;
}

void append_escape_of(std::string& out, char c) {
  switch (c) {
  case '\n':
    out += "\\n";
    return;
  case '\r':
    out += "\\r";
    return;
  case '\t':
    out += "\\t";
    return;
  case '"':
  case '\\':
    out += '\\';
    out += c;
    return;
  default:
    out += "\\u";
    append_hex(out, static_cast<unsigned char>(c), 4);
  }
}

} // namespace

auto Guid::text() const -> std::string {
  std::string text;
  append_guid(text, *this);
  return text;
}

void append_guid(std::string& out, Guid guid) {
  std::array<char, 36> text{};
  auto* place = put_hex(text.data(), guid.high >> 32U, 8);
  *place++ = '-';
  place = put_hex(place, guid.high >> 16U, 4);
  *place++ = '-';
  place = put_hex(place, guid.high, 4);
  *place++ = '-';
  place = put_hex(place, guid.low >> 48U, 4);
  *place++ = '-';
  put_hex(place, guid.low, 12);
  out.append(text.data(), text.size());
}

void append_hex(std::string& out, std::uint64_t value, int digits) {
  std::array<char, 16> text{};
  put_hex(text.data(), value, digits);
  out.append(text.data(), static_cast<std::size_t>(digits));
}

void append_number(std::string& out, std::uint64_t value) {
  std::array<char, 20> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  out.append(text.data(), static_cast<std::size_t>(end - text.data()));
}

void append_seconds(std::string& out, DateTime time) {
  std::array<char, 19> text{};
  put_civil(text.data(), to_civil(time));
  out.append(text.data(), text.size());
}

void append_ticks(std::string& out, DateTime time) {
  std::array<char, 28> text{};
  const auto civil = to_civil(time);
  auto* place = put_civil(text.data(), civil);
  *place++ = '.';
  place = put_digits(place, civil.ticks, 7);
  *place = 'Z';
  out.append(text.data(), text.size());
}

void append_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto plain =
        static_cast<std::size_t>(std::ranges::find_if(text, needs_escape) - text.begin());
    out.append(text.data(), plain);
    text.remove_prefix(plain);
    if (!text.empty()) {
      append_escape_of(out, text.front());
      text.remove_prefix(1);
    }
  }
}

void fill(std::string& out, std::string_view text, std::initializer_list<Value> values) {
  for (auto place = text.find('%'); place != std::string_view::npos; place = text.find('%')) {
    out.append(text.data(), place);
    const auto end = text.find('%', place + 1);
    CHECK(end != std::string_view::npos);
    const auto name = text.substr(place + 1, end - place - 1);
    const auto* value = std::ranges::find(values, name, &Value::name);
    CHECK(value != values.end());
    out.append(value->text);
    text.remove_prefix(end + 1);
  }
  out.append(text);
}

} // namespace sluice::simulator
