// SPDX-License-Identifier: Apache-2.0
#include "kql/calendar.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "kql/case_fold.hpp"

namespace sluice::kql {
namespace {

constexpr std::int64_t second = 10'000'000;
constexpr std::int64_t day = 86'400 * second;

/// Ticks of the units that always last as long; 0 for the others. Nanoseconds are finer than a
/// tick and counted apart.
auto fixed_length(CalendarUnit unit) -> std::int64_t {
  switch (unit) {
  case CalendarUnit::week:
    return 7 * day;
  case CalendarUnit::day:
    return day;
  case CalendarUnit::hour:
    return 3600 * second;
  case CalendarUnit::minute:
    return 60 * second;
  case CalendarUnit::second:
    return second;
  case CalendarUnit::millisecond:
    return second / 1000;
  case CalendarUnit::microsecond:
    return 10;
  default:
    return 0;
  }
}

auto within_range(std::int64_t ticks) -> std::optional<DateTime> {
  return ticks >= 0 && ticks <= DateTime::max_ticks ? std::optional{DateTime{Ticks{ticks}}}
                                                    : std::nullopt;
}

auto add_months(DateTime time, std::int64_t count) -> std::optional<DateTime> {
  auto civil = to_civil(time);
  const auto months = std::int64_t{civil.year} * 12 + civil.month - 1 + count;
  if (months < 12 || months >= 10'000 * 12) {
    return std::nullopt;
  }
  civil.year = static_cast<int>(months / 12);
  civil.month = static_cast<int>(months % 12) + 1;
  const std::chrono::year_month_day_last last{
      std::chrono::year{civil.year},
      std::chrono::month_day_last{std::chrono::month{static_cast<unsigned>(civil.month)}}};
  civil.day = std::min(civil.day, static_cast<int>(static_cast<unsigned>(last.day())));
  return from_civil(civil);
}

/// 0001-01-01 was a Monday; weeks begin on Sunday.
auto days_since_sunday(std::int64_t days) -> std::int64_t {
  return (days + 1) % 7;
}

auto day_of_year(DateTime time) -> int {
  const auto civil = to_civil(time);
  const auto start = from_civil({civil.year, 1, 1}).value_or(DateTime{});
  return static_cast<int>((time - start).count() / day) + 1;
}

/// How many letters make one part: as many as stand together, of most letters at most two
/// (observed: `dddd` is the day twice).
auto repeated(std::string_view format, std::size_t at, std::string_view pairs) -> std::size_t {
  const auto end = format.find_first_not_of(format[at], at);
  const auto together = (end == std::string_view::npos ? format.size() : end) - at;
  return pairs.find(format[at]) == std::string_view::npos ? together
                                                          : std::min<std::size_t>(together, 2);
}

auto padded(std::int64_t value, std::size_t width) -> std::string {
  return fmt::format("{:0{}}", value, width);
}

/// `fff`: so many digits of the second's fraction; `FFF`: without zeros at its end.
auto fraction(std::int64_t ticks, std::size_t digits, bool keep_zeros) -> std::string {
  auto text = fmt::format("{:07}", ticks).substr(0, std::min<std::size_t>(digits, 7));
  if (!keep_zeros) {
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text;
}

} // namespace

auto parse_unit(std::string_view name) -> std::optional<CalendarUnit> {
  using Row = std::pair<std::string_view, CalendarUnit>;
  static constexpr std::array rows{
      Row{"year", CalendarUnit::year},
      Row{"quarter", CalendarUnit::quarter},
      Row{"month", CalendarUnit::month},
      Row{"week", CalendarUnit::week},
      Row{"day", CalendarUnit::day},
      Row{"hour", CalendarUnit::hour},
      Row{"minute", CalendarUnit::minute},
      Row{"second", CalendarUnit::second},
      Row{"millisecond", CalendarUnit::millisecond},
      Row{"microsecond", CalendarUnit::microsecond},
      Row{"nanosecond", CalendarUnit::nanosecond},
  };
  for (const auto& [text, unit] : rows) {
    if (equal_folded(text, name)) {
      return unit;
    }
  }
  return std::nullopt;
}

auto start_of_unit(DateTime time, CalendarUnit unit) -> DateTime {
  const auto ticks = time.since_year_one.count();
  auto civil = to_civil(time);
  switch (unit) {
  case CalendarUnit::year:
    return from_civil({civil.year, 1, 1}).value_or(DateTime{});
  case CalendarUnit::quarter:
    return from_civil({civil.year, (civil.month - 1) / 3 * 3 + 1, 1}).value_or(DateTime{});
  case CalendarUnit::month:
    return from_civil({civil.year, civil.month, 1}).value_or(DateTime{});
  case CalendarUnit::week: {
    const auto days = ticks / day;
    return DateTime{Ticks{std::max<std::int64_t>(days - days_since_sunday(days), 0) * day}};
  }
  default: {
    const auto length = std::max<std::int64_t>(fixed_length(unit), 1);
    return DateTime{Ticks{ticks / length * length}};
  }
  }
}

auto add_units(DateTime time, CalendarUnit unit, std::int64_t count) -> std::optional<DateTime> {
  constexpr std::int64_t most_months = 200'000;
  const auto months = unit == CalendarUnit::year      ? 12
                      : unit == CalendarUnit::quarter ? 3
                      : unit == CalendarUnit::month   ? 1
                                                      : 0;
  if (months > 0) {
    return count > -most_months && count < most_months ? add_months(time, count * months)
                                                       : std::nullopt;
  }
  const auto ticks = time.since_year_one.count();
  if (unit == CalendarUnit::nanosecond) {
    return within_range(ticks + count / 100);
  }
  const auto length = fixed_length(unit);
  const auto most = DateTime::max_ticks / length + 1;
  return count >= -most && count <= most ? within_range(ticks + count * length) : std::nullopt;
}

auto unit_number(DateTime time, CalendarUnit unit) -> std::int64_t {
  const auto civil = to_civil(time);
  const auto ticks = time.since_year_one.count();
  switch (unit) {
  case CalendarUnit::year:
    return civil.year;
  case CalendarUnit::quarter:
    return std::int64_t{civil.year} * 4 + (civil.month - 1) / 3;
  case CalendarUnit::month:
    return std::int64_t{civil.year} * 12 + civil.month;
  case CalendarUnit::week:
    return (ticks / day + 1) / 7;
  case CalendarUnit::nanosecond:
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(ticks) * 100);
  default:
    return ticks / fixed_length(unit);
  }
}

auto iso_week(DateTime time) -> int {
  const auto days = time.since_year_one.count() / day;
  const auto since_monday = days % 7;
  const DateTime thursday{Ticks{(days - since_monday + 3) * day}};
  return (day_of_year(thursday) - 1) / 7 + 1;
}

auto part_of(DateTime time, std::string_view name) -> std::optional<int> {
  const auto civil = to_civil(time);
  const auto unit = parse_unit(name);
  if (!unit) {
    if (equal_folded(name, "week_of_year") || equal_folded(name, "weekOfYear")) {
      return iso_week(time);
    }
    return equal_folded(name, "dayOfYear") ? std::optional{day_of_year(time)} : std::nullopt;
  }
  switch (*unit) {
  case CalendarUnit::year:
    return civil.year;
  case CalendarUnit::quarter:
    return (civil.month - 1) / 3 + 1;
  case CalendarUnit::month:
    return civil.month;
  case CalendarUnit::week:
    return iso_week(time);
  case CalendarUnit::day:
    return civil.day;
  case CalendarUnit::hour:
    return civil.hour;
  case CalendarUnit::minute:
    return civil.minute;
  case CalendarUnit::second:
    return civil.second;
  case CalendarUnit::millisecond:
    return civil.ticks / 10'000;
  case CalendarUnit::microsecond:
    return civil.ticks / 10;
  case CalendarUnit::nanosecond:
    return civil.ticks * 100;
  }
  return std::nullopt;
}

auto format_time(DateTime time, std::string_view format) -> std::string {
  const auto civil = to_civil(time);
  std::string out;
  for (std::size_t i = 0; i < format.size();) {
    const char c = format[i];
    const auto width = repeated(format, i, "MdHhms");
    const auto two = std::min<std::size_t>(width, 2);
    i += width;
    switch (c) {
    case 'y':
      out += width <= 2 ? padded(civil.year % 100, width) : padded(civil.year, 4);
      break;
    case 'M':
      out += padded(civil.month, two);
      break;
    case 'd':
      out += padded(civil.day, two);
      break;
    case 'H':
      out += padded(civil.hour, two);
      break;
    case 'h':
      out += padded((civil.hour + 11) % 12 + 1, two);
      break;
    case 'm':
      out += padded(civil.minute, two);
      break;
    case 's':
      out += padded(civil.second, two);
      break;
    case 't':
      out += civil.hour < 12 ? "AM" : "PM";
      break;
    case 'f':
    case 'F':
      out += fraction(civil.ticks, width, c == 'f');
      break;
    default:
      out.append(width, c);
    }
  }
  return out;
}

auto format_span(Ticks span, std::string_view format) -> std::string {
  const auto ticks = span.count();
  const auto size =
      ticks < 0 ? 0 - static_cast<std::uint64_t>(ticks) : static_cast<std::uint64_t>(ticks);
  const auto part = [size](std::int64_t unit, std::uint64_t count) {
    const auto value = size / static_cast<std::uint64_t>(unit);
    return static_cast<std::int64_t>(count == 0 ? value : value % count);
  };
  std::string out = ticks < 0 ? "-" : "";
  for (std::size_t i = 0; i < format.size();) {
    const char c = format[i];
    const auto width = repeated(format, i, "Hhms");
    const auto two = std::min<std::size_t>(width, 2);
    i += width;
    switch (c) {
    case 'd':
      out += padded(part(day, 0), width);
      break;
    case 'H':
    case 'h':
      out += padded(part(3600 * second, 24), two);
      break;
    case 'm':
      out += padded(part(60 * second, 60), two);
      break;
    case 's':
      out += padded(part(second, 60), two);
      break;
    case 'f':
    case 'F':
      out += fraction(part(1, second), width, c == 'f');
      break;
    default:
      out.append(width, c);
    }
  }
  return out;
}

} // namespace sluice::kql
