// SPDX-License-Identifier: Apache-2.0
#include "kql/time_zone.hpp"

#include <cstdint>
#include <memory>
#include <string>

#include <unicode/timezone.h>
#include <unicode/unistr.h>

namespace sluice::kql {
namespace {

constexpr std::int64_t ticks_per_millisecond = 10'000;
constexpr std::int64_t unix_epoch_ticks = 621'355'968'000'000'000;

/// The last zone asked for is kept: the rows of a column mostly name the same.
auto zone_named(std::string_view name) -> const icu::TimeZone* {
  thread_local std::string last_name;
  thread_local std::unique_ptr<icu::TimeZone> last;
  if (last == nullptr || last_name != name) {
    const icu::StringPiece text{name.data(), static_cast<std::int32_t>(name.size())};
    last.reset(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(text)));
    last_name = name;
  }
  return *last == icu::TimeZone::getUnknown() ? nullptr : last.get();
}

/// Nothing beyond the years that there are, or without such a zone.
auto turned(DateTime time, std::string_view name, bool is_local) -> std::optional<DateTime> {
  constexpr std::size_t max_name = 100;
  const auto* zone = name.empty() || name.size() > max_name ? nullptr : zone_named(name);
  if (zone == nullptr) {
    return std::nullopt;
  }
  const auto ticks = time.since_year_one.count();
  const auto milliseconds = (ticks - unix_epoch_ticks) / ticks_per_millisecond;
  std::int32_t raw = 0;
  std::int32_t saving = 0;
  UErrorCode status = U_ZERO_ERROR;
  zone->getOffset(static_cast<UDate>(milliseconds), is_local ? 1 : 0, raw, saving, status);
  if (U_FAILURE(status) != 0) {
    return std::nullopt;
  }
  const auto offset = (std::int64_t{raw} + saving) * ticks_per_millisecond;
  return DateTime{Ticks{is_local ? ticks - offset : ticks + offset}};
}

} // namespace

auto utc_to_local(DateTime utc, std::string_view zone) -> std::optional<DateTime> {
  return turned(utc, zone, false);
}

auto local_to_utc(DateTime local, std::string_view zone) -> std::optional<DateTime> {
  return turned(local, zone, true);
}

} // namespace sluice::kql
