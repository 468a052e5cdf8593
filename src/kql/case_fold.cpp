// SPDX-License-Identifier: Apache-2.0
#include "kql/case_fold.hpp"

#include <cstdint>

#include <utf8proc.h>

#include "kql/string_literal.hpp"

namespace sluice::kql {
namespace {

constexpr char32_t not_unicode = 0x110000;

auto is_ascii(char32_t c) -> bool {
  return c < 0x80;
}

auto lower(char32_t c) -> char32_t {
  if (is_ascii(c)) {
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
  }
  return c >= not_unicode ? c
                          : static_cast<char32_t>(utf8proc_tolower(static_cast<std::int32_t>(c)));
}

auto upper(char32_t c) -> char32_t {
  if (is_ascii(c)) {
    return c >= 'a' && c <= 'z' ? c - 32 : c;
  }
  return c >= not_unicode ? c
                          : static_cast<char32_t>(utf8proc_toupper(static_cast<std::int32_t>(c)));
}

auto is_continuation(char c) -> bool {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

auto mapped(std::string_view text, char32_t (*map)(char32_t)) -> std::string {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto c = decode(text);
    if (c.value < not_unicode) {
      append_utf8(out, map(c.value));
    } else {
      out += text.front();
    }
    text.remove_prefix(c.bytes);
  }
  return out;
}

} // namespace

auto fold(char32_t c) noexcept -> char32_t {
  if (is_ascii(c)) {
    return lower(c);
  }
  // Dotted capital I and dotless small i fold to themselves in every language but Turkish.
  return c == 0x130 || c == 0x131 ? c : lower(upper(c));
}

auto decode(std::string_view text) noexcept -> CodePoint {
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) {
    return {first, 1};
  }
  std::int32_t c = 0;
  const auto bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                      static_cast<utf8proc_ssize_t>(text.size()),
                                      &c);
  return bytes > 0 ? CodePoint{static_cast<char32_t>(c), static_cast<std::size_t>(bytes)}
                   : CodePoint{not_unicode + first, 1};
}

auto decode_last(std::string_view text) noexcept -> CodePoint {
  for (std::size_t length = 1; length <= 4 && length <= text.size(); ++length) {
    const auto tail = text.substr(text.size() - length);
    if (!is_continuation(tail.front())) {
      const auto c = decode(tail);
      if (c.bytes == length) {
        return c;
      }
      break;
    }
  }
  return {not_unicode + static_cast<unsigned char>(text.back()), 1};
}

auto code_point_count(std::string_view text) noexcept -> std::size_t {
  std::size_t count = 0;
  while (!text.empty()) {
    text.remove_prefix(decode(text).bytes);
    ++count;
  }
  return count;
}

auto equal_folded(std::string_view a, std::string_view b) noexcept -> bool {
  while (!a.empty() && !b.empty()) {
    const auto x = decode(a);
    const auto y = decode(b);
    if (x.value != y.value && fold(x.value) != fold(y.value)) {
      return false;
    }
    a.remove_prefix(x.bytes);
    b.remove_prefix(y.bytes);
  }
  return a.empty() && b.empty();
}

auto to_lower(std::string_view text) -> std::string {
  return mapped(text, lower);
}

auto to_upper(std::string_view text) -> std::string {
  return mapped(text, upper);
}

auto folded(std::string_view text) -> std::string {
  return mapped(text, fold);
}

auto is_letter_or_digit(char32_t c) noexcept -> bool {
  if (is_ascii(c)) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
  }
  if (c >= not_unicode) {
    return false;
  }
  switch (utf8proc_category(static_cast<std::int32_t>(c))) {
  case UTF8PROC_CATEGORY_LU:
  case UTF8PROC_CATEGORY_LL:
  case UTF8PROC_CATEGORY_LT:
  case UTF8PROC_CATEGORY_LM:
  case UTF8PROC_CATEGORY_LO:
  case UTF8PROC_CATEGORY_ND:
    return true;
  default:
    return false;
  }
}

} // namespace sluice::kql
