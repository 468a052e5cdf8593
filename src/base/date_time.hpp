// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// 100 ns, the grain of time in Microsoft's services and in Kusto.
using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;

/// A point in UTC: ticks since 0001-01-01T00:00:00, up to 9999-12-31T23:59:59.9999999.
struct DateTime {
  Ticks since_year_one{};

  static constexpr std::int64_t unix_epoch_ticks = 621'355'968'000'000'000;
  static constexpr std::int64_t max_ticks = 3'155'378'975'999'999'999;

  [[nodiscard]] static auto from_unix(std::chrono::nanoseconds since_epoch) noexcept -> DateTime;
  [[nodiscard]] auto to_unix_ticks() const noexcept -> Ticks {
    return since_year_one - Ticks{unix_epoch_ticks};
  }

  friend auto operator==(const DateTime&, const DateTime&) -> bool = default;
  friend auto operator<=>(const DateTime&, const DateTime&) = default;
  friend auto operator+(DateTime t, Ticks d) -> DateTime { return {t.since_year_one + d}; }
  friend auto operator-(DateTime t, Ticks d) -> DateTime { return {t.since_year_one - d}; }
  friend auto operator-(DateTime a, DateTime b) -> Ticks {
    return a.since_year_one - b.since_year_one;
  }
};

/// Parts of a date in the proleptic Gregorian calendar. month 1-12, day 1-31, hour 0-23, minute and
/// second 0-59, ticks 0-9'999'999.
struct CivilTime {
  int year = 1, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  int ticks = 0;
};

[[nodiscard]] auto to_civil(DateTime time) noexcept -> CivilTime;
/// Nothing when a part is out of its range (so 31 April is nothing).
[[nodiscard]] auto from_civil(const CivilTime& civil) noexcept -> std::optional<DateTime>;

/// Reads `YYYY-MM-DD[(T| )HH:MM[:SS[.fraction]][Z|+HH:MM|-HH:MM]]`; without a zone it is UTC. Up to
/// seven digits of a fraction count, further ones are cut. Nothing when the text is anything else.
[[nodiscard]] auto parse_iso8601(std::string_view text) noexcept -> std::optional<DateTime>;

/// `2026-07-13T16:32:35.1234567Z` with `fraction_digits` (0 to 7) after the point and `Z` if
/// `zone`.
[[nodiscard]] auto to_iso8601(DateTime time, int fraction_digits, bool zone = true) -> std::string;

} // namespace sluice
