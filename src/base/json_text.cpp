// SPDX-License-Identifier: Apache-2.0
#include "base/json_text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <fmt/format.h>

namespace sluice {
namespace {

/// Bytes of the well-formed UTF-8 sequence at the front of `text` (which is not empty); 0 when
/// there is none.
auto utf8_length(std::string_view text) -> std::size_t {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto follows = [&](std::size_t i, std::uint8_t low = 0x80, std::uint8_t high = 0xBF) {
    return i < text.size() && byte(i) >= low && byte(i) <= high;
  };
  const auto lead = byte(0);
  if (lead < 0x80) {
    return 1;
  }
  if (lead >= 0xC2 && lead <= 0xDF) {
    return follows(1) ? 2 : 0;
  }
  if (lead >= 0xE0 && lead <= 0xEF) {
    const std::uint8_t low = lead == 0xE0 ? 0xA0 : 0x80;
    const std::uint8_t high = lead == 0xED ? 0x9F : 0xBF;
    return follows(1, low, high) && follows(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const std::uint8_t low = lead == 0xF0 ? 0x90 : 0x80;
    const std::uint8_t high = lead == 0xF4 ? 0x8F : 0xBF;
    return follows(1, low, high) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

/// What stands in a JSON string as it is.
constexpr auto is_plain(char c) -> bool {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\';
}

/// Whether all of eight bytes are plain. In each, the highest bit tells that it is not: of what the
/// subtractions leave of a quote or less, and of a backslash, of what follows DEL, and of itself.
auto are_plain(std::uint64_t bytes) -> bool {
  constexpr std::uint64_t each = 0x0101010101010101U;
  constexpr std::uint64_t high = each << 7U;
  // Which swaps the quote and the blank, so that it stands with the controls below.
  constexpr std::uint64_t quote_to_blank = each * ('"' ^ ' ');
  const auto controls = (bytes ^ quote_to_blank) - each * 0x21U;
  const auto backslashes = (bytes ^ (each * '\\')) - each;
  return ((controls | backslashes | (bytes + each) | bytes) & high) == 0;
}

/// How many bytes at the front of `text` are plain.
auto plain_length(std::string_view text) -> std::size_t {
  std::size_t length = 0;
  std::uint64_t bytes = 0;
  constexpr auto width = sizeof(bytes);
  const auto are_plain_at = [&](std::size_t at) {
    std::memcpy(&bytes, text.data() + at, width);
    return are_plain(bytes);
  };
  while (length + width <= text.size() && are_plain_at(length)) {
    length += width;
  }
  if (length > 0 && length + width > text.size() && are_plain_at(text.size() - width)) {
    return text.size();
  }
  while (length < text.size() && is_plain(text[length])) {
    ++length;
  }
  return length;
}

/// Appends the escape for a control character, or says that `c` needs none.
auto append_control(std::string& out, char c) -> bool {
  switch (c) {
  case '\n':
    out += "\\n";
    return true;
  case '\r':
    out += "\\r";
    return true;
  case '\t':
    out += "\\t";
    return true;
  default:
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) {
      return false;
    }
    out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    return true;
  }
}

} // namespace

void append_json_quoted(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const auto plain = plain_length(text);
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) {
      break;
    }
    const char c = text.front();
    std::size_t used = 1;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (!append_control(out, c)) {
      used = utf8_length(text);
      out += used == 0 ? std::string_view{"\xEF\xBF\xBD"} : text.substr(0, used);
      used = std::max<std::size_t>(used, 1);
    }
    text.remove_prefix(used);
  }
  out += '"';
}

auto json_quoted(std::string_view text) -> std::string {
  std::string out;
  out.reserve(text.size() + 2);
  append_json_quoted(out, text);
  return out;
}

auto escape_control(std::string_view text) -> std::string {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (!append_control(out, c)) {
      out += c;
    }
  }
  return out;
}

} // namespace sluice
