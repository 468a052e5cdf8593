// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "agreeing_records.hpp"

/// Rules out of any bytes.
namespace sluice::agreeing {

/// Chooses by bytes, so that a byte changed is one choice changed.
class Choice {
public:
  explicit Choice(std::string_view bytes) : bytes_{bytes} {}
  auto below(std::size_t count) -> std::size_t {
    if (bytes_.empty()) {
      return 0;
    }
    const auto value = static_cast<unsigned char>(bytes_.front());
    bytes_.remove_prefix(1);
    return value % count;
  }
  template <std::size_t size>
  auto of(const std::array<std::string_view, size>& list) -> std::string {
    return std::string{list[below(size)]};
  }

private:
  std::string_view bytes_;
};

/// Writes a rule; whether it has sound types is left to chance.
class Writer {
public:
  explicit Writer(std::string_view bytes) : choice_{bytes} {}

  /// A condition and, while there are bytes, more steps behind it.
  auto rule() -> std::string {
    auto written = condition(3);
    for (auto left = choice_.below(4); left > 0; --left) {
      written += " | " + step();
    }
    return written;
  }

  auto condition(int depth) -> std::string {
    switch (choice_.below(depth == 0 ? 4 : 8)) {
    case 0:
      return compared(depth);
    case 1:
      return text_matched(depth);
    case 2:
      return listed(depth);
    case 3:
      return choice_.of(predicates) + "(" + value(depth) + ")";
    case 4:
      return "(" + condition(depth - 1) + " and " + condition(depth - 1) + ")";
    case 5:
      return "(" + condition(depth - 1) + " or " + condition(depth - 1) + ")";
    case 6:
      return "not(" + condition(depth - 1) + ")";
    default:
      return value(depth) + " between (" + value(0) + " .. " + value(0) + ")";
    }
  }

private:
  static constexpr auto predicates = std::to_array<std::string_view>(
      {"isempty", "isnotempty", "isnull", "isnotnull", "tobool", "isnan"});
  static constexpr auto comparisons =
      std::to_array<std::string_view>({"==", "!=", "<", "<=", ">", ">=", "=~", "!~"});
  static constexpr auto matches = std::to_array<std::string_view>({"has",
                                                                   "!has",
                                                                   "contains",
                                                                   "!contains_cs",
                                                                   "startswith",
                                                                   "!endswith",
                                                                   "has_cs",
                                                                   "hasprefix",
                                                                   "hassuffix",
                                                                   "contains_cs",
                                                                   "matches regex"});
  static constexpr auto conversions = std::to_array<std::string_view>({"tostring",
                                                                       "tolong",
                                                                       "toint",
                                                                       "todouble",
                                                                       "todatetime",
                                                                       "tolower",
                                                                       "toupper",
                                                                       "strlen",
                                                                       "parse_json",
                                                                       "hourofday",
                                                                       "trim_start",
                                                                       "reverse",
                                                                       "gettype",
                                                                       "abs",
                                                                       "startofday"});
  static constexpr auto numbers = std::to_array<std::string_view>({"0",
                                                                   "1",
                                                                   "-1",
                                                                   "40",
                                                                   "9223372036854775807",
                                                                   "1.5",
                                                                   "0.0",
                                                                   "int(3)",
                                                                   "real(nan)",
                                                                   "long(null)",
                                                                   "datetime(2026-01-02)",
                                                                   "datetime(null)",
                                                                   "1d",
                                                                   "true",
                                                                   "bool(null)"});

  static constexpr auto lists = std::to_array<std::string_view>(
      {"(datatable(v: string)['a', '0', ''])",
       "(datatable(v: string)['A', 'true'] | extend v = tolower(v))",
       "(datatable(v: long)[0, 1, 40, long(null)])",
       "dynamic(['a', 40, null])",
       "toscalar(datatable(v: dynamic)[dynamic(['a', '12'])])"});
  static constexpr auto parse_kinds =
      std::to_array<std::string_view>({"", "kind=relaxed ", "kind=regex ", "kind=regex flags=U "});
  static constexpr auto capture_types =
      std::to_array<std::string_view>({"", ":string", ":long", ":real", ":datetime", ":bool"});
  static constexpr auto expansion_kinds =
      std::to_array<std::string_view>({"", "kind=array ", "with_itemindex=place "});
  static constexpr auto item_types = std::to_array<std::string_view>(
      {"", " to typeof(string)", " to typeof(long)", " to typeof(real)", " limit 1"});

  auto compared(int depth) -> std::string {
    auto left = value(depth);
    return left + " " + choice_.of(comparisons) + " " + value(depth);
  }
  auto text_matched(int depth) -> std::string {
    auto left = value(depth);
    return left + " " + choice_.of(matches) + " " + text();
  }
  auto listed(int depth) -> std::string {
    constexpr auto names = std::to_array<std::string_view>({"in", "!in", "in~", "!in~", "has_any"});
    auto left = value(depth);
    left += " " + choice_.of(names) + " (" + value(0);
    return left + ", " + value(0) + ", " + value(0) + ")";
  }

  auto step() -> std::string {
    switch (choice_.below(8)) {
    case 0:
      return "where " + condition(1);
    case 1: {
      const auto made = value(2);
      return "extend " + made_column() + " = " + made;
    }
    case 2:
      return parsed("parse");
    case 3:
      return parsed("parse-where");
    case 4:
    case 5:
      return expanded();
    case 6:
      return "where " + value(1) + " in (" + choice_.of(lists) + ")";
    default:
      return "project Id, " + kept_columns();
    }
  }
  /// All but one that this chooses.
  auto kept_columns() -> std::string {
    columns_.erase(columns_.begin() + static_cast<std::ptrdiff_t>(choice_.below(columns_.size())));
    return fmt::format("{}", fmt::join(columns_, ", "));
  }
  /// A new column, which what follows may ask for.
  auto made_column() -> std::string {
    return columns_.emplace_back(fmt::format("made{}", columns_.size()));
  }
  auto parsed(std::string_view how) -> std::string {
    auto written = fmt::format("{} {}tostring({}) with ", how, choice_.of(parse_kinds), value(1));
    written += choice_.below(2) == 0 ? "* " : "";
    written += text() + " " + made_column() + choice_.of(capture_types);
    return choice_.below(2) == 0 ? written : written + " " + text() + " *";
  }
  auto expanded() -> std::string {
    const auto array = "parse_json(tostring(" + value(1) + "))";
    const auto kind = choice_.of(expansion_kinds);
    return fmt::format("mv-expand {}{} = {}{}", kind, made_column(), array, choice_.of(item_types));
  }

  auto text() -> std::string { return "\"" + choice_.of(texts) + "\""; }
  auto column() -> std::string { return columns_[choice_.below(columns_.size())]; }

  auto value(int depth) -> std::string {
    switch (choice_.below(depth == 0 ? 5 : 9)) {
    case 0:
    case 1:
      return column();
    case 2:
      return text();
    case 3:
      return choice_.of(numbers);
    case 4:
      return column();
    case 5:
      return choice_.of(conversions) + "(" + value(depth - 1) + ")";
    case 6:
      return "(" + value(depth - 1) + " + " + value(depth - 1) + ")";
    case 7:
      return "iff(" + condition(0) + ", " + value(depth - 1) + ", " + value(depth - 1) + ")";
    default:
      return "parse_json(tostring(" + column() + ")).a";
    }
  }

  static auto names_of_columns() -> std::vector<std::string> {
    std::vector<std::string> names;
    for (const auto& column : asked_columns()) {
      names.push_back(column.name);
    }
    return names;
  }

  Choice choice_;
  std::vector<std::string> columns_ = names_of_columns();
};

} // namespace sluice::agreeing
