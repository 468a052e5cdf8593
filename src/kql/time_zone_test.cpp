// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "kql/time_zone.hpp"

namespace sluice::kql {
namespace {

auto at(std::string_view text) -> DateTime {
  return parse_iso8601(text).value_or(DateTime{});
}

TEST(TimeZone, turns_the_clock_in_winter_and_in_summer) {
  EXPECT_EQ(utc_to_local(at("2020-01-15T12:00:00"), "Europe/Paris"), at("2020-01-15T13:00:00"));
  EXPECT_EQ(utc_to_local(at("2020-07-15T12:00:00"), "Europe/Paris"), at("2020-07-15T14:00:00"));
  EXPECT_EQ(local_to_utc(at("2020-02-02T20:02:20"), "US/Pacific"), at("2020-02-03T04:02:20"));
  EXPECT_EQ(utc_to_local(at("2020-07-15T12:00:00"), "UTC"), at("2020-07-15T12:00:00"));
}

TEST(TimeZone, keeps_the_parts_of_a_second) {
  EXPECT_EQ(utc_to_local(at("1960-01-15T12:00:00.1234567"), "Asia/Tokyo"),
            at("1960-01-15T21:00:00.1234567"));
}

TEST(TimeZone, knows_only_names_that_there_are) {
  EXPECT_FALSE(utc_to_local(at("2020-01-15"), "Europe/Atlantis").has_value());
  EXPECT_FALSE(local_to_utc(at("2020-01-15"), "").has_value());
}

} // namespace
} // namespace sluice::kql
