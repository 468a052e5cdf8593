// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "kql/case_fold.hpp"
#include "kql/conversion.hpp"

namespace sluice::kql {
namespace {

constexpr std::int64_t second = 10'000'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;

/// Eats a text from the front.
class Reader {
public:
  explicit Reader(std::string_view text) : rest_{text} {}

  void skip_blanks() {
    while (rest_.starts_with(' ')) {
      rest_.remove_prefix(1);
    }
  }
  auto accept(char c) -> bool {
    const bool found = rest_.starts_with(c);
    rest_.remove_prefix(found ? 1 : 0);
    return found;
  }
  auto accept_word(std::string_view word) -> bool {
    const bool found = equal_folded(rest_.substr(0, word.size()), word);
    rest_.remove_prefix(found ? word.size() : 0);
    return found;
  }
  /// Up to `max_digits` digits; how many there were is in `digits_read`.
  auto number(std::size_t max_digits) -> std::optional<std::int64_t> {
    std::int64_t value = 0;
    digits_read = 0;
    while (digits_read < max_digits && digits_read < rest_.size() && rest_[digits_read] >= '0' &&
           rest_[digits_read] <= '9') {
      value = value * 10 + (rest_[digits_read++] - '0');
    }
    rest_.remove_prefix(digits_read);
    return digits_read == 0 ? std::nullopt : std::optional{value};
  }
  /// The digits after the point, as ticks; what is finer is cut.
  auto fraction() -> std::optional<std::int64_t> {
    auto value = number(7);
    for (auto digits = digits_read; value && digits < 7; ++digits) {
      *value *= 10;
    }
    while (number(18)) {
    }
    return value;
  }
  [[nodiscard]] auto at_end() const -> bool { return rest_.empty(); }
  [[nodiscard]] auto rest() const -> std::string_view { return rest_; }

  std::size_t digits_read = 0;

private:
  std::string_view rest_;
};

auto read_month(Reader& in) -> std::optional<std::int64_t> {
  static constexpr std::array<std::string_view, 12> names{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (in.accept_word(names[i])) {
      return static_cast<std::int64_t>(i + 1);
    }
  }
  return std::nullopt;
}

void skip_weekday(Reader& in) {
  for (const std::string_view name : {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}) {
    if (in.accept_word(name)) {
      in.accept(',');
      in.skip_blanks();
      return;
    }
  }
}

struct DateParts {
  std::int64_t year = 0, month = 1, day = 1;
};

auto read_date(Reader& in) -> std::optional<DateParts> {
  skip_weekday(in);
  const auto first = in.number(8);
  if (!first) {
    return std::nullopt;
  }
  if (in.digits_read == 8) {
    return DateParts{*first / 10000, *first / 100 % 100, *first % 100};
  }
  const bool year_first = in.digits_read == 4;
  if (year_first && in.at_end()) {
    return DateParts{*first, 1, 1};
  }
  if (in.accept(' ')) {
    const auto month = read_month(in);
    in.skip_blanks();
    const auto year = in.number(4);
    return month && year ? std::optional{DateParts{*year, *month, *first}} : std::nullopt;
  }
  const char separator = in.accept('-') ? '-' : '/';
  if (separator == '/' && !in.accept('/')) {
    return std::nullopt;
  }
  const auto second_part = in.number(2);
  if (year_first && second_part && in.at_end()) {
    return DateParts{*first, *second_part, 1};
  }
  if (!second_part || !in.accept(separator)) {
    return std::nullopt;
  }
  const auto third = in.number(year_first ? 2 : 4);
  if (!third) {
    return std::nullopt;
  }
  return year_first ? DateParts{*first, *second_part, *third}
                    : DateParts{*third, *first, *second_part};
}

/// `H:M[:S[.f]] [AM|PM]`, as ticks of the day.
auto read_time(Reader& in) -> std::optional<std::int64_t> {
  auto hours = in.number(2);
  if (!hours || !in.accept(':')) {
    return std::nullopt;
  }
  const auto minutes = in.number(2);
  std::optional<std::int64_t> seconds = 0;
  std::optional<std::int64_t> ticks = 0;
  if (in.accept(':')) {
    seconds = in.number(2);
    ticks = in.accept('.') ? in.fraction() : ticks;
  }
  in.skip_blanks();
  if (in.accept_word("PM")) {
    *hours += *hours < 12 ? 12 : 0;
  } else if (in.accept_word("AM")) {
    *hours %= 12;
  }
  if (!minutes || !seconds || !ticks || *hours > 23 || *minutes > 59 || *seconds > 59) {
    return std::nullopt;
  }
  return *hours * hour + *minutes * minute + *seconds * second + *ticks;
}

/// `Z`, `GMT`, `UTC`, `+01:00`, `-0130`, `+2`; nothing there means UTC.
auto read_offset(Reader& in) -> std::optional<std::int64_t> {
  in.skip_blanks();
  if (in.at_end() || in.accept_word("GMT") || in.accept_word("UTC") || in.accept('Z') ||
      in.accept('z')) {
    return 0;
  }
  const bool east = in.accept('+');
  if (!east && !in.accept('-')) {
    return std::nullopt;
  }
  const auto hours = in.number(2);
  in.accept(':');
  const auto minutes = in.at_end() ? std::optional<std::int64_t>{0} : in.number(2);
  if (!hours || !minutes || *hours > 14 || *minutes > 59) {
    return std::nullopt;
  }
  return (*hours * hour + *minutes * minute) * (east ? 1 : -1);
}

auto fit_ticks(double ticks) -> std::optional<Ticks> {
  return ticks >= -0x1p63 && ticks < 0x1p63 ? std::optional{Ticks{static_cast<std::int64_t>(ticks)}}
                                            : std::nullopt;
}

/// The timespan of `days` and the ticks `in_day`; null beyond what 64 bits hold, which is one tick
/// more below zero than above.
auto timespan_of(bool negative, std::int64_t days, std::int64_t in_day) -> std::optional<Ticks> {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (days > 10'675'199) {
    return std::nullopt;
  }
  const auto magnitude =
      static_cast<std::uint64_t>(days) * day + static_cast<std::uint64_t>(in_day);
  if (magnitude > most + (negative ? 1 : 0)) {
    return std::nullopt;
  }
  return Ticks{static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude)};
}

} // namespace

auto parse_datetime(std::string_view text) -> std::optional<DateTime> {
  Reader in{text};
  in.skip_blanks();
  const auto date = read_date(in);
  if (!date) {
    return std::nullopt;
  }
  std::optional<std::int64_t> in_day = 0;
  std::optional<std::int64_t> offset = 0;
  if (in.accept('T') || in.accept('t') || in.accept(' ')) {
    in.skip_blanks();
    if (!in.at_end()) {
      in_day = read_time(in);
      offset = in_day ? read_offset(in) : std::nullopt;
    }
  } else {
    offset = read_offset(in);
  }
  in.skip_blanks();
  const auto midnight = from_civil(
      {static_cast<int>(date->year), static_cast<int>(date->month), static_cast<int>(date->day)});
  if (!midnight || !in_day || !offset || !in.at_end()) {
    return std::nullopt;
  }
  const auto utc = *midnight + Ticks{*in_day - *offset};
  const auto ticks = utc.since_year_one.count();
  return ticks >= 0 && ticks <= DateTime::max_ticks ? std::optional{utc} : std::nullopt;
}

auto parse_time_of_day(std::string_view text) -> std::optional<Ticks> {
  Reader in{text};
  in.skip_blanks();
  const auto ticks = read_time(in);
  in.skip_blanks();
  return ticks && in.at_end() ? std::optional{Ticks{*ticks}} : std::nullopt;
}

auto timespan_unit(std::string_view name) -> std::optional<std::int64_t> {
  using Row = std::pair<std::string_view, std::int64_t>;
  static constexpr std::array rows{
      Row{"d", day},
      Row{"day", day},
      Row{"days", day},
      Row{"h", hour},
      Row{"hr", hour},
      Row{"hrs", hour},
      Row{"hour", hour},
      Row{"hours", hour},
      Row{"m", minute},
      Row{"min", minute},
      Row{"mins", minute},
      Row{"minute", minute},
      Row{"minutes", minute},
      Row{"s", second},
      Row{"sec", second},
      Row{"secs", second},
      Row{"second", second},
      Row{"seconds", second},
      Row{"ms", second / 1000},
      Row{"milli", second / 1000},
      Row{"millis", second / 1000},
      Row{"millisec", second / 1000},
      Row{"millisecond", second / 1000},
      Row{"milliseconds", second / 1000},
      Row{"micro", std::int64_t{10}},
      Row{"micros", std::int64_t{10}},
      Row{"microsec", std::int64_t{10}},
      Row{"microsecond", std::int64_t{10}},
      Row{"microseconds", std::int64_t{10}},
      Row{"tick", std::int64_t{1}},
      Row{"ticks", std::int64_t{1}},
  };
  for (const auto& [text, ticks] : rows) {
    if (text == name) {
      return ticks;
    }
  }
  return std::nullopt;
}

auto to_ticks(double amount, std::int64_t unit) -> std::optional<Ticks> {
  return fit_ticks(std::round(amount * static_cast<double>(unit)));
}

auto parse_timespan(std::string_view text) -> std::optional<Ticks> {
  Reader in{text};
  in.skip_blanks();
  const bool negative = in.accept('-');
  const auto whole_text = in.rest();
  auto first = in.number(8);
  if (!first) {
    return std::nullopt;
  }
  in.skip_blanks();
  if (in.at_end()) {
    return timespan_of(negative, *first, 0);
  }
  std::int64_t days = 0;
  if (in.accept('.')) {
    days = *first;
    first = in.number(7);
  }
  if (first && in.accept(':')) {
    const auto minutes = in.number(2);
    std::optional<std::int64_t> seconds = 0;
    std::optional<std::int64_t> ticks = 0;
    if (in.accept(':')) {
      seconds = in.number(2);
      ticks = in.accept('.') ? in.fraction() : ticks;
    }
    in.skip_blanks();
    if (!minutes || !seconds || !ticks || !in.at_end() || *minutes > 59 || *seconds > 59 ||
        *first > 23) {
      return std::nullopt;
    }
    return timespan_of(
        negative, days, *first * hour + *minutes * minute + *seconds * second + *ticks);
  }
  const auto digits = whole_text.find_first_not_of("0123456789.");
  const auto amount = parse_real(whole_text.substr(0, digits));
  auto unit_text =
      digits == std::string_view::npos ? std::string_view{} : whole_text.substr(digits);
  unit_text.remove_prefix(std::min(unit_text.find_first_not_of(' '), unit_text.size()));
  const auto unit = timespan_unit(unit_text.substr(0, unit_text.find_last_not_of(' ') + 1));
  return amount && unit ? to_ticks(negative ? -*amount : *amount, *unit) : std::nullopt;
}

auto to_text(Ticks timespan) -> std::string {
  const auto ticks = timespan.count();
  const auto magnitude =
      ticks < 0 ? 0 - static_cast<std::uint64_t>(ticks) : static_cast<std::uint64_t>(ticks);
  const auto days = magnitude / day;
  const auto in_day = magnitude % day;
  auto text = fmt::format("{}{}{:02}:{:02}:{:02}",
                          ticks < 0 ? "-" : "",
                          days > 0 ? fmt::format("{}.", days) : "",
                          in_day / hour,
                          in_day / minute % 60,
                          in_day / second % 60);
  if (in_day % second != 0) {
    text += fmt::format(".{:07}", in_day % second);
  }
  return text;
}

} // namespace sluice::kql
