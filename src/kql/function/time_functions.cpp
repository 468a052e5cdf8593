// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "kql/calendar.hpp"
#include "kql/conversion.hpp"
#include "kql/function/families.hpp"

namespace sluice::kql {
namespace {

using Arguments = std::span<const Value>;

auto any_null(Arguments a) -> bool {
  return std::any_of(a.begin(), a.end(), [](const Value& v) { return v.is_null(); });
}

auto datetime(std::optional<DateTime> time) -> Value {
  return time ? Value::datetime(*time) : Value::null(Type::datetime);
}

template <CalendarUnit unit>
auto start_of(Arguments a, EvaluationContext&) -> Value {
  if (any_null(a)) {
    return Value::null(Type::datetime);
  }
  const auto offset = a.size() > 1 ? a[1].as_integer() : 0;
  return datetime(add_units(start_of_unit(a[0].as_datetime(), unit), unit, offset));
}

/// One tick before the next one starts.
template <CalendarUnit unit>
auto end_of(Arguments a, EvaluationContext&) -> Value {
  if (any_null(a)) {
    return Value::null(Type::datetime);
  }
  const auto offset = a.size() > 1 ? a[1].as_integer() : 0;
  if (offset < -1'000'000 || offset > 1'000'000) {
    return Value::null(Type::datetime);
  }
  const auto next = add_units(start_of_unit(a[0].as_datetime(), unit), unit, offset + 1);
  return Value::datetime(next ? *next - Ticks{1} : DateTime{Ticks{DateTime::max_ticks}});
}

template <int CivilTime::* part>
auto civil_part(Arguments a, EvaluationContext&) -> Value {
  return any_null(a) ? Value::null(Type::int32) : Value::int32(to_civil(a[0].as_datetime()).*part);
}

auto day_of_week(Arguments a, EvaluationContext&) -> Value {
  if (any_null(a)) {
    return Value::null(Type::timespan);
  }
  const auto since_sunday = start_of_unit(a[0].as_datetime(), CalendarUnit::day) -
                            start_of_unit(a[0].as_datetime(), CalendarUnit::week);
  return Value::timespan(since_sunday);
}

auto day_of_year(Arguments a, EvaluationContext&) -> Value {
  if (any_null(a)) {
    return Value::null(Type::int32);
  }
  const auto since = a[0].as_datetime() - start_of_unit(a[0].as_datetime(), CalendarUnit::year);
  return Value::int32(
      static_cast<std::int32_t>(std::chrono::floor<std::chrono::days>(since).count()) + 1);
}

auto week_of_year(Arguments a, EvaluationContext&) -> Value {
  return any_null(a) ? Value::null(Type::int32) : Value::int32(iso_week(a[0].as_datetime()));
}

auto datetime_add(Arguments a, EvaluationContext&) -> Value {
  const auto unit = parse_unit(a[0].text());
  return any_null(a) || !unit ? Value::null(Type::datetime)
                              : datetime(add_units(a[2].as_datetime(), *unit, a[1].as_integer()));
}

/// How many boundaries of the unit lie between the two.
auto datetime_diff(Arguments a, EvaluationContext&) -> Value {
  const auto unit = parse_unit(a[0].text());
  return any_null(a) || !unit ? Value::null(Type::int64)
                              : Value::int64(unit_number(a[1].as_datetime(), *unit) -
                                             unit_number(a[2].as_datetime(), *unit));
}

auto datetime_part(Arguments a, EvaluationContext&) -> Value {
  const auto value = any_null(a) ? std::nullopt : part_of(a[1].as_datetime(), a[0].text());
  return value ? Value::int32(*value) : Value::null(Type::int32);
}

auto make_datetime(Arguments a, EvaluationContext&) -> Value {
  if (any_null(a)) {
    return Value::null(Type::datetime);
  }
  CivilTime civil;
  int* const parts[] = {&civil.year, &civil.month, &civil.day, &civil.hour, &civil.minute};
  for (std::size_t i = 0; i < a.size() && i < 5; ++i) {
    const auto value = a[i].as_integer();
    if (value < 0 || value > 9999) {
      return Value::null(Type::datetime);
    }
    *parts[i] = static_cast<int>(value);
  }
  const auto seconds = a.size() > 5 ? a[5].as_real() : 0.0;
  const auto time = from_civil(civil);
  if (!time || !(seconds >= 0 && seconds < 60)) {
    return Value::null(Type::datetime);
  }
  return Value::datetime(*time + to_ticks(seconds, 10'000'000).value_or(Ticks{}));
}

auto make_timespan(Arguments a, EvaluationContext&) -> Value {
  if (any_null(a)) {
    return Value::null(Type::timespan);
  }
  const bool has_days = a.size() > 3;
  const auto days = has_days ? a[0].as_integer() : 0;
  const auto rest = has_days ? a.subspan(1) : a;
  const auto hours = rest[0].as_integer();
  const auto minutes = rest[1].as_integer();
  const auto seconds = rest.size() > 2 ? rest[2].as_real() : 0.0;
  if (days < 0 || days > 10'000'000 || hours < 0 || hours > 23 || minutes < 0 || minutes > 59 ||
      !(seconds >= 0 && seconds < 60)) {
    return Value::null(Type::timespan);
  }
  return Value::timespan(Ticks{((days * 24 + hours) * 60 + minutes) * 600'000'000} +
                         to_ticks(seconds, 10'000'000).value_or(Ticks{}));
}

auto format_datetime(Arguments a, EvaluationContext&) -> Value {
  return a[0].is_null() ? Value::string("")
                        : Value::string(format_time(a[0].as_datetime(), a[1].text()));
}

auto format_timespan(Arguments a, EvaluationContext&) -> Value {
  return a[0].is_null() ? Value::string("")
                        : Value::string(format_span(a[0].as_timespan(), a[1].text()));
}

template <std::int64_t ticks_per_unit>
auto from_unix(Arguments a, EvaluationContext&) -> Value {
  if (any_null(a)) {
    return Value::null(Type::datetime);
  }
  const auto since = is_integer(a[0].type()) && std::abs(a[0].as_real()) < 1e11
                         ? std::optional{Ticks{a[0].as_integer() * ticks_per_unit}}
                         : to_ticks(a[0].as_real(), ticks_per_unit);
  const bool in_range = since && std::abs(static_cast<double>(since->count())) < 3.2e18;
  return in_range ? Value::datetime({*since + Ticks{DateTime::unix_epoch_ticks}})
                  : Value::null(Type::datetime);
}

auto now(Arguments a, EvaluationContext& context) -> Value {
  return a.empty() || a[0].is_null() ? Value::datetime(context.now)
                                     : Value::datetime(context.now + a[0].as_timespan());
}

auto ago(Arguments a, EvaluationContext& context) -> Value {
  return any_null(a) ? Value::null(Type::datetime)
                     : Value::datetime(context.now - a[0].as_timespan());
}

constexpr std::string_view at_offset = "datetime, [long] -> datetime";

auto calendar_functions() -> std::vector<Function> {
  constexpr auto time = Family::time;
  using Unit = CalendarUnit;
  return {
      {"startofday",
       {},
       time,
       at_offset,
       "When the day began, so many days on.",
       "startofday(datetime(2020-01-01 10:00)) => 2020-01-01T00:00:00.0000000Z",
       start_of<Unit::day>,
       true},
      {"startofweek",
       {},
       time,
       at_offset,
       "When the week (Sunday) began.",
       "startofweek(datetime(2020-01-01)) => 2019-12-29T00:00:00.0000000Z",
       start_of<Unit::week>},
      {"startofmonth", {}, time, at_offset, "When the month began.", "", start_of<Unit::month>},
      {"startofyear", {}, time, at_offset, "When the year began.", "", start_of<Unit::year>},
      {"endofday",
       {},
       time,
       at_offset,
       "The last tick of the day.",
       "endofday(datetime(2020-01-01)) => 2020-01-01T23:59:59.9999999Z",
       end_of<Unit::day>,
       true},
      {"endofweek",
       {},
       time,
       at_offset,
       "The last tick of the week (Saturday).",
       "",
       end_of<Unit::week>},
      {"endofmonth", {}, time, at_offset, "The last tick of the month.", "", end_of<Unit::month>},
      {"endofyear", {}, time, at_offset, "The last tick of the year.", "", end_of<Unit::year>},
      {"getyear", {}, time, "datetime -> int", "The year.", "", civil_part<&CivilTime::year>},
      {"monthofyear",
       {"getmonth"},
       time,
       "datetime -> int",
       "The month, 1 to 12.",
       "",
       civil_part<&CivilTime::month>},
      {"dayofmonth",
       {},
       time,
       "datetime -> int",
       "The day, 1 to 31.",
       "",
       civil_part<&CivilTime::day>},
      {"hourofday",
       {},
       time,
       "datetime -> int",
       "The hour, 0 to 23.",
       "",
       civil_part<&CivilTime::hour>},
      {"dayofweek",
       {},
       time,
       "datetime -> timespan",
       "Whole days since Sunday.",
       "dayofweek(datetime(2020-01-01)) => 3.00:00:00",
       day_of_week},
      {"dayofyear", {}, time, "datetime -> int", "The day, 1 to 366.", "", day_of_year},
      {"week_of_year",
       {"weekofyear"},
       time,
       "datetime -> int",
       "The ISO 8601 week.",
       "",
       week_of_year},
  };
}

} // namespace

auto time_functions() -> std::vector<Function> {
  constexpr auto time = Family::time;
  auto rows = calendar_functions();
  const std::vector<Function> more{
      {"now", {}, time, "[timespan] -> datetime", "The time of the query, so much later.", "", now},
      {"ago", {}, time, "timespan -> datetime", "The time of the query, so much earlier.", "", ago},
      {"datetime_add",
       {},
       time,
       "string, long, datetime -> datetime",
       "So many units (\"day\", \"month\", ...) later.",
       "datetime_add(\"month\", 1, datetime(2020-01-31)) => 2020-02-29T00:00:00.0000000Z",
       datetime_add},
      {"datetime_diff",
       {},
       time,
       "string, datetime, datetime -> long",
       "How many boundaries of the unit lie between the two.",
       "datetime_diff(\"day\", datetime(2020-01-02), datetime(2020-01-01 23:00)) => 1",
       datetime_diff},
      {"datetime_part",
       {"datepart"},
       time,
       "string, datetime -> int",
       "One part, such as \"hour\".",
       "datetime_part(\"day\", datetime(2020-01-02)) => 2",
       datetime_part},
      {"make_datetime",
       {},
       time,
       "long, long, long, [long], [long], [real] -> datetime",
       "From year, month, day, hour, minute, second.",
       "make_datetime(2020, 1, 2) => 2020-01-02T00:00:00.0000000Z",
       make_datetime},
      {"make_timespan",
       {},
       time,
       "long, long -> timespan; long, long, real -> timespan; "
       "long, long, long, real -> timespan",
       "From days, hours, minutes, seconds.",
       "make_timespan(1, 30) => 01:30:00",
       make_timespan},
      {"format_datetime",
       {},
       time,
       "datetime, string -> string",
       "As the format says: y M d H h m s f F t.",
       "format_datetime(datetime(2020-01-02), \"dd/MM/yy\") => 02/01/20",
       format_datetime,
       true},
      {"format_timespan",
       {},
       time,
       "timespan, string -> string",
       "As the format says: d H h m s f F.",
       "format_timespan(1h, \"HH:mm\") => 01:00",
       format_timespan},
      {"unixtime_seconds_todatetime",
       {},
       time,
       "number -> datetime",
       "Seconds since 1970.",
       "unixtime_seconds_todatetime(0) => 1970-01-01T00:00:00.0000000Z",
       from_unix<10'000'000>},
      {"unixtime_milliseconds_todatetime",
       {},
       time,
       "number -> datetime",
       "Milliseconds since 1970.",
       "",
       from_unix<10'000>},
      {"unixtime_microseconds_todatetime",
       {},
       time,
       "number -> datetime",
       "Microseconds since 1970.",
       "",
       from_unix<10>},
  };
  rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

} // namespace sluice::kql
