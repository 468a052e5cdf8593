// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::kql {

struct StringLiteral {
  std::string text;       ///< What it means.
  std::size_t length = 0; ///< How many bytes it takes in the query.
  bool closed = true;     ///< False when the line or the text ended first.
};

/// Reads the string literal that `text` begins with: '...' and "..." with backslash escapes, @'...'
/// without, h'...' (hidden from logs, same value), ```...``` and ~~~...~~~ over several lines.
/// Nothing when there is none.
[[nodiscard]] auto read_string_literal(std::string_view text) -> std::optional<StringLiteral>;

/// Appends a code point as UTF-8; what is no code point becomes U+FFFD.
void append_utf8(std::string& out, char32_t code_point);

} // namespace sluice::kql
