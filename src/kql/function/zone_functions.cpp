// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <optional>

#include "kql/function/arguments.hpp"
#include "kql/function/families.hpp"
#include "kql/time_zone.hpp"

namespace sluice::kql {
namespace {

template <auto turn>
auto turned(Arguments a, EvaluationContext&) -> Value {
  const auto time = a[0].is_null() ? std::nullopt : turn(a[0].as_datetime(), a[1].text());
  return time ? Value::datetime(*time) : Value::null(Type::datetime);
}

auto from_unix_nanoseconds(Arguments a, EvaluationContext&) -> Value {
  constexpr std::int64_t nanoseconds_per_tick = 100;
  return a[0].is_null()
             ? Value::null(Type::datetime)
             : Value::datetime(
                   {Ticks{DateTime::unix_epoch_ticks + a[0].as_integer() / nanoseconds_per_tick}});
}

} // namespace

auto zone_functions() -> std::vector<Function> {
  constexpr auto time = Family::time;
  return {
      {"datetime_utc_to_local",
       {},
       time,
       "datetime, string -> datetime",
       "What a clock in the zone shows; null when there is no such zone.",
       "datetime_utc_to_local(datetime(2020-07-01), \"Europe/Paris\") => "
       "2020-07-01T02:00:00.0000000Z",
       turned<utc_to_local>},
      {"datetime_local_to_utc",
       {},
       time,
       "datetime, string -> datetime",
       "When a clock in the zone shows that.",
       "datetime_local_to_utc(datetime(2020-07-01), \"Europe/Paris\") => "
       "2020-06-30T22:00:00.0000000Z",
       turned<local_to_utc>},
      {"unixtime_nanoseconds_todatetime",
       {},
       time,
       "long -> datetime",
       "Nanoseconds since 1970.",
       "",
       from_unix_nanoseconds},
  };
}

} // namespace sluice::kql
