// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kql/conversion.hpp"
#include "kql/function/arguments.hpp"

/// Private to the function table: arrays of numbers, as the functions of series take and give them.
namespace sluice::kql {

/// An item of a series. Whole numbers stay whole where the function allows it.
struct SeriesNumber {
  bool is_whole = false;
  std::int64_t whole = 0;
  double real = 0;

  [[nodiscard]] static auto of(std::int64_t value) -> SeriesNumber {
    return {true, value, static_cast<double>(value)};
  }
  [[nodiscard]] static auto of(double value) -> SeriesNumber { return {false, 0, value}; }
};

/// What is no number is nothing.
using SeriesItem = std::optional<SeriesNumber>;
using Series = std::vector<SeriesItem>;

[[nodiscard]] inline auto series_item(std::string_view json) -> SeriesItem {
  switch (json_kind(json)) {
  case JsonKind::integer:
    return SeriesNumber::of(parse_long(json).value_or(0));
  case JsonKind::real:
    return SeriesNumber::of(parse_real(json).value_or(0));
  default:
    return std::nullopt;
  }
}

/// The items of an array; nothing when it is none.
[[nodiscard]] inline auto series_of(const Value& value) -> std::optional<Series> {
  if (!is_array(value)) {
    return std::nullopt;
  }
  Series series;
  for (const auto item : items_of(value)) {
    series.push_back(series_item(item));
  }
  return series;
}

/// All items as reals; nothing when one is no number.
[[nodiscard]] inline auto reals_of(const Value& value) -> std::optional<std::vector<double>> {
  const auto series = series_of(value);
  std::vector<double> reals;
  for (const auto& item : series.value_or(Series{})) {
    if (!item) {
      return std::nullopt;
    }
    reals.push_back(item->real);
  }
  return series ? std::optional{std::move(reals)} : std::nullopt;
}

[[nodiscard]] inline auto to_json(const SeriesItem& item) -> std::string {
  if (!item) {
    return "null";
  }
  return item->is_whole ? std::to_string(item->whole) : to_json(Value::real(item->real));
}

[[nodiscard]] inline auto to_value(const Series& series) -> Value {
  std::vector<std::string> items;
  items.reserve(series.size());
  for (const auto& item : series) {
    items.push_back(to_json(item));
  }
  return array_of(items);
}

[[nodiscard]] inline auto to_value(const std::vector<double>& reals) -> Value {
  return to_value(Series{[&] {
    Series series;
    for (const auto real : reals) {
      series.emplace_back(SeriesNumber::of(real));
    }
    return series;
  }()});
}

} // namespace sluice::kql
