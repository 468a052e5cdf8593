// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "kql/function/families.hpp"
#include "kql/function/series.hpp"

/// Functions that look at a series as a whole: fillings, filters, sums.
namespace sluice::kql {
namespace {

/// What stands for "missing": the placeholder's JSON text; null when there is none.
auto placeholder(Arguments a, std::size_t place) -> std::string {
  return a.size() > place ? to_json(a[place]) : "null";
}

auto is_missing(std::string_view item, std::string_view missing) -> bool {
  if (item == missing) {
    return true;
  }
  const auto x = series_item(item);
  const auto y = series_item(missing);
  return x && y && x->real == y->real;
}

template <bool forward>
auto fill_from_neighbour(Arguments a, EvaluationContext&) -> Value {
  if (!is_array(a[0])) {
    return Value{};
  }
  const auto missing = placeholder(a, 1);
  auto items = items_of(a[0]);
  const auto fill = [&, last = std::optional<std::string_view>{}](auto& item) mutable {
    if (!is_missing(item, missing)) {
      last = item;
    } else if (last) {
      item = *last;
    }
  };
  if (forward) {
    std::for_each(items.begin(), items.end(), fill);
  } else {
    std::for_each(items.rbegin(), items.rend(), fill);
  }
  return array_of(items);
}

auto fill_const(Arguments a, EvaluationContext&) -> Value {
  if (!is_array(a[0])) {
    return Value{};
  }
  const auto missing = placeholder(a, 2);
  const auto constant = to_json(a[1]);
  auto items = items_of(a[0]);
  for (auto& item : items) {
    item = is_missing(item, missing) ? std::string_view{constant} : item;
  }
  return array_of(items);
}

template <class Fold>
auto folded_to_real(const Value& series, double start, Fold fold) -> Value {
  const auto reals = reals_of(series);
  return reals ? Value::real(std::accumulate(reals->begin(), reals->end(), start, fold))
               : Value::null(Type::real);
}

auto sum(Arguments a, EvaluationContext&) -> Value {
  return folded_to_real(a[0], 0, std::plus<>{});
}
auto product(Arguments a, EvaluationContext&) -> Value {
  return folded_to_real(a[0], 1, std::multiplies<>{});
}
auto magnitude(Arguments a, EvaluationContext&) -> Value {
  const auto squares = folded_to_real(a[0], 0, [](double x, double y) { return x + y * y; });
  return squares.is_null() ? squares : Value::real(std::sqrt(squares.as_real()));
}

/// Two series of one length, or a series and a number that stands for one.
auto both(Arguments a) -> std::optional<std::pair<std::vector<double>, std::vector<double>>> {
  auto left = reals_of(a[0]);
  auto right = reals_of(a[1]);
  const auto spread = [](const Value& number, std::size_t count) {
    const auto one = number.is_null() ? SeriesItem{} : series_item(to_json(number));
    return one ? std::optional{std::vector<double>(count, one->real)} : std::nullopt;
  };
  if (left && !right && !is_array(a[1])) {
    right = spread(a[1], left->size());
  } else if (right && !left && !is_array(a[0])) {
    left = spread(a[0], right->size());
  }
  if (!left || !right || left->size() != right->size()) {
    return std::nullopt;
  }
  return std::pair{*std::move(left), *std::move(right)};
}

auto dot(const std::vector<double>& x, const std::vector<double>& y) -> double {
  return std::inner_product(x.begin(), x.end(), y.begin(), 0.0);
}

auto dot_product(Arguments a, EvaluationContext&) -> Value {
  const auto pair = both(a);
  return pair ? Value::real(dot(pair->first, pair->second)) : Value::null(Type::real);
}

auto cosine_similarity(Arguments a, EvaluationContext&) -> Value {
  const auto pair = both(a);
  if (!pair) {
    return Value::null(Type::real);
  }
  const auto& [x, y] = *pair;
  return Value::real(dot(x, y) / std::sqrt(dot(x, x)) / std::sqrt(dot(y, y)));
}

auto centred(std::vector<double> values) -> std::vector<double> {
  const auto mean =
      std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  for (auto& value : values) {
    value -= mean;
  }
  return values;
}

auto pearson_correlation(Arguments a, EvaluationContext&) -> Value {
  const auto pair = both(a);
  if (!pair || pair->first.empty()) {
    return Value::null(Type::real);
  }
  const auto x = centred(pair->first);
  const auto y = centred(pair->second);
  return Value::real(dot(x, y) / std::sqrt(dot(x, x) * dot(y, y)));
}

/// (series, filter, [divide by its sum: by itself when nothing is negative], [look both ways])
auto finite_filter(Arguments a, EvaluationContext&) -> Value {
  const auto series = reals_of(a[0]);
  auto filter = reals_of(a[1]);
  if (!series || !filter || filter->empty()) {
    return Value{};
  }
  const bool normalizes = a.size() > 2 && !a[2].is_null()
                              ? a[2].as_boolean()
                              : std::ranges::none_of(*filter, [](double x) { return x < 0; });
  const auto total = std::accumulate(filter->begin(), filter->end(), 0.0);
  const bool is_centred = a.size() > 3 && !a[3].is_null() && a[3].as_boolean();
  const auto ahead = is_centred ? filter->size() / 2 : 0;
  std::vector<double> result;
  for (std::size_t i = 0; i < series->size(); ++i) {
    double value = 0;
    for (std::size_t j = 0; j < filter->size(); ++j) {
      const auto place = i + ahead;
      const bool inside = place >= j && place - j < series->size();
      value += inside ? (*filter)[j] * (*series)[place - j] : 0;
    }
    result.push_back(normalizes ? value / total : value);
  }
  return to_value(result);
}

/// (series, numerators, denominators)
auto infinite_filter(Arguments a, EvaluationContext&) -> Value {
  const auto series = reals_of(a[0]);
  const auto numerators = reals_of(a[1]);
  const auto denominators = reals_of(a[2]);
  if (!series || !numerators || !denominators || denominators->empty() ||
      denominators->front() == 0) {
    return Value{};
  }
  std::vector<double> result;
  for (std::size_t i = 0; i < series->size(); ++i) {
    double value = 0;
    for (std::size_t j = 0; j < numerators->size() && j <= i; ++j) {
      value += (*numerators)[j] * (*series)[i - j];
    }
    for (std::size_t j = 1; j < denominators->size() && j <= i; ++j) {
      value -= (*denominators)[j] * result[i - j];
    }
    result.push_back(value / denominators->front());
  }
  return to_value(result);
}

auto median(std::vector<double> values) -> double {
  std::ranges::sort(values);
  const auto middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// The middle value of each place in the period (observed).
auto seasonal(Arguments a, EvaluationContext&) -> Value {
  const auto series = reals_of(a[0]);
  if (!series || a[1].is_null() || a[1].as_integer() <= 0) {
    return Value{};
  }
  const auto period = static_cast<std::size_t>(a[1].as_integer());
  std::vector<double> middle;
  for (std::size_t place = 0; place < std::min(period, series->size()); ++place) {
    std::vector<double> values;
    for (auto i = place; i < series->size(); i += period) {
      values.push_back((*series)[i]);
    }
    middle.push_back(median(std::move(values)));
  }
  std::vector<double> result;
  for (std::size_t i = 0; i < series->size(); ++i) {
    result.push_back(middle[i % period]);
  }
  return to_value(result);
}

} // namespace

auto series_shape_functions() -> std::vector<Function> {
  constexpr auto series = Family::series;
  return {
      {"series_fill_forward",
       {},
       series,
       "dynamic, [any] -> dynamic",
       "Missing items as the last one before; the second argument says what is missing, if not "
       "null.",
       "series_fill_forward(dynamic([1, null])) => [1,1]",
       fill_from_neighbour<true>},
      {"series_fill_backward",
       {},
       series,
       "dynamic, [any] -> dynamic",
       "Missing items as the next one behind.",
       "series_fill_backward(dynamic([null, 2])) => [2,2]",
       fill_from_neighbour<false>},
      {"series_fill_const",
       {},
       series,
       "dynamic, any, [any] -> dynamic",
       "Missing items as the constant.",
       "series_fill_const(dynamic([1, null]), 0) => [1,0]",
       fill_const},
      {"series_sum",
       {},
       series,
       "dynamic -> real",
       "The sum; null when an item is no number.",
       "series_sum(dynamic([1, 2])) => 3.0",
       sum},
      {"series_product", {}, series, "dynamic -> real", "The product of all items.", "", product},
      {"series_magnitude",
       {},
       series,
       "dynamic -> real",
       "The square root of the sum of squares.",
       "series_magnitude(dynamic([3, 4])) => 5.0",
       magnitude},
      {"series_dot_product",
       {},
       series,
       "any, any -> real",
       "The sum of the products of items side by side.",
       "series_dot_product(dynamic([1, 2]), dynamic([3, 4])) => 11.0",
       dot_product},
      {"series_cosine_similarity",
       {},
       series,
       "dynamic, dynamic -> real",
       "The cosine of the angle between the two.",
       "",
       cosine_similarity},
      {"series_pearson_correlation",
       {},
       series,
       "dynamic, dynamic -> real",
       "How much the two go together, -1 to 1.",
       "",
       pearson_correlation},
      {"series_fir",
       {},
       series,
       "dynamic, dynamic, [bool], [bool] -> dynamic",
       "A finite filter, such as a moving average; [normalize], [look both ways].",
       "series_fir(dynamic([1, 3]), dynamic([1, 1])) => [0.5,2.0]",
       finite_filter},
      {"series_iir",
       {},
       series,
       "dynamic, dynamic, dynamic -> dynamic",
       "A filter that feeds back, such as a running sum.",
       "series_iir(dynamic([1, 2]), dynamic([1]), dynamic([1, -1])) => [1.0,3.0]",
       infinite_filter},
      {"series_seasonal",
       {},
       series,
       "dynamic, long -> dynamic",
       "What is usual at each place of a period of that many items.",
       "series_seasonal(dynamic([1, 2, 1, 4]), 2) => [1.0,3.0,1.0,3.0]",
       seasonal},
  };
}

} // namespace sluice::kql
