// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <latch>
#include <vector>

#include <gtest/gtest.h>

#include "base/parallel.hpp"

namespace sluice {
namespace {

TEST(ParallelTest, everything_is_done_once) {
  for (const std::size_t most : {1U, 3U, 50U}) {
    std::vector<std::atomic<int>> done(20);
    EXPECT_TRUE(in_parallel(done.size(), most, [&](std::size_t i) -> Result<> {
      ++done[i];
      return {};
    }));
    for (const auto& each : done) {
      EXPECT_EQ(each, 1) << most;
    }
  }
  EXPECT_TRUE(in_parallel(0, 4, [](std::size_t) -> Result<> {
    return Error{ErrorKind::invalid_input, "never called"};
  }));
}

TEST(ParallelTest, as_many_run_at_once_as_may) {
  std::latch all_here{3}; // None gets past it alone.
  EXPECT_TRUE(in_parallel(3, 3, [&](std::size_t) -> Result<> {
    all_here.arrive_and_wait();
    return {};
  }));
}

TEST(ParallelTest, after_a_failure_nothing_more_is_begun) {
  std::atomic<int> begun{0};
  const auto outcome = in_parallel(100, 1, [&](std::size_t i) -> Result<> {
    ++begun;
    return i == 2 ? Result<>{Error{ErrorKind::storage, "broken"}} : Result<>{};
  });
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message(), "broken");
  EXPECT_EQ(begun, 3);
}

} // namespace
} // namespace sluice
