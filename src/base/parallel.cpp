// SPDX-License-Identifier: Apache-2.0
#include "base/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace sluice {

auto in_parallel(std::size_t count,
                 std::size_t most_at_once,
                 const std::function<auto(std::size_t)->Result<>>& work) -> Result<> {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  Result<> outcome;
  const auto run = [&] {
    for (auto i = next++; i < count; i = next++) {
      if (auto done = work(i); !done) {
        const std::lock_guard lock{mutex};
        outcome = outcome ? std::move(done) : std::move(outcome);
        next = count;
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < std::min(most_at_once, count); ++i) {
      threads.emplace_back(run);
    }
    run();
  }
  return outcome;
}

} // namespace sluice
