// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "http/concurrency_limit.hpp"
#include "http/rate_limiter.hpp"

namespace sluice::http {
namespace {

using namespace std::chrono_literals;

class RateLimiterTest : public testing::Test {
protected:
  /// Seconds of the turned clock that `count` turns take.
  auto seconds_for(RateLimiter& limiter, int count) -> double {
    const auto before = clock_.steady();
    for (int i = 0; i < count; ++i) {
      EXPECT_TRUE(limiter.acquire({}));
    }
    return std::chrono::duration<double>{clock_.steady() - before}.count();
  }

  ManualClock clock_{*parse_iso8601("2026-07-13T10:00:00Z")};
};

TEST_F(RateLimiterTest, keeps_to_the_rate) {
  RateLimiter limiter{{.most_per_minute = 600, .burst = 1}, clock_};
  EXPECT_NEAR(seconds_for(limiter, 600), 60, 0.2);
}

TEST_F(RateLimiterTest, lets_a_burst_go_at_first_and_after_a_pause) {
  RateLimiter limiter{{.most_per_minute = 60, .burst = 10}, clock_};
  EXPECT_NEAR(seconds_for(limiter, 10), 0, 0.01);
  clock_.advance(1h);
  EXPECT_NEAR(seconds_for(limiter, 10), 0, 0.01);
  EXPECT_NEAR(seconds_for(limiter, 10), 10, 0.01);
}

TEST_F(RateLimiterTest, a_refusal_pauses_and_halves) {
  RateLimiter limiter{{.most_per_minute = 600, .burst = 1}, clock_};
  limiter.throttled(40s);
  EXPECT_EQ(limiter.per_minute(), 300);
  EXPECT_NEAR(seconds_for(limiter, 1), 40, 0.2);
  EXPECT_NEAR(seconds_for(limiter, 300), 60, 0.5);
}

TEST_F(RateLimiterTest, refusals_of_one_rush_count_once) {
  RateLimiter limiter{{.most_per_minute = 2'000}, clock_};
  for (int i = 0; i < 50; ++i) {
    limiter.throttled(std::nullopt);
  }
  EXPECT_EQ(limiter.per_minute(), 1'000);
  clock_.advance(20s);
  limiter.throttled(std::nullopt);
  EXPECT_EQ(limiter.per_minute(), 500);
}

TEST_F(RateLimiterTest, never_falls_below_the_least) {
  RateLimiter limiter{{.most_per_minute = 600, .least_part = 0.5}, clock_};
  for (int i = 0; i < 20; ++i) {
    limiter.throttled(std::nullopt);
    clock_.advance(1min);
  }
  EXPECT_EQ(limiter.per_minute(), 300);
}

TEST_F(RateLimiterTest, climbs_back_while_things_go_well) {
  RateLimiter limiter{{.most_per_minute = 600, .recovery = 300s}, clock_};
  limiter.throttled(0s);
  for (int second = 0; second < 150; ++second) {
    clock_.advance(1s);
    limiter.succeeded();
  }
  EXPECT_NEAR(limiter.per_minute(), 450, 5);
  clock_.advance(1h);
  limiter.succeeded();
  EXPECT_EQ(limiter.per_minute(), 600);
}

TEST_F(RateLimiterTest, a_stop_ends_the_wait) {
  RateLimiter limiter{{.most_per_minute = 1, .burst = 1}, clock_};
  std::stop_source stop;
  stop.request_stop();
  const auto turn = limiter.acquire(stop.get_token());
  ASSERT_FALSE(turn);
  EXPECT_EQ(turn.error().kind(), ErrorKind::cancelled);
}

TEST(ConcurrencyLimitTest, begins_low_and_grows_with_each_success) {
  ConcurrencyLimit limit{8, 3};
  EXPECT_EQ(limit.allowed(), 3);
  for (int i = 0; i < 4; ++i) {
    limit.succeeded();
  }
  EXPECT_EQ(limit.allowed(), 7);
  limit.succeeded();
  limit.succeeded();
  EXPECT_EQ(limit.allowed(), 8);
}

TEST(ConcurrencyLimitTest, replies_that_come_too_fast_leave_those_that_keep_the_machine_busy) {
  ConcurrencyLimit limit{8, 3};
  for (int i = 0; i < 5; ++i) {
    limit.succeeded();
  }
  for (int i = 0; i < 4; ++i) {
    limit.fell_behind();
  }
  EXPECT_EQ(limit.allowed(), 4);
  for (int i = 0; i < 4; ++i) {
    limit.succeeded();
  }
  EXPECT_EQ(limit.allowed(), 5) << "one after a whole round";
  for (int i = 0; i < 10; ++i) {
    limit.fell_behind();
  }
  EXPECT_EQ(limit.allowed(), 3);
}

TEST(ConcurrencyLimitTest, replies_that_come_too_fast_keep_nobody_throttled) {
  ConcurrencyLimit limit{8, 4};
  limit.throttled();
  limit.throttled();
  EXPECT_EQ(limit.allowed(), 1);
  for (int i = 0; i < 100; ++i) {
    limit.fell_behind();
  }
  EXPECT_EQ(limit.allowed(), 4);
}

TEST(ConcurrencyLimitTest, halves_and_grows_back_one_by_one) {
  ConcurrencyLimit limit{8, 8};
  limit.throttled();
  EXPECT_EQ(limit.allowed(), 4);
  for (int i = 0; i < 4; ++i) {
    limit.succeeded();
  }
  EXPECT_EQ(limit.allowed(), 5);
  for (int i = 0; i < 100; ++i) {
    limit.succeeded();
  }
  EXPECT_EQ(limit.allowed(), 8);
}

TEST(ConcurrencyLimitTest, refusals_of_one_rush_count_once) {
  ConcurrencyLimit limit{8, 8};
  std::vector<ConcurrencyLimit::Slot> slots;
  for (int i = 0; i < 8; ++i) {
    slots.push_back(*limit.acquire({}));
  }
  limit.throttled();
  limit.throttled();
  EXPECT_EQ(limit.allowed(), 4);
}

TEST(ConcurrencyLimitTest, never_closes_altogether) {
  ConcurrencyLimit limit{1, 1};
  limit.throttled();
  EXPECT_EQ(limit.allowed(), 1);
}

TEST(ConcurrencyLimitTest, a_slot_makes_room_when_it_goes) {
  ConcurrencyLimit limit{1, 1};
  std::stop_source stop;
  {
    const auto slot = limit.acquire({});
    stop.request_stop();
    EXPECT_FALSE(limit.acquire(stop.get_token()));
  }
  EXPECT_TRUE(limit.acquire({}));
}

} // namespace
} // namespace sluice::http
