// SPDX-License-Identifier: Apache-2.0
#include "record/json_text.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace sluice::record {
namespace {

/// Writes a code point as UTF-8 and returns where it ends.
auto put_utf8(char* out, std::uint32_t point) -> char* {
  const auto put = [&out](std::uint32_t byte) { *out++ = static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0U | point >> 6U);
    put(0x80U | (point & 0x3FU));
  } else if (point < 0x10000) {
    put(0xE0U | point >> 12U);
    put(0x80U | (point >> 6U & 0x3FU));
    put(0x80U | (point & 0x3FU));
  } else {
    put(0xF0U | point >> 18U);
    put(0x80U | (point >> 12U & 0x3FU));
    put(0x80U | (point >> 6U & 0x3FU));
    put(0x80U | (point & 0x3FU));
  }
  return out;
}

/// Writes what `\uXXXX` at `text[at]` (the digits) stands for, a second half included, which is
/// never longer than how it is written. Returns the characters used beyond `\u`; 0 when it is none.
auto put_unicode(char*& out, std::string_view text, std::size_t at) -> std::size_t {
  const auto first = hex4(text, at);
  if (!first) {
    return 0;
  }
  if (*first < 0xD800 || *first > 0xDFFF) {
    out = put_utf8(out, *first);
    return 4;
  }
  const auto second = text.substr(at + 4, 2) == "\\u" ? hex4(text, at + 6) : std::nullopt;
  if (*first <= 0xDBFF && second && *second >= 0xDC00 && *second <= 0xDFFF) {
    out = put_utf8(out, 0x10000 + ((*first - 0xD800) << 10U) + (*second - 0xDC00));
    return 10;
  }
  out = put_utf8(out, 0xFFFD);
  return 4;
}

/// What follows a backslash, by what it stands for; 0 for what stands for nothing by itself.
constexpr auto simple_escapes = [] {
  std::array<char, 256> values{};
  constexpr std::string_view names = "\"\\/bfnrt";
  constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
  for (std::size_t i = 0; i < names.size(); ++i) {
    values.at(static_cast<unsigned char>(names[i])) = meanings[i];
  }
  return values;
}();

/// Copies up to the next backslash, eight bytes at a time. JSON within JSON has a backslash every
/// few characters, where a search for each is slower than this.
void copy_plain(std::string_view text, std::size_t& at, char*& out) {
  constexpr std::size_t width = sizeof(std::uint64_t);
  constexpr std::uint64_t ones = 0x0101010101010101U;
  constexpr std::uint64_t backslashes = ones * '\\';
  static_assert(std::endian::native == std::endian::little);
  while (at + width <= text.size()) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, width);
    std::memcpy(out, &word, width); // What is too much is written over.
    const auto differs = word ^ backslashes;
    const auto found = (differs - ones) & ~differs & (ones << 7U);
    const auto plain = static_cast<std::size_t>(std::countr_zero(found)) / 8;
    out += plain;
    at += plain;
    if (plain != width) {
      return;
    }
  }
  while (at < text.size() && text[at] != '\\') {
    *out++ = text[at++];
  }
}

/// Nothing when there is an escape that JSON does not know.
auto unescape(std::string_view text, std::string& storage) -> std::optional<std::string_view> {
  if (storage.size() < text.size()) {
    storage.resize(text.size()); // No escape is shorter than what it stands for.
  }
  char* out = storage.data();
  for (std::size_t at = 0; at < text.size();) {
    copy_plain(text, at, out);
    if (at == text.size()) {
      break;
    }
    const char name = at + 1 < text.size() ? text[at + 1] : '\0';
    at += 2;
    if (const char value = simple_escapes[static_cast<unsigned char>(name)]; value != 0) {
      *out++ = value;
      continue;
    }
    const auto used = name == 'u' ? put_unicode(out, text, at) : 0;
    if (used == 0) {
      return std::nullopt;
    }
    at += used;
  }
  return std::string_view{storage.data(), static_cast<std::size_t>(out - storage.data())};
}

/// Strips quotes, if there are any: what numbers and booleans look like in a string.
auto unquoted(std::string_view raw) -> std::string_view {
  const bool quoted = raw.size() >= 2 && raw.front() == '"' && raw.back() == '"';
  return quoted ? raw.substr(1, raw.size() - 2) : raw;
}

template <class Number>
auto number_of(std::string_view raw) -> std::optional<Number> {
  const auto text = unquoted(raw);
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = !text.empty() && error == std::errc{} && end == text.data() + text.size();
  return whole ? std::optional{value} : std::nullopt;
}

auto equals_ignoring_case(std::string_view text, std::string_view lower) -> bool {
  if (text.size() != lower.size()) {
    return false;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) | 0x20U) != static_cast<unsigned char>(lower[i])) {
      return false;
    }
  }
  return true;
}

} // namespace

auto kind_of(std::string_view raw) noexcept -> JsonKind {
  switch (raw.empty() ? '\0' : raw.front()) {
  case '"':
    return JsonKind::string;
  case '{':
    return JsonKind::object;
  case '[':
    return JsonKind::array;
  case 'n':
    return JsonKind::null;
  case 't':
  case 'f':
    return JsonKind::boolean;
  default:
    const bool digit = !raw.empty() && raw.front() >= '0' && raw.front() <= '9';
    return digit || raw.starts_with('-') ? JsonKind::number : JsonKind::nothing;
  }
}

auto string_text(std::string_view raw, std::string& storage) -> std::optional<std::string_view> {
  if (raw.size() < 2 || raw.front() != '"' || raw.back() != '"') {
    return std::nullopt;
  }
  return unescaped(raw.substr(1, raw.size() - 2), storage);
}

auto unescaped(std::string_view text, std::string& storage) -> std::optional<std::string_view> {
  const bool is_plain = text.find('\\') == std::string_view::npos;
  return is_plain ? text : unescape(text, storage);
}

auto hex4(std::string_view text, std::size_t at) -> std::optional<std::uint32_t> {
  std::uint32_t value = 0;
  if (at + 4 > text.size()) {
    return std::nullopt;
  }
  const auto* const begin = text.data() + at;
  const auto [end, error] = std::from_chars(begin, begin + 4, value, 16);
  return error == std::errc{} && end == begin + 4 ? std::optional{value} : std::nullopt;
}

auto integer_of(std::string_view raw) noexcept -> std::optional<std::int64_t> {
  if (const auto whole = number_of<std::int64_t>(raw)) {
    return whole;
  }
  constexpr double exact = 9e15; // Below it every whole number is a double of its own.
  const auto real = real_of(raw);
  return real && std::trunc(*real) == *real && std::abs(*real) < exact
             ? std::optional{static_cast<std::int64_t>(*real)}
             : std::nullopt;
}

auto real_of(std::string_view raw) noexcept -> std::optional<double> {
  const auto text = unquoted(raw);
  const bool numeric = text.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
  return numeric ? number_of<double>(text) : std::nullopt;
}

auto boolean_of(std::string_view raw) noexcept -> std::optional<bool> {
  const auto text = unquoted(raw);
  if (text == "1" || equals_ignoring_case(text, "true")) {
    return true;
  }
  return text == "0" || equals_ignoring_case(text, "false") ? std::optional{false} : std::nullopt;
}

auto trimmed(std::string_view text) noexcept -> std::string_view {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

} // namespace sluice::record
