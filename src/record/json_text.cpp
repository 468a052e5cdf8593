// SPDX-License-Identifier: Apache-2.0
#include "record/json_text.hpp"

#include <charconv>
#include <cstddef>

namespace sluice::record {
namespace {

/// The four hexadecimal digits at `text[at]`, or nothing.
auto hex4(std::string_view text, std::size_t at) -> std::optional<std::uint32_t> {
  std::uint32_t value = 0;
  if (at + 4 > text.size()) {
    return std::nullopt;
  }
  const auto* const begin = text.data() + at;
  const auto [end, error] = std::from_chars(begin, begin + 4, value, 16);
  return error == std::errc{} && end == begin + 4 ? std::optional{value} : std::nullopt;
}

void append_utf8(std::string& out, std::uint32_t point) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
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
}

/// Appends what `\uXXXX` at `text[at]` (the digits) stands for, a second half included. Returns the
/// characters used beyond `\u`; 0 when it is none.
auto append_unicode(std::string& out, std::string_view text, std::size_t at) -> std::size_t {
  const auto first = hex4(text, at);
  if (!first) {
    return 0;
  }
  if (*first < 0xD800 || *first > 0xDFFF) {
    append_utf8(out, *first);
    return 4;
  }
  const auto second = text.substr(at + 4, 2) == "\\u" ? hex4(text, at + 6) : std::nullopt;
  if (*first <= 0xDBFF && second && *second >= 0xDC00 && *second <= 0xDFFF) {
    append_utf8(out, 0x10000 + ((*first - 0xD800) << 10U) + (*second - 0xDC00));
    return 10;
  }
  append_utf8(out, 0xFFFD);
  return 4;
}

auto simple_escape(char c) -> std::optional<char> {
  constexpr std::string_view names = "\"\\/bfnrt";
  constexpr std::string_view values = "\"\\/\b\f\n\r\t";
  const auto at = names.find(c);
  return at == std::string_view::npos ? std::nullopt : std::optional{values[at]};
}

auto unescape(std::string_view text, std::string& out) -> bool {
  out.clear();
  for (std::size_t at = 0; at < text.size();) {
    const auto backslash = std::min(text.find('\\', at), text.size());
    out += text.substr(at, backslash - at);
    if (backslash == text.size()) {
      break;
    }
    const char name = backslash + 1 < text.size() ? text[backslash + 1] : '\0';
    at = backslash + 2;
    if (const auto value = simple_escape(name)) {
      out += *value;
      continue;
    }
    const auto used = name == 'u' ? append_unicode(out, text, at) : 0;
    if (used == 0) {
      return false;
    }
    at += used;
  }
  return true;
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
  const auto text = raw.substr(1, raw.size() - 2);
  if (text.find('\\') == std::string_view::npos) {
    return text;
  }
  return unescape(text, storage) ? std::optional<std::string_view>{storage} : std::nullopt;
}

auto integer_of(std::string_view raw) noexcept -> std::optional<std::int64_t> {
  return number_of<std::int64_t>(raw);
}

auto real_of(std::string_view raw) noexcept -> std::optional<double> {
  const auto text = unquoted(raw);
  const bool numeric = text.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
  return numeric ? number_of<double>(text) : std::nullopt;
}

auto boolean_of(std::string_view raw) noexcept -> std::optional<bool> {
  const auto text = unquoted(raw);
  if (equals_ignoring_case(text, "true")) {
    return true;
  }
  return equals_ignoring_case(text, "false") ? std::optional{false} : std::nullopt;
}

auto trimmed(std::string_view text) noexcept -> std::string_view {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = std::min(text.find_first_not_of(blanks), text.size());
  text.remove_prefix(first);
  const auto last = text.find_last_not_of(blanks);
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

} // namespace sluice::record
