// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <fmt/format.h>
#include <re2/re2.h>

#include "kql/case_fold.hpp"
#include "kql/conversion.hpp"
#include "kql/function/arguments.hpp"
#include "kql/function/families.hpp"
#include "kql/text_match.hpp"

/// Texts code point by code point, and numbers as a person reads them.
namespace sluice::kql {
namespace {

/// The code points of a text, each as its bytes.
auto characters(std::string_view text) -> std::vector<std::string_view> {
  std::vector<std::string_view> all;
  while (!text.empty()) {
    const auto bytes = decode(text).bytes;
    all.push_back(text.substr(0, bytes));
    text.remove_prefix(bytes);
  }
  return all;
}

/// When there are fewer replacements than characters looked for, the last stands for the rest; when
/// there is none, the characters go (documented).
auto translate(Arguments a, EvaluationContext&) -> Value {
  const auto from = characters(a[0].text());
  const auto to = characters(a[1].text());
  std::string out;
  for (const auto character : characters(a[2].text())) {
    const auto found = std::ranges::find(from, character);
    if (found == from.end()) {
      out += character;
    } else if (!to.empty()) {
      const auto place = static_cast<std::size_t>(found - from.begin());
      out += to[std::min(place, to.size() - 1)];
    }
  }
  return Value::string(std::move(out));
}

auto is_ascii(Arguments a, EvaluationContext&) -> Value {
  return Value::boolean(std::ranges::all_of(
      a[0].text(), [](char c) { return static_cast<unsigned char>(c) < 0x80U; }));
}

auto code_points(Arguments a, EvaluationContext&) -> Value {
  std::vector<std::string> numbers;
  for (const auto character : characters(a[0].text())) {
    numbers.push_back(std::to_string(static_cast<std::uint32_t>(decode(character).value)));
  }
  return array_of(numbers);
}

/// Where a text begins after so many code points.
auto after(std::string_view text, std::int64_t count) -> std::string_view {
  for (; count > 0 && !text.empty(); --count) {
    text.remove_prefix(decode(text).bytes);
  }
  return text;
}

/// (text, expression, [start], [length], [occurrence])
auto index_of_regex(Arguments a, EvaluationContext&) -> Value {
  const auto expression = regular_expression(a[1].text());
  const auto number = [&](std::size_t i, std::int64_t standard) {
    return a.size() > i && !a[i].is_null() ? a[i].as_integer() : standard;
  };
  const auto start = number(2, 0);
  const auto occurrence = number(4, 1);
  if (expression == nullptr || a[1].text().empty() || start < 0 || occurrence < 1) {
    return Value::null(Type::int64);
  }
  auto text = after(a[0].text(), start);
  if (const auto length = number(3, -1); length >= 0) {
    text.remove_suffix(after(text, length).size());
  }
  std::size_t from = 0;
  for (std::int64_t i = 1; from <= text.size(); ++i) {
    re2::StringPiece match;
    if (!expression->Match(text, from, text.size(), re2::RE2::UNANCHORED, &match, 1)) {
      break;
    }
    const auto at = static_cast<std::size_t>(match.data() - text.data());
    if (i == occurrence) {
      return Value::int64(start + static_cast<std::int64_t>(code_point_count(text.substr(0, at))));
    }
    from = at + std::max<std::size_t>(match.size(), 1);
  }
  return Value::int64(-1);
}

constexpr std::array<std::string_view, 6> byte_units{"B", "KB", "MB", "GB", "TB", "PB"};

/// (bytes, [digits after the point], [unit])
auto format_bytes(Arguments a, EvaluationContext&) -> Value {
  constexpr double step = 1024;
  if (a[0].is_null()) {
    return Value::string("");
  }
  auto amount = a[0].as_real();
  const auto digits = a.size() > 1 && !a[1].is_null() ? a[1].as_integer() : 0;
  const auto wanted = a.size() > 2 ? a[2].text() : std::string_view{};
  const auto* unit = byte_units.begin();
  const auto is_enough = [&] {
    return wanted.empty() ? std::abs(amount) < step : equal_folded(*unit, wanted);
  };
  for (; !is_enough() && unit + 1 != byte_units.end(); ++unit) {
    amount /= step;
  }
  if (!is_enough() && !wanted.empty()) {
    return Value::string("");
  }
  const auto scale = std::pow(10.0, static_cast<double>(std::clamp<std::int64_t>(digits, 0, 15)));
  return Value::string(fmt::format("{} {}", std::round(amount * scale) / scale, *unit));
}

} // namespace

auto unicode_functions() -> std::vector<Function> {
  constexpr auto text = Family::text;
  return {
      {"translate",
       {},
       text,
       "string, string, string -> string",
       "The third text with each character of the first replaced by the one of the second.",
       "translate(\"krasp\", \"otsku\", \"spark\") => kusto",
       translate},
      {"isascii",
       {},
       text,
       "string -> bool",
       "Whether there are only characters of ASCII.",
       "isascii(\"é\") => false",
       is_ascii},
      {"unicode_codepoints_from_string",
       {"to_utf8"},
       text,
       "string -> dynamic",
       "The code points as numbers.",
       "unicode_codepoints_from_string(\"aé\") => [97,233]",
       code_points},
      {"indexof_regex",
       {},
       text,
       "string, string, [long], [long], [long] -> long",
       "Where the expression first matches, -1 if nowhere; [start], [length], [occurrence].",
       "indexof_regex(\"a1b2\", @\"\\d\", 2) => 3",
       index_of_regex},
      {"format_bytes",
       {},
       text,
       "number, [long], [string] -> string",
       "A number of bytes in units of 1024; [digits after the point], [unit].",
       "format_bytes(10332, 1) => 10.1 KB",
       format_bytes},
  };
}

} // namespace sluice::kql
