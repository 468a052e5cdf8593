// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "config/quantity.hpp"

namespace sluice::config {
namespace {

TEST(Quantity, durations_need_a_unit) {
  EXPECT_EQ(parse_duration("500ms"), 500);
  EXPECT_EQ(parse_duration("90s"), 90'000);
  EXPECT_EQ(parse_duration("5m"), 300'000);
  EXPECT_EQ(parse_duration("23h"), 82'800'000);
  EXPECT_EQ(parse_duration("7d"), 604'800'000);
  for (const auto* text : {"", "5", "m", "5 m", "-5m", "+5m", "5M", "5m ", "1h30m", "1.5h"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Quantity, sizes_count_in_powers_of_two) {
  EXPECT_EQ(parse_size("4096"), 4'096);
  EXPECT_EQ(parse_size("4096B"), 4'096);
  EXPECT_EQ(parse_size("512KiB"), 524'288);
  EXPECT_EQ(parse_size("64MiB"), 67'108'864);
  EXPECT_EQ(parse_size("2GiB"), 2'147'483'648);
  for (const auto* text : {"", "1MB", "1kib", "-1", "1 GiB", "0x10"}) {
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
  }
}

TEST(Quantity, what_does_not_fit_is_refused) {
  EXPECT_EQ(parse_size("9223372036854775807GiB"), std::nullopt);
  EXPECT_EQ(parse_size("99999999999999999999"), std::nullopt);
  EXPECT_EQ(parse_duration("9223372036854775807d"), std::nullopt);
  EXPECT_EQ(parse_count("99999999999999999999"), std::nullopt);
}

} // namespace
} // namespace sluice::config
