// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/date_time.hpp"
#include "kql/value.hpp"

/// From text to values and back, by Kusto's rules (documented, and as the engine was observed).
namespace sluice::kql {

/// Decimal or 0x hexadecimal, blanks around it allowed; "12.5", "" and what needs more than 64 bits
/// are nothing.
[[nodiscard]] auto parse_long(std::string_view text) -> std::optional<std::int64_t>;
[[nodiscard]] auto parse_real(std::string_view text) -> std::optional<double>;
/// "true", "false" in any case, "1", "0" and other integers; "yes" is nothing.
[[nodiscard]] auto parse_boolean(std::string_view text) -> std::optional<bool>;
/// ISO 8601 in full or in part, `M/D/Y` and `M-D-Y` with or without a time (AM, PM), RFC 1123,
/// `yyyymmdd`, a year alone; an offset is taken off, so that the result is UTC.
[[nodiscard]] auto parse_datetime(std::string_view text) -> std::optional<DateTime>;
/// `8:00 AM`, `17:30`: a time of some day, and nothing else.
[[nodiscard]] auto parse_time_of_day(std::string_view text) -> std::optional<Ticks>;
/// `[-][d.]hh:mm[:ss[.fffffff]]`, a number with a unit (`1.5h`), a whole number of days.
[[nodiscard]] auto parse_timespan(std::string_view text) -> std::optional<Ticks>;
/// 32 hexadecimal digits, hyphens anywhere (observed), braces allowed; gives the canonical form.
[[nodiscard]] auto parse_guid(std::string_view text) -> std::optional<std::string>;
/// Ticks in one `d`, `hours`, `microsecond`, ...; nothing when it is no unit.
[[nodiscard]] auto timespan_unit(std::string_view name) -> std::optional<std::int64_t>;
/// `amount` units as ticks; nothing when that is beyond 64 bits.
[[nodiscard]] auto to_ticks(double amount, std::int64_t unit) -> std::optional<Ticks>;

/// `1.02:03:04` or `00:00:00.0010000`.
[[nodiscard]] auto to_text(Ticks timespan) -> std::string;

/// As `tostring` gives it: "True", "2020-01-01T00:00:00.0000000Z", null as "".
[[nodiscard]] auto to_text(const Value& value) -> std::string;

/// The value as another type, as `tolong`, `todatetime` and so on convert it; null (or absent) when
/// it cannot be.
[[nodiscard]] auto convert(const Value& value, Type type) -> Value;

} // namespace sluice::kql
