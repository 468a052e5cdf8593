// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/date_time.hpp"

/// Dates as people count them: UTC, proleptic Gregorian, weeks from Sunday.
namespace sluice::kql {

enum class CalendarUnit : std::uint8_t {
  year,
  quarter,
  month,
  week,
  day,
  hour,
  minute,
  second,
  millisecond,
  microsecond,
  nanosecond,
};

/// "day" and the like, case set aside.
[[nodiscard]] auto parse_unit(std::string_view name) -> std::optional<CalendarUnit>;

/// year, quarter, month, week or day in which the time lies: its first moment. Of the first week
/// of the year 1: its first day.
[[nodiscard]] auto start_of_unit(DateTime time, CalendarUnit unit) -> DateTime;
/// A day that the month has not becomes its last one. Nothing when out of the years 1 to 9999.
[[nodiscard]] auto add_units(DateTime time, CalendarUnit unit, std::int64_t count)
    -> std::optional<DateTime>;
/// A number that grows by one at each boundary of the unit.
[[nodiscard]] auto unit_number(DateTime time, CalendarUnit unit) -> std::int64_t;
/// ISO 8601: the week with the year's first Thursday is 1.
[[nodiscard]] auto iso_week(DateTime time) -> int;
/// `datetime_part`'s parts: "year", "week_of_year", "dayOfYear", ...
[[nodiscard]] auto part_of(DateTime time, std::string_view name) -> std::optional<int>;

/// Letters of `format` stand for parts: y M d H h m s f F t; all others for themselves.
[[nodiscard]] auto format_time(DateTime time, std::string_view format) -> std::string;
[[nodiscard]] auto format_span(Ticks span, std::string_view format) -> std::string;

} // namespace sluice::kql
