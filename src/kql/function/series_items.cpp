// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "kql/function/families.hpp"
#include "kql/function/series.hpp"

/// Functions that compute a series item by item.
namespace sluice::kql {
namespace {

template <double (*function)(double)>
auto each(Arguments a, EvaluationContext&) -> Value {
  auto series = series_of(a[0]);
  if (!series) {
    return Value{};
  }
  for (auto& item : *series) {
    item = item ? SeriesItem{SeriesNumber::of(function(item->real))} : std::nullopt;
  }
  return to_value(*series);
}

auto sign_of(double x) -> double {
  return x > 0 ? 1 : x < 0 ? -1 : x;
}

auto absolute(Arguments a, EvaluationContext&) -> Value {
  auto series = series_of(a[0]);
  if (!series) {
    return Value{};
  }
  for (auto& item : *series) {
    if (item && item->real < 0) {
      item = item->is_whole ? SeriesNumber::of(-item->whole) : SeriesNumber::of(-item->real);
    }
  }
  return to_value(*series);
}

auto signs(Arguments a, EvaluationContext&) -> Value {
  auto series = series_of(a[0]);
  if (!series) {
    return Value{};
  }
  for (auto& item : *series) {
    if (item) {
      item = item->is_whole ? SeriesNumber::of(static_cast<std::int64_t>(sign_of(item->real)))
                            : SeriesNumber::of(sign_of(item->real));
    }
  }
  return to_value(*series);
}

/// A series, or one number that stands for all items.
class Operand {
public:
  explicit Operand(const Value& value) : items_{series_of(value)} {
    if (!items_ && !value.is_null()) {
      one_ = series_item(to_json(value));
    }
  }
  [[nodiscard]] auto is_series() const -> bool { return items_.has_value(); }
  [[nodiscard]] auto size() const -> std::size_t { return items_ ? items_->size() : 0; }
  /// Beyond the end of a series there is nothing (documented).
  [[nodiscard]] auto at(std::size_t i) const -> SeriesItem {
    return !items_ ? one_ : i < items_->size() ? (*items_)[i] : std::nullopt;
  }

private:
  std::optional<Series> items_;
  SeriesItem one_;
};

template <class Combine>
auto pairwise(Arguments a, Combine combine) -> Value {
  const Operand left{a[0]};
  const Operand right{a[1]};
  if (!left.is_series() && !right.is_series()) {
    return Value{};
  }
  std::vector<std::string> items;
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const auto x = left.at(i);
    const auto y = right.at(i);
    items.push_back(x && y ? combine(*x, *y) : "null");
  }
  return array_of(items);
}

auto bits(std::int64_t value) -> std::uint64_t {
  return static_cast<std::uint64_t>(value);
}

template <class Whole, class Real>
auto arithmetic(Arguments a, Whole whole, Real real) -> Value {
  return pairwise(a, [&](const SeriesNumber& x, const SeriesNumber& y) {
    if (x.is_whole && y.is_whole) {
      return to_json(SeriesItem{
          SeriesNumber::of(static_cast<std::int64_t>(whole(bits(x.whole), bits(y.whole))))});
    }
    return to_json(SeriesItem{SeriesNumber::of(real(x.real, y.real))});
  });
}

auto add(Arguments a, EvaluationContext&) -> Value {
  constexpr auto sum = [](auto x, auto y) { return x + y; };
  return arithmetic(a, sum, sum);
}
auto subtract(Arguments a, EvaluationContext&) -> Value {
  constexpr auto difference = [](auto x, auto y) { return x - y; };
  return arithmetic(a, difference, difference);
}
auto multiply(Arguments a, EvaluationContext&) -> Value {
  constexpr auto product = [](auto x, auto y) { return x * y; };
  return arithmetic(a, product, product);
}
auto divide(Arguments a, EvaluationContext&) -> Value {
  return pairwise(a, [](const SeriesNumber& x, const SeriesNumber& y) {
    return to_json(SeriesItem{SeriesNumber::of(x.real / y.real)});
  });
}
auto power(Arguments a, EvaluationContext&) -> Value {
  return pairwise(a, [](const SeriesNumber& x, const SeriesNumber& y) {
    return to_json(SeriesItem{SeriesNumber::of(std::pow(x.real, y.real))});
  });
}

template <class Holds>
auto compared(Arguments a, Holds holds) -> Value {
  return pairwise(a, [&](const SeriesNumber& x, const SeriesNumber& y) {
    return std::string{holds(x.real, y.real) ? "true" : "false"};
  });
}

auto equal(Arguments a, EvaluationContext&) -> Value {
  return compared(a, [](double x, double y) { return x == y; });
}
auto not_equal(Arguments a, EvaluationContext&) -> Value {
  return compared(a, [](double x, double y) { return x != y; });
}
auto less(Arguments a, EvaluationContext&) -> Value {
  return compared(a, [](double x, double y) { return x < y; });
}
auto less_equal(Arguments a, EvaluationContext&) -> Value {
  return compared(a, [](double x, double y) { return x <= y; });
}
auto greater(Arguments a, EvaluationContext&) -> Value {
  return compared(a, [](double x, double y) { return x > y; });
}
auto greater_equal(Arguments a, EvaluationContext&) -> Value {
  return compared(a, [](double x, double y) { return x >= y; });
}

struct Row {
  std::string_view name;
  std::string_view about;
  decltype(Function::evaluate) evaluate;
  std::string_view example;
};

auto rows_of(std::string_view signature, std::initializer_list<Row> rows) -> std::vector<Function> {
  std::vector<Function> functions;
  for (const auto& row : rows) {
    functions.push_back(
        {row.name, {}, Family::series, signature, row.about, row.example, row.evaluate});
  }
  return functions;
}

} // namespace

auto series_item_functions() -> std::vector<Function> {
  auto rows = rows_of(
      "dynamic -> dynamic",
      {{"series_abs", "Each item without its sign.", absolute, "series_abs(dynamic([-1])) => [1]"},
       {"series_acos", "The arc cosine of each item.", each<std::acos>, ""},
       {"series_asin", "The arc sine of each item.", each<std::asin>, ""},
       {"series_atan", "The arc tangent of each item.", each<std::atan>, ""},
       {"series_ceiling", "The least whole number not below each item.", each<std::ceil>, ""},
       {"series_cos", "The cosine of each item.", each<std::cos>, ""},
       {"series_exp", "e to the power of each item.", each<std::exp>, ""},
       {"series_floor", "The greatest whole number not above each item.", each<std::floor>, ""},
       {"series_log", "The natural logarithm of each item.", each<std::log>, ""},
       {"series_sign", "-1, 0 or 1 for each item.", signs, "series_sign(dynamic([-7])) => [-1]"},
       {"series_sin", "The sine of each item.", each<std::sin>, ""},
       {"series_tan", "The tangent of each item.", each<std::tan>, ""}});
  auto pairs = rows_of(
      "any, any -> dynamic",
      {{"series_add",
        "The sums of items side by side; a number stands for a series of it.",
        add,
        "series_add(dynamic([1, 2]), 3) => [4,5]"},
       {"series_subtract", "The differences of items side by side.", subtract, ""},
       {"series_multiply", "The products of items side by side.", multiply, ""},
       {"series_divide",
        "The quotients of items side by side, as reals.",
        divide,
        "series_divide(dynamic([1]), 2) => [0.5]"},
       {"series_pow", "Items to the power of the items beside them.", power, ""},
       {"series_equals", "Whether items side by side are equal.", equal, ""},
       {"series_not_equals", "Whether items side by side differ.", not_equal, ""},
       {"series_less", "Whether items are less than those beside them.", less, ""},
       {"series_less_equals", "Whether items are not above those beside them.", less_equal, ""},
       {"series_greater", "Whether items are greater than those beside them.", greater, ""},
       {"series_greater_equals",
        "Whether items are not below those beside them.",
        greater_equal,
        ""}});
  rows.insert(rows.end(), pairs.begin(), pairs.end());
  return rows;
}

} // namespace sluice::kql
