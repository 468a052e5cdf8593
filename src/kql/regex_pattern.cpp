// SPDX-License-Identifier: Apache-2.0
#include "kql/regex_pattern.hpp"

#include <cstddef>

namespace sluice::kql {
namespace {

/// What stands for the class inside brackets; nothing for another letter.
auto members(char letter) -> std::string_view {
  switch (letter) {
  case 'd':
    return R"(\p{Nd})";
  case 'D':
    return R"(\P{Nd})";
  case 's':
    return R"(\t-\r\x{85}\p{Z})";
  case 'S': // All gaps between blanks, because RE2 cannot take one class out of another.
    return R"(\x{0}-\x{8}\x{e}-\x{1f}!-\x{84}\x{86}-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff})"
           R"(\x{200b}-\x{2027}\x{202a}-\x{202e}\x{2030}-\x{205e}\x{2060}-\x{2fff})"
           R"(\x{3001}-\x{10ffff})";
  case 'w':
    return R"(\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc})";
  default:
    return {};
  }
}

/// Copies `\Q...\E` as it stands.
auto copy_quoted(std::string_view pattern, std::size_t at, std::string& out) -> std::size_t {
  const auto end = pattern.find("\\E", at);
  const auto stop = end == std::string_view::npos ? pattern.size() : end + 2;
  out += pattern.substr(at, stop - at);
  return stop;
}

} // namespace

auto to_re2(std::string_view pattern) -> std::string {
  std::string out;
  bool in_brackets = false;
  bool may_close = false; // `]` right after `[` or `[^` is a member.
  for (std::size_t i = 0; i < pattern.size();) {
    const char c = pattern[i];
    if (c == '\\' && i + 1 < pattern.size()) {
      const char letter = pattern[i + 1];
      if (letter == 'Q' && !in_brackets) {
        i = copy_quoted(pattern, i, out);
        continue;
      }
      const auto set = members(letter);
      if (!set.empty()) {
        out += in_brackets ? "" : "[";
        out += set;
        out += in_brackets ? "" : "]";
      } else if (letter == 'W' && !in_brackets) {
        out.append("[^").append(members('w')).append("]");
      } else {
        out += pattern.substr(i, 2);
      }
      may_close = true;
      i += 2;
      continue;
    }
    if (in_brackets && pattern.substr(i, 2) == "[:") { // [:alpha:]
      const auto end = pattern.find(":]", i);
      const auto stop = end == std::string_view::npos ? i + 1 : end + 2;
      out += pattern.substr(i, stop - i);
      may_close = true;
      i = stop;
      continue;
    }
    if (!in_brackets && c == '[') {
      in_brackets = true;
      may_close = false;
      if (pattern.substr(i + 1).starts_with('^')) {
        out += c;
        ++i;
      }
    } else if (in_brackets) {
      in_brackets = c != ']' || !may_close;
      may_close = true;
    }
    out += pattern[i];
    ++i;
  }
  return out;
}

} // namespace sluice::kql
