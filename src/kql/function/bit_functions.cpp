// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cmath>
#include <cstdint>

#include "kql/function/arguments.hpp"
#include "kql/function/families.hpp"

/// Whole numbers as bits, and the rarer functions of real numbers.
namespace sluice::kql {
namespace {

auto bits(const Value& value) -> std::uint64_t {
  return static_cast<std::uint64_t>(value.as_integer());
}
auto whole(std::uint64_t bits) -> Value {
  return Value::int64(static_cast<std::int64_t>(bits));
}

/// The sign moves along to the right; only the last six bits of the count matter (documented).
template <bool left>
auto shift(Arguments a, EvaluationContext&) -> Value {
  if (any_null(a)) {
    return Value::null(Type::int64);
  }
  const auto count = bits(a[1]) % 64;
  return left ? whole(bits(a[0]) << count) : Value::int64(a[0].as_integer() >> count);
}

auto invert(Arguments a, EvaluationContext&) -> Value {
  return any_null(a) ? Value::null(Type::int64) : whole(~bits(a[0]));
}

auto count_ones(Arguments a, EvaluationContext&) -> Value {
  return any_null(a) ? Value::null(Type::int64) : Value::int64(std::popcount(bits(a[0])));
}

template <class Combine>
auto bitwise(Arguments a, Combine combine) -> Value {
  return any_null(a) ? Value::null(Type::int64) : whole(combine(bits(a[0]), bits(a[1])));
}

auto binary_and(Arguments a, EvaluationContext&) -> Value {
  return bitwise(a, [](auto x, auto y) { return x & y; });
}
auto binary_or(Arguments a, EvaluationContext&) -> Value {
  return bitwise(a, [](auto x, auto y) { return x | y; });
}
auto binary_xor(Arguments a, EvaluationContext&) -> Value {
  return bitwise(a, [](auto x, auto y) { return x ^ y; });
}

template <double (*function)(double)>
auto of_real(Arguments a, EvaluationContext&) -> Value {
  return any_null(a) ? Value::null(Type::real) : Value::real(function(a[0].as_real()));
}

auto cotangent(double x) -> double {
  return 1 / std::tan(x);
}

/// `std::lgamma` writes a global sign.
auto log_gamma(double x) -> double {
  int sign = 0;
  return lgamma_r(x, &sign);
}

} // namespace

auto bit_functions() -> std::vector<Function> {
  constexpr auto arithmetic = Family::arithmetic;
  return {
      {"binary_and",
       {},
       arithmetic,
       "integer, integer -> long",
       "Bitwise and.",
       "binary_and(6, 3) => 2",
       binary_and,
       true},
      {"binary_or",
       {},
       arithmetic,
       "integer, integer -> long",
       "Bitwise or.",
       "binary_or(6, 3) => 7",
       binary_or,
       true},
      {"binary_xor",
       {},
       arithmetic,
       "integer, integer -> long",
       "Bitwise exclusive or.",
       "binary_xor(6, 3) => 5",
       binary_xor,
       true},
      {"binary_shift_left",
       {},
       arithmetic,
       "integer, integer -> long",
       "The bits so many places to the left.",
       "binary_shift_left(1, 4) => 16",
       shift<true>},
      {"binary_shift_right",
       {},
       arithmetic,
       "integer, integer -> long",
       "The bits so many places to the right.",
       "binary_shift_right(-8, 1) => -4",
       shift<false>},
      {"binary_not",
       {},
       arithmetic,
       "integer -> long",
       "All bits turned over.",
       "binary_not(0) => -1",
       invert},
      {"bitset_count_ones",
       {},
       arithmetic,
       "integer -> long",
       "How many bits are set.",
       "bitset_count_ones(42) => 3",
       count_ones},
      {"cot", {}, arithmetic, "number -> real", "The cotangent.", "", of_real<cotangent>},
      {"gamma",
       {},
       arithmetic,
       "number -> real",
       "The gamma function.",
       "gamma(5) => 24.0",
       of_real<std::tgamma>},
      {"loggamma",
       {},
       arithmetic,
       "number -> real",
       "The natural logarithm of the gamma function.",
       "loggamma(1) => 0.0",
       of_real<log_gamma>},
  };
}

} // namespace sluice::kql
