// SPDX-License-Identifier: Apache-2.0
#include "kql/function/families.hpp"
#include "kql/function/series.hpp"

/// Series whose gaps are filled along straight lines.
namespace sluice::kql {
namespace {

/// What stands for a value that is missing: null, or the number that the query names.
auto without_placeholder(Series series, const Value& placeholder) -> Series {
  for (auto& item : series) {
    const bool is_placeholder = item && !placeholder.is_null() && is_number(placeholder.type()) &&
                                item->real == placeholder.as_real();
    item = is_placeholder ? std::nullopt : item;
  }
  return series;
}

/// Between whole numbers the line is cut to whole numbers (observed).
auto between(const SeriesNumber& left, const SeriesNumber& right, double part) -> SeriesNumber {
  const auto real = left.real + (right.real - left.real) * part;
  return left.is_whole && right.is_whole ? SeriesNumber::of(static_cast<std::int64_t>(real))
                                         : SeriesNumber::of(real);
}

/// Fills what lies between two numbers; gives the places of the first and the last number.
auto fill_inside(Series& series) -> std::optional<std::pair<std::size_t, std::size_t>> {
  std::optional<std::pair<std::size_t, std::size_t>> ends;
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (!series[i]) {
      continue;
    }
    const auto last = ends ? ends->second : i;
    for (auto gap = last + 1; gap < i; ++gap) {
      series[gap] = between(*series[last],
                            *series[i],
                            static_cast<double>(gap - last) / static_cast<double>(i - last));
    }
    ends = {ends ? ends->first : i, i};
  }
  return ends;
}

auto fill_linear(Arguments a, EvaluationContext&) -> Value {
  auto read = series_of(a[0]);
  if (!read) {
    return {};
  }
  auto series = a.size() > 1 ? without_placeholder(*std::move(read), a[1]) : *std::move(read);
  const bool fills_edges = a.size() < 3 || (!a[2].is_null() && a[2].as_boolean());
  const auto constant = a.size() < 4                   ? SeriesNumber::of(std::int64_t{0})
                        : kql::is_integer(a[3].type()) ? SeriesNumber::of(a[3].as_integer())
                                                       : SeriesNumber::of(a[3].as_real());
  const auto ends = fill_inside(series);
  if (!ends) {
    std::ranges::fill(series, constant);
  } else if (fills_edges) {
    const auto begin = series.begin();
    const auto [first, last] = *ends;
    std::fill(begin, begin + static_cast<std::ptrdiff_t>(first), series[first]);
    std::fill(begin + static_cast<std::ptrdiff_t>(last), series.end(), series[last]);
  }
  return to_value(series);
}

} // namespace

auto series_interpolation_functions() -> std::vector<Function> {
  return {
      {"series_fill_linear",
       {},
       Family::series,
       "dynamic, [number], [bool], [number] -> dynamic",
       "Fills what is missing along straight lines; [what counts as missing], [whether before and "
       "behind too], [what a series of nothing else is filled with].",
       "series_fill_linear(dynamic([1, null, 4])) => [1,2,4]",
       fill_linear},
  };
}

} // namespace sluice::kql
