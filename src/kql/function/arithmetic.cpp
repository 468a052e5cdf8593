// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "kql/conversion.hpp"
#include "kql/decimal.hpp"
#include "kql/function/arguments.hpp"
#include "kql/function/families.hpp"

namespace sluice::kql {
namespace {

constexpr auto smallest = std::numeric_limits<std::int64_t>::min();

auto are_decimals(Arguments a) -> bool {
  return a[0].type() == Type::decimal;
}

/// Null when it is beyond what there is.
auto decimal_or_null(const std::optional<Decimal>& decimal) -> Value {
  return decimal ? Value::decimal(decimal->text()) : Value::null(Type::decimal);
}

template <class Combine>
auto of_decimals(Arguments a, Combine combine) -> Value {
  const auto left = Decimal::parse(a[0].text());
  const auto right = Decimal::parse(a[1].text());
  return left && right ? decimal_or_null(combine(*left, *right)) : Value::null(Type::decimal);
}

/// How many whole times `size` goes into `value`, as `size` times that; both are decimals.
auto whole_part(const Decimal& value, const Decimal& size) -> std::optional<Decimal> {
  const auto times = Decimal::quotient(value, size);
  return times ? Decimal::product(times->floored(), size) : std::nullopt;
}

/// Whole numbers wrap around; overflow is no error in the language.
auto wrapped(std::uint64_t value) -> std::int64_t {
  return static_cast<std::int64_t>(value);
}
auto bits(const Value& value) -> std::uint64_t {
  return static_cast<std::uint64_t>(value.as_integer());
}

auto timespan(std::int64_t ticks) -> Value {
  return Value::timespan(Ticks{ticks});
}
auto scaled(const Value& span, double factor) -> Value {
  const auto ticks = to_ticks(factor, span.as_integer());
  return ticks ? Value::timespan(*ticks) : Value::null(Type::timespan);
}

auto is_time(const Value& value) -> bool {
  return value.type() == Type::datetime || value.type() == Type::timespan;
}

auto time_sum(const Value& a, const Value& b, std::uint64_t sum) -> Value {
  if (a.type() == b.type()) {
    return timespan(wrapped(sum));
  }
  return Value::datetime({Ticks{wrapped(sum)}});
}

auto add(Arguments a, EvaluationContext&) -> Value {
  if (are_decimals(a)) {
    return of_decimals(a, Decimal::sum);
  }
  if (is_time(a[0])) {
    return any_null(a) ? Value::null(a[0].type() == a[1].type() ? Type::timespan : Type::datetime)
                       : time_sum(a[0], a[1], bits(a[0]) + bits(a[1]));
  }
  const bool whole = is_integer(a[0].type()) && is_integer(a[1].type());
  if (any_null(a)) {
    return Value::null(whole ? Type::int64 : Type::real);
  }
  return whole ? Value::int64(wrapped(bits(a[0]) + bits(a[1])))
               : Value::real(a[0].as_real() + a[1].as_real());
}

auto subtract(Arguments a, EvaluationContext&) -> Value {
  if (are_decimals(a)) {
    return of_decimals(
        a, [](const Decimal& x, const Decimal& y) { return Decimal::sum(x, y.negated()); });
  }
  if (is_time(a[0])) {
    return any_null(a) ? Value::null(a[0].type() == a[1].type() ? Type::timespan : Type::datetime)
                       : time_sum(a[0], a[1], bits(a[0]) - bits(a[1]));
  }
  const bool whole = is_integer(a[0].type()) && is_integer(a[1].type());
  if (any_null(a)) {
    return Value::null(whole ? Type::int64 : Type::real);
  }
  return whole ? Value::int64(wrapped(bits(a[0]) - bits(a[1])))
               : Value::real(a[0].as_real() - a[1].as_real());
}

auto multiply(Arguments a, EvaluationContext&) -> Value {
  if (are_decimals(a)) {
    return of_decimals(a, Decimal::product);
  }
  const bool span = is_time(a[0]) || is_time(a[1]);
  const bool whole = is_integer(a[0].type()) && is_integer(a[1].type());
  if (any_null(a)) {
    return Value::null(span ? Type::timespan : whole ? Type::int64 : Type::real);
  }
  if (span) {
    const auto& time = is_time(a[0]) ? a[0] : a[1];
    const auto& factor = is_time(a[0]) ? a[1] : a[0];
    return is_integer(factor.type()) ? timespan(wrapped(bits(time) * bits(factor)))
                                     : scaled(time, factor.as_real());
  }
  return whole ? Value::int64(wrapped(bits(a[0]) * bits(a[1])))
               : Value::real(a[0].as_real() * a[1].as_real());
}

auto divide(Arguments a, EvaluationContext&) -> Value {
  if (are_decimals(a)) {
    return of_decimals(a, Decimal::quotient);
  }
  const bool whole = is_integer(a[0].type()) && is_integer(a[1].type());
  if (is_time(a[0])) {
    const bool ratio = is_time(a[1]);
    if (any_null(a)) {
      return Value::null(ratio ? Type::real : Type::timespan);
    }
    if (ratio) {
      return Value::real(static_cast<double>(a[0].as_integer()) /
                         static_cast<double>(a[1].as_integer()));
    }
    return scaled(a[0], 1.0 / a[1].as_real());
  }
  if (!whole) {
    return any_null(a) ? Value::null(Type::real) : Value::real(a[0].as_real() / a[1].as_real());
  }
  if (any_null(a) || a[1].as_integer() == 0) {
    return Value::null(Type::int64);
  }
  return a[1].as_integer() == -1 ? Value::int64(wrapped(0 - bits(a[0])))
                                 : Value::int64(a[0].as_integer() / a[1].as_integer());
}

/// Euclidean: the remainder is never negative (observed: -14 % 12 is 10).
auto remainder(Arguments a, EvaluationContext&) -> Value {
  if (are_decimals(a)) {
    return of_decimals(a, [](const Decimal& x, const Decimal& y) {
      const auto size = y.is_negative() ? y.negated() : y;
      const auto whole = whole_part(x, size);
      return whole ? Decimal::sum(x, whole->negated()) : std::nullopt;
    });
  }
  const bool time = is_time(a[0]);
  const bool whole = time || (is_integer(a[0].type()) && is_integer(a[1].type()));
  const auto type = time ? Type::timespan : whole ? Type::int64 : Type::real;
  if (any_null(a)) {
    return Value::null(type);
  }
  if (!whole) {
    const auto rest = std::fmod(a[0].as_real(), a[1].as_real());
    return Value::real(rest < 0 ? rest + std::abs(a[1].as_real()) : rest);
  }
  const auto divisor = a[1].as_integer();
  if (divisor == 0) {
    return Value::null(type);
  }
  if (divisor == smallest) {
    return Value::null(type);
  }
  const auto rest = divisor == -1 ? 0 : a[0].as_integer() % divisor;
  return Value::int64(rest < 0 ? rest + std::abs(divisor) : rest).with_type(type);
}

auto negate(Arguments a, EvaluationContext&) -> Value {
  if (any_null(a)) {
    return a[0];
  }
  if (are_decimals(a)) {
    return of_decimals(std::array{a[0], a[0]},
                       [](const Decimal& x, const Decimal&) { return x.negated(); });
  }
  if (a[0].type() == Type::real) {
    return Value::real(-a[0].as_real());
  }
  return Value::int64(wrapped(0 - bits(a[0]))).with_type(a[0].type());
}

auto absolute(Arguments a, EvaluationContext& context) -> Value {
  if (any_null(a)) {
    return a[0];
  }
  const bool is_negative = is_integer(a[0].type()) || is_time(a[0]) ? a[0].as_integer() < 0
                                                                    : std::signbit(a[0].as_real());
  return is_negative ? negate(a, context) : a[0];
}

auto sign(Arguments a, EvaluationContext&) -> Value {
  if (any_null(a)) {
    return Value::null(Type::real);
  }
  const auto value = a[0].as_real();
  return Value::real(value > 0 ? 1 : value < 0 ? -1 : 0);
}

auto round_half_away(Arguments a, EvaluationContext&) -> Value {
  if (any_null(a)) {
    return Value::null(Type::real);
  }
  const auto digits = a.size() > 1 ? std::clamp<std::int64_t>(a[1].as_integer(), -300, 300) : 0;
  const auto scale = std::pow(10.0, static_cast<double>(digits));
  const auto value = a[0].as_real() * scale;
  return std::isfinite(value) ? Value::real(std::round(value) / scale) : a[0];
}

auto ceiling(Arguments a, EvaluationContext&) -> Value {
  if (any_null(a) || is_integer(a[0].type())) {
    return a[0];
  }
  return Value::real(std::ceil(a[0].as_real()));
}

auto floor_integer(std::int64_t value, std::int64_t size) -> std::int64_t {
  const auto rest = value % size;
  return wrapped(static_cast<std::uint64_t>(value) -
                 static_cast<std::uint64_t>(rest < 0 ? rest + size : rest));
}

/// Down to a multiple of the size, counted from zero (a datetime: from the year 1).
auto bin(Arguments a, EvaluationContext&) -> Value {
  if (are_decimals(a)) {
    const auto is_positive = [](const Decimal& size) {
      return !size.is_negative() && !size.is_zero();
    };
    return of_decimals(a, [&](const Decimal& x, const Decimal& size) {
      return is_positive(size) ? whole_part(x, size) : std::nullopt;
    });
  }
  const bool whole = !is_number(a[0].type()) ||
                     (is_integer(a[0].type()) && (a.size() < 2 || is_integer(a[1].type())));
  const auto type = whole ? a[0].type() : Type::real;
  if (any_null(a)) {
    return Value::null(type);
  }
  if (whole) {
    const auto size = a.size() > 1 ? a[1].as_integer() : 1;
    return size <= 0 ? Value::null(type)
                     : Value::int64(floor_integer(a[0].as_integer(), size)).with_type(type);
  }
  const auto size = a.size() > 1 ? a[1].as_real() : 1.0;
  return size > 0 ? Value::real(std::floor(a[0].as_real() / size) * size) : Value::null(Type::real);
}

template <int direction>
auto extreme(Arguments a, EvaluationContext&) -> Value {
  const Value* best = nullptr;
  const bool whole =
      std::all_of(a.begin(), a.end(), [](const Value& v) { return is_integer(v.type()); });
  for (const auto& value : a) {
    if (value.is_null()) {
      continue;
    }
    const auto more = [&](const Value& x, const Value& y) {
      return value.type() == Type::decimal  ? Decimal::parse(x.text()) > Decimal::parse(y.text())
             : value.type() == Type::string ? x.text() > y.text()
             : whole || !is_number(value.type()) ? x.as_integer() > y.as_integer()
                                                 : x.as_real() > y.as_real();
    };
    if (best == nullptr || (direction > 0 ? more(value, *best) : more(*best, value))) {
      best = &value;
    }
  }
  return best == nullptr ? a[0] : *best;
}

constexpr std::string_view extreme_forms =
    "number... -> same; decimal... -> decimal; datetime... -> datetime; timespan... -> timespan; "
    "string... -> string";

} // namespace

auto arithmetic_functions() -> std::vector<Function> {
  constexpr auto arithmetic = Family::arithmetic;
  std::vector<Function> rows{
      {"+",
       {},
       arithmetic,
       "number, number -> wider; decimal, decimal -> decimal; datetime, timespan -> datetime; "
       "timespan, datetime -> datetime; "
       "timespan, timespan -> timespan",
       "The sum; whole numbers wrap around.",
       "1 + 2.5 => 3.5",
       add},
      {"-",
       {},
       arithmetic,
       "number, number -> wider; decimal, decimal -> decimal; datetime, timespan -> datetime; "
       "datetime, datetime -> timespan; "
       "timespan, timespan -> timespan",
       "The difference.",
       "3 - 1 => 2",
       subtract},
      {"*",
       {},
       arithmetic,
       "number, number -> wider; decimal, decimal -> decimal; timespan, number -> timespan; "
       "number, timespan -> timespan",
       "The product.",
       "2 * 1h => 02:00:00",
       multiply},
      {"/",
       {},
       arithmetic,
       "number, number -> wider; decimal, decimal -> decimal; timespan, timespan -> real; "
       "timespan, number -> timespan",
       "The quotient; of whole numbers it is cut, by zero it is null.",
       "7 / 2 => 3",
       divide},
      {"%",
       {},
       arithmetic,
       "number, number -> wider; decimal, decimal -> decimal; timespan, timespan -> timespan",
       "The remainder, never negative.",
       "-14 % 12 => 10",
       remainder},
      {"negate",
       {},
       arithmetic,
       "number -> same; decimal -> decimal; timespan -> timespan",
       "The opposite number.",
       "-5 => -5",
       negate},
  };
  for (auto& row : rows) {
    row.is_operator = true;
  }
  const std::vector<Function> named{
      {"abs",
       {},
       arithmetic,
       "number -> same; decimal -> decimal; timespan -> timespan",
       "Without its sign.",
       "abs(-5) => 5",
       absolute},
      {"sign", {}, arithmetic, "number -> real", "-1, 0 or 1.", "sign(-5) => -1.0", sign},
      {"round",
       {},
       arithmetic,
       "number, [long] -> real",
       "To that many decimals (none if left out); halves go away from zero.",
       "round(2.5) => 3.0",
       round_half_away},
      {"ceiling",
       {"ceil"},
       arithmetic,
       "number -> same",
       "The least whole number not below it.",
       "ceiling(1.2) => 2.0",
       ceiling},
      {"bin",
       {"floor"},
       arithmetic,
       "number, number -> same; decimal, decimal -> decimal; datetime, timespan -> datetime; "
       "timespan, timespan -> timespan",
       "Down to a multiple of the second argument.",
       "bin(7, 5) => 5",
       bin,
       true},
      {"max_of",
       {},
       arithmetic,
       extreme_forms,
       "The greatest of the arguments.",
       "max_of(1, 3, 2) => 3",
       extreme<1>},
      {"min_of",
       {},
       arithmetic,
       extreme_forms,
       "The least of the arguments.",
       "min_of(1, 3, 2) => 1",
       extreme<-1>},
  };
  rows.insert(rows.end(), named.begin(), named.end());
  for (auto& row : rows) {
    row.keeps_name = !row.is_operator && row.name != "sign" && !row.name.ends_with("_of");
  }
  return rows;
}

} // namespace sluice::kql
