// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

#include "kql/function/arguments.hpp"
#include "kql/function/families.hpp"

/// Functions of real numbers.
namespace sluice::kql {
namespace {

template <double (*function)(double)>
auto real_function(Arguments a, EvaluationContext&) -> Value {
  return any_null(a) ? Value::null(Type::real) : Value::real(function(a[0].as_real()));
}

/// Of a negative number null, while sqrt gives NaN (observed).
auto natural_logarithm(Arguments a, EvaluationContext&) -> Value {
  return any_null(a) || a[0].as_real() < 0 ? Value::null(Type::real)
                                           : Value::real(std::log(a[0].as_real()));
}

auto power(Arguments a, EvaluationContext&) -> Value {
  return any_null(a) ? Value::null(Type::real)
                     : Value::real(std::pow(a[0].as_real(), a[1].as_real()));
}

template <bool (*holds)(double)>
auto real_test(Arguments a, EvaluationContext&) -> Value {
  return any_null(a) ? Value::null(Type::boolean) : Value::boolean(holds(a[0].as_real()));
}

auto is_nan(double x) -> bool {
  return std::isnan(x);
}
auto is_infinite(double x) -> bool {
  return std::isinf(x);
}
auto is_finite(double x) -> bool {
  return std::isfinite(x);
}

auto pi(Arguments, EvaluationContext&) -> Value {
  return Value::real(std::numbers::pi);
}

auto to_radians(double degrees) -> double {
  return degrees / 180 * std::numbers::pi;
}
auto to_degrees(double radians) -> double {
  return radians / std::numbers::pi * 180;
}
auto exp10(double x) -> double {
  return std::pow(10.0, x);
}

auto atan2(Arguments a, EvaluationContext&) -> Value {
  return any_null(a) ? Value::null(Type::real)
                     : Value::real(std::atan2(a[0].as_real(), a[1].as_real()));
}

/// Down to a multiple of the size, counted from a fixed point.
auto bin_at(Arguments a, EvaluationContext&) -> Value {
  const bool is_real =
      a[0].type() == Type::real || a[1].type() == Type::real || a[2].type() == Type::real;
  const auto type = is_real ? Type::real : a[0].type();
  if (any_null(a)) {
    return Value::null(type);
  }
  if (is_real) {
    const auto size = a[1].as_real();
    const auto steps = std::floor((a[0].as_real() - a[2].as_real()) / size);
    return size > 0 ? Value::real(a[2].as_real() + steps * size) : Value::null(type);
  }
  const auto size = a[1].as_integer();
  std::int64_t distance = 0;
  if (size <= 0 || __builtin_sub_overflow(a[0].as_integer(), a[2].as_integer(), &distance)) {
    return Value::null(type);
  }
  const auto rest = distance % size;
  const auto back = rest < 0 ? rest + size : rest;
  std::int64_t value = 0;
  return __builtin_sub_overflow(a[0].as_integer(), back, &value)
             ? Value::null(type)
             : Value::int64(value).with_type(type);
}

} // namespace

auto real_functions() -> std::vector<Function> {
  constexpr auto arithmetic = Family::arithmetic;
  std::vector<Function> rows{
      {"pow",
       {},
       arithmetic,
       "number, number -> real",
       "The first to the power of the second.",
       "pow(2, 3) => 8.0",
       power},
      {"sqrt",
       {},
       arithmetic,
       "number -> real",
       "The square root.",
       "sqrt(4) => 2.0",
       real_function<std::sqrt>},
      {"exp",
       {},
       arithmetic,
       "number -> real",
       "e to that power.",
       "exp(0) => 1.0",
       real_function<std::exp>},
      {"exp2",
       {},
       arithmetic,
       "number -> real",
       "2 to that power.",
       "exp2(3) => 8.0",
       real_function<std::exp2>},
      {"log",
       {},
       arithmetic,
       "number -> real",
       "The natural logarithm.",
       "log(1) => 0.0",
       natural_logarithm},
      {"log2",
       {},
       arithmetic,
       "number -> real",
       "The logarithm to base 2.",
       "log2(8) => 3.0",
       real_function<std::log2>},
      {"log10",
       {},
       arithmetic,
       "number -> real",
       "The logarithm to base 10.",
       "log10(100) => 2.0",
       real_function<std::log10>},
      {"isnan",
       {},
       arithmetic,
       "number -> bool",
       "Not a number.",
       "isnan(0.0 / 0) => true",
       real_test<is_nan>},
      {"isinf",
       {},
       arithmetic,
       "number -> bool",
       "Infinite.",
       "isinf(1.0 / 0) => true",
       real_test<is_infinite>},
      {"isfinite",
       {},
       arithmetic,
       "number -> bool",
       "Neither infinite nor NaN.",
       "isfinite(1.0) => true",
       real_test<is_finite>},
      {"bin_at",
       {},
       arithmetic,
       "number, number, number -> same; datetime, timespan, datetime -> datetime; timespan, "
       "timespan, timespan -> timespan",
       "Down to a multiple of the second argument, counted from the third.",
       "bin_at(6.5, 2.5, 7) => 4.5",
       bin_at},
      {"pi", {}, arithmetic, "-> real", "The number pi.", "pi() => 3.141592653589793", pi},
      {"radians",
       {},
       arithmetic,
       "number -> real",
       "Degrees as radians.",
       "radians(180) => 3.141592653589793",
       real_function<to_radians>},
      {"degrees",
       {},
       arithmetic,
       "number -> real",
       "Radians as degrees.",
       "degrees(0) => 0.0",
       real_function<to_degrees>},
      {"exp10",
       {},
       arithmetic,
       "number -> real",
       "10 to that power.",
       "exp10(2) => 100.0",
       real_function<exp10>},
      {"sin",
       {},
       arithmetic,
       "number -> real",
       "The sine.",
       "sin(0) => 0.0",
       real_function<std::sin>},
      {"cos",
       {},
       arithmetic,
       "number -> real",
       "The cosine.",
       "cos(0) => 1.0",
       real_function<std::cos>},
      {"tan",
       {},
       arithmetic,
       "number -> real",
       "The tangent.",
       "tan(0) => 0.0",
       real_function<std::tan>},
      {"asin",
       {},
       arithmetic,
       "number -> real",
       "The angle of that sine.",
       "asin(0) => 0.0",
       real_function<std::asin>},
      {"acos",
       {},
       arithmetic,
       "number -> real",
       "The angle of that cosine.",
       "acos(1) => 0.0",
       real_function<std::acos>},
      {"atan",
       {},
       arithmetic,
       "number -> real",
       "The angle of that tangent.",
       "atan(0) => 0.0",
       real_function<std::atan>},
      {"atan2",
       {},
       arithmetic,
       "number, number -> real",
       "The angle of the point (x, y), y first.",
       "atan2(0, 1) => 0.0",
       atan2},
      {"erf",
       {},
       arithmetic,
       "number -> real",
       "The error function.",
       "erf(0) => 0.0",
       real_function<std::erf>},
      {"erfc",
       {},
       arithmetic,
       "number -> real",
       "1 less the error function.",
       "erfc(0) => 1.0",
       real_function<std::erfc>},
  };
  for (auto& row : rows) {
    row.keeps_name = !row.name.starts_with("is") && row.name != "pi" && row.name != "radians" &&
                     row.name != "degrees";
  }
  return rows;
}

} // namespace sluice::kql
