// SPDX-License-Identifier: Apache-2.0
#include "http/http_date.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace sluice::http {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::hours longest_wait{24};

auto number(std::string_view text) -> std::optional<int> {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) {
    return std::nullopt;
  }
  return value;
}

constexpr std::array<std::string_view, 12> month_names{
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
/// From Monday, the first day of year one.
constexpr std::array<std::string_view, 7> day_names{
    "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

auto month_number(std::string_view name) -> int {
  return static_cast<int>(std::ranges::find(month_names, name) - month_names.begin()) + 1;
}

} // namespace

auto parse_http_date(std::string_view text) -> std::optional<DateTime> {
  constexpr std::string_view shape = "Sun, 06 Nov 1994 08:49:37 GMT";
  if (text.size() != shape.size() || text.substr(3, 2) != ", " || text.substr(25) != " GMT" ||
      text[19] != ':' || text[22] != ':') {
    return std::nullopt;
  }
  const auto day = number(text.substr(5, 2));
  const auto year = number(text.substr(12, 4));
  const auto hour = number(text.substr(17, 2));
  const auto minute = number(text.substr(20, 2));
  const auto second = number(text.substr(23, 2));
  if (!day || !year || !hour || !minute || !second) {
    return std::nullopt;
  }
  return from_civil({.year = *year,
                     .month = month_number(text.substr(8, 3)),
                     .day = *day,
                     .hour = *hour,
                     .minute = *minute,
                     .second = std::min(*second, 59)});
}

auto to_http_date(DateTime time) -> std::string {
  const auto civil = to_civil(time);
  const auto days = std::chrono::floor<std::chrono::days>(time.since_year_one).count();
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     day_names[static_cast<std::size_t>(days % 7)],
                     civil.day,
                     month_names[static_cast<std::size_t>(civil.month - 1)],
                     civil.year,
                     civil.hour,
                     civil.minute,
                     civil.second);
}

auto retry_after(const Headers& headers, DateTime now) -> std::optional<milliseconds> {
  const auto text = headers.find("Retry-After");
  if (!text) {
    return std::nullopt;
  }
  if (const auto seconds = number(*text)) {
    return std::min(milliseconds{std::chrono::seconds{*seconds}}, milliseconds{longest_wait});
  }
  const auto date = parse_http_date(*text);
  if (!date) {
    return std::nullopt;
  }
  const auto wait = std::chrono::duration_cast<milliseconds>(*date - now);
  return std::clamp(wait, milliseconds{0}, milliseconds{longest_wait});
}

} // namespace sluice::http
