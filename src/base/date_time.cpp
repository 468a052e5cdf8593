// SPDX-License-Identifier: Apache-2.0
#include "base/date_time.hpp"

#include <array>
#include <cstddef>

#include <fmt/format.h>

namespace sluice {
namespace {

using std::chrono::days;

constexpr std::int64_t ticks_per_second = 10'000'000;
constexpr auto year_one = std::chrono::sys_days{std::chrono::year{1} / 1 / 1};

/// Takes digits off the front of a text, remembering whether anything was wrong.
class Cursor {
public:
  explicit Cursor(std::string_view text) : rest_{text} {}

  auto digits(std::size_t count) -> int {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (i >= rest_.size() || rest_[i] < '0' || rest_[i] > '9') {
        failed_ = true;
        return 0;
      }
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }

  auto accept(char c) -> bool {
    if (rest_.empty() || rest_.front() != c) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char c) { failed_ = !accept(c) || failed_; }

  /// A fraction in ticks: the digits after the point, of which there must be at least one.
  auto fraction() -> int {
    int value = 0;
    int scale = 1'000'000;
    std::size_t used = 0;
    while (used < rest_.size() && rest_[used] >= '0' && rest_[used] <= '9') {
      value += (rest_[used] - '0') * scale;
      scale /= 10;
      ++used;
    }
    failed_ = failed_ || used == 0;
    rest_.remove_prefix(used);
    return value;
  }

  [[nodiscard]] auto at_end() const -> bool { return rest_.empty(); }
  [[nodiscard]] auto failed() const -> bool { return failed_; }

private:
  std::string_view rest_;
  bool failed_ = false;
};

auto parse_zone(Cursor& in) -> std::chrono::minutes {
  const bool east = in.accept('+');
  if (!east && !in.accept('-')) {
    in.expect('Z');
    return {};
  }
  const auto hours = in.digits(2);
  in.accept(':');
  const auto offset = std::chrono::minutes{hours * 60 + in.digits(2)};
  return east ? offset : -offset;
}

auto put(char* at, char c) -> char* {
  *at = c;
  return at + 1;
}

/// The last `count` decimal digits of `value`, which is not negative.
template <std::size_t count>
auto put_digits(char* at, int value) -> char* {
  auto rest = static_cast<unsigned>(value);
  for (auto* digit = at + count; digit != at; rest /= 10) {
    *--digit = static_cast<char>('0' + rest % 10);
  }
  return at + count;
}

/// A time in the form that nearly all have, `2026-07-01T12:00:00` with or without a fraction and a
/// `Z`, of which every part has its place.
class UsualForm {
public:
  /// Nothing when it is in another form, or no time at all.
  static auto read(std::string_view text) -> std::optional<CivilTime> {
    constexpr std::size_t to_seconds = 19;
    if (text.size() < to_seconds) {
      return std::nullopt;
    }
    UsualForm form{text.data()};
    CivilTime civil{.year = form.pair(0) * 100 + form.pair(2),
                    .month = form.pair(5),
                    .day = form.pair(8),
                    .hour = form.pair(11),
                    .minute = form.pair(14),
                    .second = form.pair(17)};
    const bool is_marked =
        text[4] == '-' && text[7] == '-' && text[10] == 'T' && text[13] == ':' && text[16] == ':';
    text.remove_prefix(to_seconds);
    if (text.ends_with('Z')) {
      text.remove_suffix(1);
    }
    if (text.size() == 1 + fraction_digits && text.front() == '.') {
      form.at_ = text.data() + 1;
      civil.ticks = (form.pair(0) * 100 + form.pair(2)) * 1000 + form.pair(4) * 10 + form.digit(6);
      text = {};
    }
    return is_marked && !form.is_wrong_ && text.empty() ? std::optional{civil} : std::nullopt;
  }

private:
  static constexpr std::size_t fraction_digits = 7;

  explicit UsualForm(const char* at) : at_{at} {}

  auto digit(std::size_t place) -> int {
    const auto value = static_cast<unsigned char>(at_[place] - '0');
    is_wrong_ |= value > 9;
    return value;
  }
  auto pair(std::size_t place) -> int { return digit(place) * 10 + digit(place + 1); }

  const char* at_;
  bool is_wrong_ = false;
};

} // namespace

auto DateTime::from_unix(std::chrono::nanoseconds since_epoch) noexcept -> DateTime {
  return {std::chrono::floor<Ticks>(since_epoch) + Ticks{unix_epoch_ticks}};
}

auto to_civil(DateTime time) noexcept -> CivilTime {
  const auto whole_days = std::chrono::floor<days>(time.since_year_one);
  const std::chrono::year_month_day date{year_one + whole_days};
  const auto in_day = (time.since_year_one - whole_days).count();
  const auto seconds = in_day / ticks_per_second;
  return {static_cast<int>(date.year()),
          static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(seconds / 3600),
          static_cast<int>(seconds / 60 % 60),
          static_cast<int>(seconds % 60),
          static_cast<int>(in_day % ticks_per_second)};
}

auto from_civil(const CivilTime& c) noexcept -> std::optional<DateTime> {
  const std::chrono::year_month_day date{std::chrono::year{c.year},
                                         std::chrono::month{static_cast<unsigned>(c.month)},
                                         std::chrono::day{static_cast<unsigned>(c.day)}};
  const auto within = [](int value, int end) { return value >= 0 && value < end; };
  if (!date.ok() || c.year < 1 || c.year > 9999 || !within(c.hour, 24) || !within(c.minute, 60) ||
      !within(c.second, 60) || !within(c.ticks, ticks_per_second)) {
    return std::nullopt;
  }
  const Ticks whole_days = std::chrono::sys_days{date} - year_one;
  const auto seconds = (std::int64_t{c.hour} * 60 + c.minute) * 60 + c.second;
  return DateTime{whole_days + Ticks{seconds * ticks_per_second + c.ticks}};
}

auto parse_iso8601(std::string_view text) noexcept -> std::optional<DateTime> {
  if (const auto usual = UsualForm::read(text)) {
    return from_civil(*usual);
  }
  Cursor in{text};
  CivilTime civil;
  civil.year = in.digits(4);
  in.expect('-');
  civil.month = in.digits(2);
  in.expect('-');
  civil.day = in.digits(2);
  std::chrono::minutes offset{};
  if (in.accept('T') || in.accept(' ')) {
    civil.hour = in.digits(2);
    in.expect(':');
    civil.minute = in.digits(2);
    if (in.accept(':')) {
      civil.second = in.digits(2);
      civil.ticks = in.accept('.') ? in.fraction() : 0;
    }
    offset = in.at_end() ? offset : parse_zone(in);
  }
  if (in.failed() || !in.at_end()) {
    return std::nullopt;
  }
  const auto local = from_civil(civil);
  if (!local) {
    return std::nullopt;
  }
  const auto utc = *local - Ticks{offset};
  const bool representable =
      utc.since_year_one.count() >= 0 && utc.since_year_one.count() <= DateTime::max_ticks;
  return representable ? std::optional{utc} : std::nullopt;
}

auto to_iso8601(DateTime time, int fraction_digits, bool zone) -> std::string {
  const auto c = to_civil(time);
  std::string text(28, '\0');
  char* at = text.data();
  at = put_digits<4>(at, c.year);
  at = put_digits<2>(put(at, '-'), c.month);
  at = put_digits<2>(put(at, '-'), c.day);
  at = put_digits<2>(put(at, 'T'), c.hour);
  at = put_digits<2>(put(at, ':'), c.minute);
  at = put_digits<2>(put(at, ':'), c.second);
  if (fraction_digits > 0) {
    put_digits<7>(put(at, '.'), c.ticks);
    at += 1 + fraction_digits;
  }
  if (zone) {
    at = put(at, 'Z');
  }
  text.resize(static_cast<std::size_t>(at - text.data()));
  return text;
}

} // namespace sluice
