// SPDX-License-Identifier: Apache-2.0
#include <numeric>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/bounded_queue.hpp"

namespace sluice {
namespace {

constexpr std::chrono::milliseconds at_once{0};
constexpr auto few_are_enough = [](std::size_t) { return true; };

TEST(BoundedQueue, values_come_out_in_the_order_they_went_in) {
  BoundedQueue<int> queue{3};
  const std::stop_token never;
  EXPECT_TRUE(queue.push(1, never));
  EXPECT_TRUE(queue.push(2, never));
  EXPECT_EQ(queue.pop(never), 1);
  EXPECT_EQ(queue.pop(never), 2);
}

TEST(BoundedQueue, a_closed_queue_takes_nothing_and_gives_what_it_has) {
  BoundedQueue<int> queue{3};
  const std::stop_token never;
  EXPECT_TRUE(queue.push(1, never));
  queue.close();
  EXPECT_FALSE(queue.push(2, never));
  EXPECT_EQ(queue.pop(never), 1);
  EXPECT_EQ(queue.pop(never), std::nullopt);
}

TEST(BoundedQueue, some_are_taken_up_to_the_limit) {
  BoundedQueue<int> queue{5};
  const std::stop_token never;
  for (const int value : {1, 2, 3}) {
    EXPECT_TRUE(queue.push(value, never));
  }
  EXPECT_EQ(queue.pop_some(2, at_once, few_are_enough, never), (std::vector{1, 2}));
  EXPECT_EQ(queue.pop_some(2, at_once, few_are_enough, never), (std::vector{3}));
}

TEST(BoundedQueue, a_taker_lingers_until_there_are_enough) {
  BoundedQueue<int> queue{5};
  const std::stop_token never;
  EXPECT_TRUE(queue.push(1, never));
  std::jthread giver{[&] {
    for (const int value : {2, 3}) {
      EXPECT_TRUE(queue.push(value, never));
    }
  }};
  const auto three = [](std::size_t count) { return count == 3; };
  EXPECT_EQ(queue.pop_some(5, std::chrono::hours{1}, three, never), (std::vector{1, 2, 3}));
}

TEST(BoundedQueue, a_taker_lingers_no_longer_when_the_limit_is_there_or_nothing_more_will_come) {
  BoundedQueue<int> queue{5};
  const std::stop_token never;
  const auto none = [](std::size_t) { return false; };
  EXPECT_TRUE(queue.push(1, never));
  EXPECT_EQ(queue.pop_some(1, std::chrono::hours{1}, none, never), (std::vector{1}));
  EXPECT_TRUE(queue.push(2, never));
  queue.close();
  EXPECT_EQ(queue.pop_some(5, std::chrono::hours{1}, none, never), (std::vector{2}));
}

TEST(BoundedQueue, a_stop_ends_the_waiting_on_both_sides) {
  BoundedQueue<int> full{1};
  BoundedQueue<int> empty{1};
  EXPECT_TRUE(full.push(1, {}));
  std::stop_source source;
  std::jthread stopper{[&source] { source.request_stop(); }};
  EXPECT_FALSE(full.push(2, source.get_token()));
  EXPECT_EQ(empty.pop(source.get_token()), std::nullopt);
  EXPECT_TRUE(empty.pop_some(1, at_once, few_are_enough, source.get_token()).empty());
}

TEST(BoundedQueue, a_giver_waits_for_room_and_nothing_is_lost) {
  BoundedQueue<int> queue{2};
  const std::stop_token never;
  std::vector<std::jthread> givers;
  for (int giver = 0; giver < 3; ++giver) {
    givers.emplace_back([&queue, &never] {
      for (int i = 1; i <= 1000; ++i) {
        EXPECT_TRUE(queue.push(i, never));
      }
    });
  }
  std::vector<int> taken;
  while (taken.size() < 3000) {
    taken.push_back(*queue.pop(never));
  }
  EXPECT_EQ(std::accumulate(taken.begin(), taken.end(), 0), 3 * 500'500);
}

} // namespace
} // namespace sluice
