// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include <gtest/gtest.h>

#include "base/clock.hpp"

namespace sluice {
namespace {

using namespace std::chrono_literals;

TEST(ManualClock, a_wait_turns_the_hands_at_once) {
  ManualClock clock{*parse_iso8601("2026-01-01")};
  EXPECT_TRUE(clock.wait(90s, {}));
  EXPECT_EQ(to_iso8601(clock.now(), 0), "2026-01-01T00:01:30Z");
  EXPECT_EQ(clock.steady(), 90s);
}

TEST(ManualClock, a_stopped_wait_says_so_and_takes_no_time) {
  ManualClock clock{*parse_iso8601("2026-01-01")};
  std::stop_source source;
  source.request_stop();
  EXPECT_FALSE(clock.wait(90s, source.get_token()));
  EXPECT_EQ(clock.steady(), 0s);
}

TEST(SystemClock, goes_forward_and_obeys_a_stop) {
  SystemClock clock;
  const auto before = clock.steady();
  EXPECT_TRUE(clock.wait(1us, {}));
  EXPECT_GT(clock.steady(), before);
  EXPECT_GT(clock.now(), *parse_iso8601("2020-01-01"));
  std::stop_source source;
  source.request_stop();
  EXPECT_FALSE(clock.wait(1h, source.get_token()));
}

} // namespace
} // namespace sluice
