// SPDX-License-Identifier: Apache-2.0
#include "kql/program/series.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "kql/dynamic.hpp"

namespace sluice::kql {
namespace {

enum InputColumn : std::size_t { begin_column, end_column, step_column, place_column, first_value };

constexpr std::int64_t max_items = 1 << 20; // Documented.

auto floor_quotient(std::int64_t a, std::int64_t b) -> std::int64_t {
  return a / b - (a % b < 0 ? 1 : 0);
}

/// How many steps fit below `distance`, rounded down; nothing when they are far too many.
auto steps_in(const Value& distance, const Value& step) -> std::int64_t {
  constexpr double far = 0x1p62;
  if (distance.type() == Type::real) {
    const auto steps = std::floor(distance.as_real() / step.as_real() + 1e-9);
    return std::isnan(steps) || std::abs(steps) > far ? std::numeric_limits<std::int64_t>::max()
                                                      : static_cast<std::int64_t>(steps);
  }
  return floor_quotient(distance.as_integer(), step.as_integer());
}

/// a - b, or the greatest number when that is beyond 64 bits.
auto difference(const Value& a, const Value& b) -> Value {
  if (a.type() == Type::real) {
    return Value::real(a.as_real() - b.as_real());
  }
  std::int64_t result = 0;
  return __builtin_sub_overflow(a.as_integer(), b.as_integer(), &result)
             ? Value::int64(std::numeric_limits<std::int64_t>::max())
             : Value::int64(result);
}

auto is_positive(const Value& step) -> bool {
  return !step.is_null() &&
         (step.type() == Type::real ? step.as_real() > 0 : step.as_integer() > 0);
}

auto joined(const std::vector<std::string>& items) -> Value {
  std::string text = "[";
  for (const auto& item : items) {
    text += text.size() == 1 ? "" : ",";
    text += item;
  }
  return Value::dynamic(text + "]");
}

auto ends_on(const Value& distance, const Value& step) -> bool {
  return distance.type() == Type::real
             ? std::abs(std::remainder(distance.as_real(), step.as_real())) < 1e-9 * step.as_real()
             : distance.as_integer() % step.as_integer() == 0;
}

} // namespace

auto SeriesProgram::text() const -> std::string {
  return "series";
}

auto SeriesProgram::point(const Axis& axis, std::int64_t place) const -> Value {
  if (options_.axis == Type::real) {
    return Value::real(axis.origin.as_real() + static_cast<double>(place) * axis.step.as_real());
  }
  return Value::int64(axis.origin.as_integer() + place * axis.step.as_integer())
      .with_type(options_.axis);
}

auto SeriesProgram::axis_of(const Rows& rows) const -> std::optional<Axis> {
  const auto& settings = options_.empty;
  const auto begin = rows.empty() ? (*settings)[begin_column] : rows.front()[begin_column];
  const auto end = rows.empty() ? (*settings)[end_column] : rows.front()[end_column];
  Axis axis;
  axis.step = rows.empty() ? (*settings)[step_column] : rows.front()[step_column];
  if (!is_positive(axis.step)) {
    throw std::length_error{"the step of a series must be greater than 0"};
  }
  const auto zero = options_.axis == Type::real ? Value::real(0) : Value::int64(0);
  axis.origin = begin.is_null() || options_.from_zero ? zero : begin;
  const auto [least, greatest] = std::ranges::minmax_element(
      rows, {}, [](const auto& row) { return row[place_column].as_integer(); });
  const auto at_least = rows.empty() ? 0 : (*least)[place_column].as_integer();
  const auto at_most = rows.empty() ? 0 : (*greatest)[place_column].as_integer();
  axis.first = begin.is_null() ? at_least : steps_in(difference(begin, axis.origin), axis.step);
  auto last = at_most;
  if (!end.is_null()) {
    const auto distance = difference(end, axis.origin);
    const bool stops_before = !options_.from_zero && ends_on(distance, axis.step);
    last = steps_in(distance, axis.step) - (stops_before ? 1 : 0);
  }
  if (last < axis.first) {
    return std::nullopt;
  }
  if (difference(Value::int64(last), Value::int64(axis.first)).as_integer() >= max_items) {
    throw std::length_error{"a series has more than 1048576 items"};
  }
  axis.count = last - axis.first + 1;
  return axis;
}

auto SeriesProgram::run(Rows rows) const -> Rows {
  if (rows.empty() && !options_.empty) {
    return {};
  }
  const auto axis = axis_of(rows);
  if (!axis) {
    return {};
  }
  Rows out(1);
  const auto count = static_cast<std::size_t>(axis->count);
  for (std::size_t i = 0; i < options_.fills.size(); ++i) {
    std::vector<std::string> items(count, options_.fills[i]);
    for (const auto& row : rows) {
      const auto place = row[place_column].as_integer() - axis->first;
      if (place >= 0 && place < axis->count) {
        const auto& value = row[first_value + i];
        items[static_cast<std::size_t>(place)] = value.is_null() ? "null" : to_json(value);
      }
    }
    out.front().push_back(joined(items));
  }
  std::vector<std::string> points;
  for (std::int64_t place = 0; place < axis->count; ++place) {
    points.push_back(to_json(point(*axis, axis->first + place)));
  }
  out.front().push_back(joined(points));
  return out;
}

} // namespace sluice::kql
