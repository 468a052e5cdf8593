// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/json_text.hpp"
#include "kql/function/families.hpp"
#include "kql/function/series.hpp"

/// What a series is like, and the line that comes nearest to it.
namespace sluice::kql {
namespace {

/// Members in order.
class Bag {
public:
  void add(std::string_view name, double value) { add_json(name, to_json(Value::real(value))); }
  void add(std::string_view name, std::int64_t value) { add_json(name, std::to_string(value)); }
  void add_json(std::string_view name, std::string_view json) {
    json_ += json_.empty() ? "{" : ",";
    json_ += json_quoted(name) + ":" + std::string{json};
  }
  [[nodiscard]] auto value() const -> Value { return Value::dynamic(json_ + "}"); }

private:
  std::string json_;
};

auto mean_of(const std::vector<double>& values) -> double {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Of a sample; 0 of a single value.
auto variance_of(const std::vector<double>& values, double mean) -> double {
  const auto squares =
      std::accumulate(values.begin(), values.end(), 0.0, [&](double sum, double value) {
        return sum + (value - mean) * (value - mean);
      });
  return values.size() < 2 ? 0 : squares / static_cast<double>(values.size() - 1);
}

auto stats(Arguments a, EvaluationContext&) -> Value {
  const auto values = reals_of(a[0]);
  if (!values || values->empty()) {
    return Value{};
  }
  const auto least = std::ranges::min_element(*values);
  const auto greatest = std::ranges::max_element(*values);
  const auto mean = mean_of(*values);
  const auto variance = variance_of(*values, mean);
  Bag bag;
  bag.add("min", *least);
  bag.add("min_idx", std::int64_t{least - values->begin()});
  bag.add("max", *greatest);
  bag.add("max_idx", std::int64_t{greatest - values->begin()});
  bag.add("avg", mean);
  bag.add("stdev", std::sqrt(variance));
  bag.add("variance", variance);
  return bag.value();
}

/// By least squares over 1, 2, 3, ... (documented).
auto fit_line(Arguments a, EvaluationContext&) -> Value {
  const auto values = reals_of(a[0]);
  if (!values || values->size() < 2) {
    return Value{};
  }
  const auto count = static_cast<double>(values->size());
  const auto middle = (count + 1) / 2;
  const auto mean = mean_of(*values);
  double together = 0;
  double spread = 0;
  for (std::size_t i = 0; i < values->size(); ++i) {
    const auto x = static_cast<double>(i) + 1 - middle;
    together += x * ((*values)[i] - mean);
    spread += x * x;
  }
  const auto slope = together / spread;
  const auto start = mean - slope * middle;
  std::vector<double> line;
  std::vector<double> rest;
  for (std::size_t i = 0; i < values->size(); ++i) {
    line.push_back(start + slope * (static_cast<double>(i) + 1));
    rest.push_back((*values)[i] - line.back());
  }
  const auto variance = variance_of(*values, mean);
  const auto rest_variance = variance_of(rest, 0);
  Bag bag;
  bag.add("rsquare", variance == 0 ? 1 : 1 - rest_variance / variance);
  bag.add("slope", slope);
  bag.add("variance", variance);
  bag.add("rvariance", rest_variance);
  bag.add("interception", start);
  bag.add_json("line_fit", to_value(line).text());
  return bag.value();
}

} // namespace

auto series_line_functions() -> std::vector<Function> {
  return {
      {"series_stats_dynamic",
       {},
       Family::series,
       "dynamic -> dynamic",
       "A bag of min, min_idx, max, max_idx, avg, stdev and variance.",
       "series_stats_dynamic(dynamic([1, 5])).avg => 3.0",
       stats},
      {"series_fit_line_dynamic",
       {},
       Family::series,
       "dynamic -> dynamic",
       "A bag of rsquare, slope, variance, rvariance, interception and line_fit.",
       "series_fit_line_dynamic(dynamic([1, 3, 5])).slope => 2.0",
       fit_line},
  };
}

} // namespace sluice::kql
