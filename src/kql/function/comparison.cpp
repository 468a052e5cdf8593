// SPDX-License-Identifier: Apache-2.0
#include <compare>
#include <cstddef>
#include <optional>
#include <utility>

#include "kql/case_fold.hpp"
#include "kql/compare.hpp"
#include "kql/conversion.hpp"
#include "kql/decimal.hpp"
#include "kql/dynamic.hpp"
#include "kql/function/families.hpp"

namespace sluice::kql {

namespace {

/// A dynamic beside a typed value is read as that type; a number keeps its own precision. So is a
/// text beside anything but a text.
auto beside(const Value& value, Type other) -> Value {
  if (value.type() == Type::string && other != Type::string && other != Type::dynamic) {
    return convert(value, other == Type::int32 ? Type::int64 : other);
  }
  if (value.type() != Type::dynamic || other == Type::dynamic) {
    return value;
  }
  if (is_number(other) && json_kind(value.text()) == JsonKind::real) {
    return convert(value, Type::real);
  }
  return convert(value, is_number(other) ? Type::int64 : other);
}

auto order(const Value& a, const Value& b) -> std::partial_ordering {
  if (a.type() == Type::decimal || b.type() == Type::decimal) {
    const auto left = Decimal::parse(convert(a, Type::decimal).text());
    const auto right = Decimal::parse(convert(b, Type::decimal).text());
    return left && right ? std::partial_ordering{*left <=> *right}
                         : std::partial_ordering::unordered;
  }
  if (is_integer(a.type()) && is_integer(b.type())) {
    return a.as_integer() <=> b.as_integer();
  }
  if (is_number(a.type())) {
    return a.as_real() <=> b.as_real();
  }
  switch (a.type()) {
  case Type::boolean:
    return a.as_boolean() <=> b.as_boolean();
  case Type::datetime:
  case Type::timespan:
    return a.as_integer() <=> b.as_integer();
  default:
    return a.text() <=> b.text();
  }
}

using Arguments = std::span<const Value>;

template <bool wanted>
auto equality(Arguments a, EvaluationContext&) -> Value {
  const auto equal = equals(a[0], a[1]);
  return equal ? Value::boolean(*equal == wanted) : Value::null(Type::boolean);
}

template <class Holds>
auto ordered(Arguments a, Holds holds) -> Value {
  const auto left = beside(a[0], a[1].type());
  const auto right = beside(a[1], a[0].type());
  if (left.is_null() || right.is_null()) {
    return Value::null(Type::boolean);
  }
  return Value::boolean(holds(order(left, right)));
}

auto less(Arguments a, EvaluationContext&) -> Value {
  return ordered(a, [](auto o) { return o < 0; });
}
auto less_equal(Arguments a, EvaluationContext&) -> Value {
  return ordered(a, [](auto o) { return o <= 0; });
}
auto greater(Arguments a, EvaluationContext&) -> Value {
  return ordered(a, [](auto o) { return o > 0; });
}
auto greater_equal(Arguments a, EvaluationContext&) -> Value {
  return ordered(a, [](auto o) { return o >= 0; });
}

auto between(Arguments a, EvaluationContext& context) -> Value {
  const Value low = greater_equal(a.first(2), context);
  Value upper[] = {a[0], a[2]};
  const bool is_length = a[1].type() == Type::datetime && a[2].type() == Type::timespan;
  if (is_length && !a[1].is_null() && !a[2].is_null()) { // From a time on, for so long.
    upper[1] = Value::datetime(a[1].as_datetime() + a[2].as_timespan());
  }
  const Value high = less_equal(upper, context);
  const bool is_false =
      (!low.is_null() && !low.as_boolean()) || (!high.is_null() && !high.as_boolean());
  if (!is_false && (low.is_null() || high.is_null())) {
    return Value::null(Type::boolean);
  }
  return Value::boolean(!is_false);
}

auto not_between(Arguments a, EvaluationContext& context) -> Value {
  const auto inside = between(a, context);
  return inside.is_null() ? inside : Value::boolean(!inside.as_boolean());
}

template <bool ignores_case, bool wanted>
auto membership(Arguments a, EvaluationContext&) -> Value {
  const auto found = is_member(a[0], a.subspan(1), ignores_case);
  return found ? Value::boolean(*found == wanted) : Value::null(Type::boolean);
}

constexpr std::string_view equality_forms =
    "number, number -> bool; decimal, decimal -> bool; string, string -> bool; bool, bool -> bool; "
    "bool, number -> bool; "
    "number, bool -> bool; datetime, datetime -> bool; timespan, timespan -> bool; "
    "guid, guid -> bool; dynamic, any -> bool; any, dynamic -> bool; string, any -> bool; "
    "any, string -> bool";
constexpr std::string_view order_forms =
    "number, number -> bool; decimal, decimal -> bool; datetime, datetime -> bool; timespan, "
    "timespan -> bool; "
    "dynamic, number -> bool; number, dynamic -> bool; dynamic, datetime -> bool; "
    "datetime, dynamic -> bool; dynamic, timespan -> bool; timespan, dynamic -> bool";
constexpr std::string_view between_forms = "number, number, number -> bool; decimal, decimal, "
                                           "decimal -> bool; datetime, datetime, datetime -> bool; "
                                           "datetime, datetime, timespan -> bool; "
                                           "timespan, timespan, timespan -> bool";

} // namespace

auto equals(const Value& a, const Value& b) -> std::optional<bool> {
  if (a.type() == Type::boolean && is_number(b.type())) {
    return equals(convert(a, Type::int64), b);
  }
  if (b.type() == Type::boolean && is_number(a.type())) {
    return equals(a, convert(b, Type::int64));
  }
  const auto left = beside(a, b.type());
  const auto right = beside(b, a.type());
  if (left.is_null() || right.is_null()) {
    return left.is_null() && right.is_null() ? std::nullopt : std::optional{false};
  }
  return order(left, right) == 0;
}

auto is_member(const Value& value, std::span<const Value> list, bool ignores_case)
    -> std::optional<bool> {
  bool both_null = false;
  for (const auto& item : list) {
    if (item.type() == Type::dynamic && json_kind(item.text()) == JsonKind::array) {
      for (JsonItems element{item.text()}; element.next();) {
        const Value one[] = {Value::borrowed_dynamic(element.value())};
        if (is_member(value, one, ignores_case).value_or(false)) {
          return true;
        }
      }
      continue;
    }
    const auto equal = ignores_case ? std::optional{equal_folded(to_text(value), to_text(item))}
                                    : equals(value, item);
    if (equal.value_or(false)) {
      return true;
    }
    both_null = both_null || !equal;
  }
  return both_null ? std::nullopt : std::optional{false};
}

auto comparison_functions() -> std::vector<Function> {
  using enum Family;
  std::vector<Function> rows{
      {"==",
       {},
       comparison,
       equality_forms,
       "Equal; a text must agree in case. One null: false; two: null.",
       "1 == 1.0 => true",
       equality<true>},
      {"!=",
       {"<>"},
       comparison,
       equality_forms,
       "Not equal. One null: true; two: null.",
       "\"a\" != \"A\" => true",
       equality<false>},
      {"<", {}, comparison, order_forms, "Less.", "1 < 2 => true", less},
      {"<=", {}, comparison, order_forms, "Less or equal.", "2 <= 2 => true", less_equal},
      {">", {}, comparison, order_forms, "Greater.", "1d > 1h => true", greater},
      {">=", {}, comparison, order_forms, "Greater or equal.", "2 >= 3 => false", greater_equal},
      {"between",
       {},
       comparison,
       between_forms,
       "Within both ends, these included.",
       "5 between (1 .. 5) => true",
       between},
      {"!between",
       {},
       comparison,
       between_forms,
       "Outside both ends.",
       "5 !between (1 .. 5) => false",
       not_between},
      {"in",
       {},
       comparison,
       "any, any... -> bool",
       "Equal to one of the values, or to one inside a dynamic array.",
       "2 in (1, 2) => true",
       membership<false, true>},
      {"!in",
       {},
       comparison,
       "any, any... -> bool",
       "Equal to none of the values.",
       "2 !in (1, 2) => false",
       membership<false, false>},
      {"in~",
       {},
       comparison,
       "string, any... -> bool",
       "Equal to one of the values, case set aside.",
       "\"B\" in~ (\"a\", \"b\") => true",
       membership<true, true>},
      {"!in~",
       {},
       comparison,
       "string, any... -> bool",
       "Equal to none of the values, case set aside.",
       "\"B\" !in~ (\"a\", \"b\") => false",
       membership<true, false>},
  };
  for (auto& row : rows) {
    row.is_operator = true;
  }
  return rows;
}

} // namespace sluice::kql
