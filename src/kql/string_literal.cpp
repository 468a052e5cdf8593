// SPDX-License-Identifier: Apache-2.0
#include "kql/string_literal.hpp"

#include <charconv>
#include <cstdint>

namespace sluice::kql {
namespace {

auto read_block(std::string_view text, std::size_t start, std::string_view fence) -> StringLiteral {
  const auto open = start + fence.size();
  const auto close = text.find(fence, open);
  if (close == std::string_view::npos) {
    return {std::string{text.substr(open)}, text.size(), false};
  }
  return {std::string{text.substr(open, close - open)}, close + fence.size(), true};
}

/// The quote is doubled to stand for itself; nothing else is special.
auto read_verbatim(std::string_view text, std::size_t start) -> StringLiteral {
  const char quote = text[start];
  StringLiteral literal;
  for (auto i = start + 1; i < text.size(); ++i) {
    if (text[i] == quote) {
      if (i + 1 >= text.size() || text[i + 1] != quote) {
        literal.length = i + 1;
        return literal;
      }
      ++i;
    }
    literal.text += text[i];
  }
  return {std::move(literal.text), text.size(), false};
}

/// Hexadecimal digits after `\x`, `\u` or `\U`; moves `at` behind them.
auto read_code(std::string_view text, std::size_t& at, std::size_t digits) -> char32_t {
  std::uint32_t code = 0;
  const auto hex = text.substr(at, digits);
  const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), code, 16);
  if (error != std::errc{}) {
    return 0xFFFD;
  }
  at += static_cast<std::size_t>(end - hex.data());
  return code;
}

/// `at` stands behind the backslash.
void read_escape(std::string_view text, std::size_t& at, std::string& out) {
  const char c = text[at++];
  switch (c) {
  case 'n':
    out += '\n';
    return;
  case 't':
    out += '\t';
    return;
  case 'r':
    out += '\r';
    return;
  case 'a':
    out += '\a';
    return;
  case 'b':
    out += '\b';
    return;
  case 'f':
    out += '\f';
    return;
  case 'v':
    out += '\v';
    return;
  case '0':
    out += '\0';
    return;
  case 'x':
    append_utf8(out, read_code(text, at, 2));
    return;
  case 'U':
    append_utf8(out, read_code(text, at, 8));
    return;
  case 'u': {
    auto code = read_code(text, at, 4);
    if (code >= 0xD800 && code < 0xDC00 && text.substr(at).starts_with("\\u")) {
      auto after = at + 2;
      const auto low = read_code(text, after, 4);
      if (low >= 0xDC00 && low < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
        at = after;
      }
    }
    append_utf8(out, code);
    return;
  }
  default:
    out += c;
  }
}

auto read_escaped(std::string_view text, std::size_t start) -> StringLiteral {
  const char quote = text[start];
  StringLiteral literal;
  for (auto i = start + 1; i < text.size();) {
    if (text[i] == quote) {
      literal.length = i + 1;
      return literal;
    }
    if (text[i] == '\n') {
      return {std::move(literal.text), i, false};
    }
    if (text[i] == '\\' && i + 1 < text.size()) {
      ++i;
      read_escape(text, i, literal.text);
    } else {
      literal.text += text[i++];
    }
  }
  return {std::move(literal.text), text.size(), false};
}

} // namespace

auto read_string_literal(std::string_view text) -> std::optional<StringLiteral> {
  std::size_t start = 0;
  bool verbatim = false;
  if (start < text.size() && (text[start] == 'h' || text[start] == 'H')) {
    ++start;
  }
  if (start < text.size() && text[start] == '@') {
    verbatim = true;
    ++start;
  }
  for (const std::string_view fence : {"```", "~~~"}) {
    if (!verbatim && text.substr(start).starts_with(fence)) {
      return read_block(text, start, fence);
    }
  }
  if (start >= text.size() || (text[start] != '"' && text[start] != '\'')) {
    return std::nullopt;
  }
  return verbatim ? read_verbatim(text, start) : read_escaped(text, start);
}

void append_utf8(std::string& out, char32_t c) {
  if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) {
    c = 0xFFFD;
  }
  const auto byte = [&out](char32_t value) { out += static_cast<char>(value); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | (c >> 6U));
    byte(0x80 | (c & 0x3FU));
  } else if (c < 0x10000) {
    byte(0xE0 | (c >> 12U));
    byte(0x80 | ((c >> 6U) & 0x3FU));
    byte(0x80 | (c & 0x3FU));
  } else {
    byte(0xF0 | (c >> 18U));
    byte(0x80 | ((c >> 12U) & 0x3FU));
    byte(0x80 | ((c >> 6U) & 0x3FU));
    byte(0x80 | (c & 0x3FU));
  }
}

} // namespace sluice::kql
