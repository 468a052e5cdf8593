// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/date_time.hpp"
#include "base/random.hpp"

namespace sluice {
namespace {

struct ReadCase {
  std::string_view text;
  std::string_view expected; ///< With seven digits; empty when the text is refused.
};

class DateTimeText : public testing::TestWithParam<ReadCase> {};

TEST_P(DateTimeText, reads_as_the_table_says) {
  const auto time = parse_iso8601(GetParam().text);
  EXPECT_EQ(time ? to_iso8601(*time, 7) : "", GetParam().expected) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Accepted,
    DateTimeText,
    testing::Values(ReadCase{"2024-10-31T16:24:41", "2024-10-31T16:24:41.0000000Z"},
                    ReadCase{"2024-10-31T16:24:41Z", "2024-10-31T16:24:41.0000000Z"},
                    ReadCase{"2024-10-31 16:24:41Z", "2024-10-31T16:24:41.0000000Z"},
                    ReadCase{"2024-10-31T16:24", "2024-10-31T16:24:00.0000000Z"},
                    ReadCase{"2024-10-31", "2024-10-31T00:00:00.0000000Z"},
                    ReadCase{"2024-10-31T16:24:45.1030022Z", "2024-10-31T16:24:45.1030022Z"},
                    ReadCase{"2024-10-31T16:24:45.12", "2024-10-31T16:24:45.1200000Z"},
                    ReadCase{"2024-10-31T16:24:45.123456789Z", "2024-10-31T16:24:45.1234567Z"},
                    ReadCase{"2024-10-31T01:30:00+02:00", "2024-10-30T23:30:00.0000000Z"},
                    ReadCase{"2024-02-29T23:30:00-0130", "2024-03-01T01:00:00.0000000Z"},
                    ReadCase{"0001-01-01T00:00:00", "0001-01-01T00:00:00.0000000Z"},
                    ReadCase{"9999-12-31T23:59:59.9999999", "9999-12-31T23:59:59.9999999Z"},
                    ReadCase{"1600-02-29", "1600-02-29T00:00:00.0000000Z"}));

INSTANTIATE_TEST_SUITE_P(Refused,
                         DateTimeText,
                         testing::Values(ReadCase{"", ""},
                                         ReadCase{"2024", ""},
                                         ReadCase{"2024-13-01", ""},
                                         ReadCase{"2024-04-31", ""},
                                         ReadCase{"2023-02-29", ""},
                                         ReadCase{"1900-02-29", ""},
                                         ReadCase{"0000-01-01", ""},
                                         ReadCase{"2024-10-31T24:00:00", ""},
                                         ReadCase{"2024-10-31T23:60:00", ""},
                                         ReadCase{"2024-10-31T23:59:60", ""},
                                         ReadCase{"2024-10-31T16:24:45.", ""},
                                         ReadCase{"2024-10-31T16:24:45 ", ""},
                                         ReadCase{"2024-10-31T16:24:45ZZ", ""},
                                         ReadCase{"10/11/2024 12:00:00 AM", ""},
                                         ReadCase{"0001-01-01T00:00:00+01:00", ""},
                                         ReadCase{"9999-12-31T23:59:59-01:00", ""}));

TEST(DateTime, texts_in_the_usual_form_say_what_they_say_in_others) {
  Random random{11};
  int good = 0;
  for (int i = 0; i < 20'000; ++i) {
    const DateTime time{Ticks{static_cast<std::int64_t>(random.below(DateTime::max_ticks))}};
    auto usual = to_iso8601(time, random.below(2) == 0 ? 7 : 0, random.below(2) == 0);
    if (random.below(2) == 0) {
      usual[random.below(usual.size())] = "0129-:.TZ /"[random.below(11)];
    }
    auto other = usual;
    other[10] = usual[10] == 'T' ? ' ' : usual[10] == ' ' ? 'T' : usual[10];
    const auto found = parse_iso8601(usual);
    ASSERT_EQ(found, parse_iso8601(other)) << usual;
    good += found ? 1 : 0;
  }
  EXPECT_GT(good, 10'000);
}

TEST(DateTime, the_first_and_the_last_tick_are_where_they_should_be) {
  EXPECT_EQ(parse_iso8601("0001-01-01")->since_year_one.count(), 0);
  EXPECT_EQ(parse_iso8601("9999-12-31T23:59:59.9999999")->since_year_one.count(),
            DateTime::max_ticks);
  EXPECT_EQ(parse_iso8601("1970-01-01")->since_year_one.count(), DateTime::unix_epoch_ticks);
}

TEST(DateTime, parts_go_there_and_back_on_every_day) {
  constexpr std::int64_t ticks_a_day = 864'000'000'000;
  for (std::int64_t ticks = 12'345; ticks <= DateTime::max_ticks; ticks += 97 * ticks_a_day + 1) {
    const DateTime time{Ticks{ticks}};
    EXPECT_EQ(from_civil(to_civil(time)), time);
    EXPECT_EQ(parse_iso8601(to_iso8601(time, 7)), time);
  }
}

TEST(DateTime, unix_time_before_1970_rounds_down) {
  using std::chrono::nanoseconds;
  EXPECT_EQ(DateTime::from_unix(nanoseconds{-1}).to_unix_ticks().count(), -1);
  EXPECT_EQ(DateTime::from_unix(nanoseconds{199}).to_unix_ticks().count(), 1);
}

TEST(DateTime, writes_as_many_digits_as_asked_for) {
  const auto time = *parse_iso8601("2026-07-13T16:32:35.1234567Z");
  EXPECT_EQ(to_iso8601(time, 0), "2026-07-13T16:32:35Z");
  EXPECT_EQ(to_iso8601(time, 3, false), "2026-07-13T16:32:35.123");
}

} // namespace
} // namespace sluice
