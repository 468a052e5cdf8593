// SPDX-License-Identifier: Apache-2.0
#include <latch>
#include <thread>

#include <gtest/gtest.h>

#include "pipeline/doorbell.hpp"

namespace sluice::pipeline {
namespace {

/// Longer than any test may take: a wait that lasts so long hangs the test.
constexpr auto for_ever = std::chrono::hours{1};

TEST(Doorbell, a_ring_that_came_before_the_wait_is_heard) {
  Doorbell bell;
  bell.ring();
  bell.wait(for_ever, {});
  EXPECT_FALSE(bell.closed());
}

TEST(Doorbell, many_rings_are_one) {
  Doorbell bell;
  bell.ring();
  bell.ring();
  bell.wait(for_ever, {});
  std::stop_source stop;
  stop.request_stop();
  bell.wait(for_ever, stop.get_token()); // Only the stop ends this one.
}

TEST(Doorbell, a_ring_wakes_the_one_that_waits) {
  Doorbell bell;
  std::latch waiting{1};
  std::jthread stage{[&] {
    waiting.count_down();
    bell.wait(for_ever, {});
  }};
  waiting.wait();
  bell.ring();
}

TEST(Doorbell, closing_wakes_once_and_stays_known) {
  Doorbell bell;
  std::jthread stage{[&] { bell.wait(for_ever, {}); }};
  bell.close();
  stage.join();
  EXPECT_TRUE(bell.closed());
  bell.wait(std::chrono::milliseconds{0}, {}); // A closed bell does not ring for ever.
  EXPECT_TRUE(bell.closed());
}

TEST(Doorbell, a_stop_ends_the_wait) {
  Doorbell bell;
  std::jthread stage{[&](const std::stop_token& stop) { bell.wait(for_ever, stop); }};
  stage.request_stop();
}

} // namespace
} // namespace sluice::pipeline
