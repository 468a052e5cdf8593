// SPDX-License-Identifier: Apache-2.0
#include "record/json_check.hpp"

#include <algorithm>
#include <string>

#include <simdjson.h>

namespace sluice::record {
namespace {

auto is_digit(char c) -> bool {
  return c >= '0' && c <= '9';
}

auto is_hexadecimal(char c) -> bool {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Goes through the text once. Open brackets stand in `open_`, so that depth costs no stack.
class Check {
public:
  Check(std::string_view text, std::size_t max_depth) : rest_{text}, max_depth_{max_depth} {}

  auto fault() -> std::string_view {
    do {
      if (const auto found = value(); !found.empty()) {
        return found;
      }
      close_brackets();
    } while (!open_.empty() && accept(',') && (open_.back() == '[' || key()));
    skip_blanks();
    return open_.empty() && rest_.empty() ? std::string_view{} : "bad punctuation";
  }

private:
  /// A scalar, an empty container, or the start of a container up to its first scalar.
  auto value() -> std::string_view {
    for (;;) {
      skip_blanks();
      const char c = front();
      if (c != '{' && c != '[') {
        return scalar() ? "" : "a value that JSON does not have";
      }
      rest_.remove_prefix(1);
      open_ += c;
      if (open_.size() > max_depth_) {
        return "nested too deeply";
      }
      if (accept(closing())) {
        open_.pop_back();
        return "";
      }
      if (c == '{' && !key()) {
        return "no field name where one should be";
      }
    }
  }

  void close_brackets() {
    while (!open_.empty() && accept(closing())) {
      open_.pop_back();
    }
  }

  /// A field name and its colon.
  auto key() -> bool {
    skip_blanks();
    return string() && accept(':');
  }

  auto scalar() -> bool {
    switch (front()) {
    case '"':
      return string();
    case 't':
      return word("true");
    case 'f':
      return word("false");
    case 'n':
      return word("null");
    default:
      return number();
    }
  }

  auto string() -> bool {
    if (front() != '"') {
      return false;
    }
    rest_.remove_prefix(1);
    while (!rest_.empty()) {
      const char c = front();
      rest_.remove_prefix(1);
      if (c == '"') {
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20 || (c == '\\' && !escape())) {
        return false;
      }
    }
    return false;
  }

  auto escape() -> bool {
    const char c = front();
    if (c != 'u') {
      rest_.remove_prefix(rest_.empty() ? 0 : 1);
      return c != '\0' && std::string_view{"\"\\/bfnrt"}.find(c) != std::string_view::npos;
    }
    const auto digits = rest_.substr(1, 4);
    rest_.remove_prefix(1 + digits.size());
    return digits.size() == 4 && std::ranges::all_of(digits, is_hexadecimal);
  }

  auto number() -> bool {
    take('-');
    const bool zero = take('0');
    if ((!zero && !digits()) || (zero && is_digit(front()))) {
      return false;
    }
    if (take('.') && !digits()) {
      return false;
    }
    if (take('e') || take('E')) {
      static_cast<void>(take('+') || take('-'));
      return digits();
    }
    return true;
  }

  auto digits() -> bool {
    const auto count = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    rest_.remove_prefix(count);
    return count > 0;
  }

  auto word(std::string_view expected) -> bool {
    const bool is_there = rest_.starts_with(expected);
    rest_.remove_prefix(is_there ? expected.size() : 0);
    return is_there;
  }

  [[nodiscard]] auto front() const -> char { return rest_.empty() ? '\0' : rest_.front(); }
  [[nodiscard]] auto closing() const -> char { return open_.back() == '{' ? '}' : ']'; }

  auto take(char c) -> bool {
    const bool is_there = rest_.starts_with(c);
    rest_.remove_prefix(is_there ? 1 : 0);
    return is_there;
  }
  auto accept(char c) -> bool {
    skip_blanks();
    return take(c);
  }
  void skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
  }

  std::string_view rest_;
  const std::size_t max_depth_;
  std::string open_;
};

} // namespace

auto json_fault(std::string_view text, std::size_t max_depth) -> std::string_view {
  return simdjson::validate_utf8(text) ? Check{text, max_depth}.fault() : "not valid UTF-8";
}

} // namespace sluice::record
