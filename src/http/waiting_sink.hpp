// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <latch>
#include <span>

#include "http/client.hpp"

/// For tests.
namespace sluice::http {

/// Waits in its first `write` until it is let go, then takes all, or fails.
class WaitingSink final : public BodySink {
public:
  explicit WaitingSink(Result<> outcome = {}) : outcome_{std::move(outcome)} {}

  auto begin(const ResponseHead& /*head*/) -> Result<> override { return {}; }
  auto write(std::span<const std::byte> bytes) -> Result<> override {
    received += bytes.size();
    most_at_once = std::max(most_at_once, bytes.size());
    if (received == bytes.size()) {
      reached.count_down();
      go.wait();
    }
    return outcome_;
  }

  void fell_behind() override { ++times_behind; }

  std::latch reached{1};
  std::latch go{1};
  std::size_t received = 0;
  std::size_t most_at_once = 0;
  int times_behind = 0;

private:
  const Result<> outcome_;
};

} // namespace sluice::http
