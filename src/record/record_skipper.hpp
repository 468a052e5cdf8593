// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace sluice::record {

/// Whether we are inside a string. As in simdjson, a backslash takes the meaning from the character
/// after it outside of strings too, so that both agree about damaged text.
class QuoteState {
public:
  /// Moves past `c`. True when it opened or closed a string.
  auto toggled_by(char c) noexcept -> bool {
    const bool toggles = c == '"' && !escaped_;
    in_string_ = in_string_ != toggles;
    escaped_ = c == '\\' && !escaped_;
    return toggles;
  }
  [[nodiscard]] auto in_string() const noexcept -> bool { return in_string_; }

private:
  bool in_string_ = false;
  bool escaped_ = false;
};

/// Finds the end of an object whose inside is damaged or too large, byte by byte: counts brackets
/// outside of strings, and minds nothing else.
class RecordSkipper {
public:
  /// Bytes of `text` that still belong to the object, whose `{` is the first byte of all.
  auto feed(std::string_view text) -> std::size_t;
  [[nodiscard]] auto done() const noexcept -> bool { return done_; }

private:
  std::size_t depth_ = 0;
  QuoteState quotes_;
  bool done_ = false;
};

/// Why the text of a record cannot be UTF-8 JSON (invalid UTF-8, a raw control character in a
/// string); empty when it can. Slow: for records in a window that is not clean.
[[nodiscard]] auto text_fault(std::string_view record) -> std::string_view;

} // namespace sluice::record
