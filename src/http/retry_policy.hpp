// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>

#include "base/random.hpp"
#include "base/result.hpp"

namespace sluice::http {

/// Says whether a failed attempt is worth another one, and how long to wait before it.
///
/// `unavailable` backs off exponentially with full jitter; `throttled` waits as asked, or 30 to 60
/// seconds (less if `longest_wait` is); `malformed` is tried a few times; everything else is final
/// here.
///
/// Threads: any.
class RetryPolicy {
public:
  struct Options {
    /// The ceiling of the first wait; doubles with each attempt.
    std::chrono::milliseconds first_wait{std::chrono::seconds{1}};
    std::chrono::milliseconds longest_wait{std::chrono::minutes{5}};
    /// Retries before giving up; nothing for no end.
    std::optional<int> most_retries = {};
    /// The same for `malformed` replies, which time alone rarely mends.
    int most_malformed_retries = 4;
  };

  RetryPolicy(Options options, std::uint64_t seed) : options_{options}, random_{seed} {}

  /// The wait before retry number `retry` (1 for the first) after `error`; nothing when there
  /// should be none.
  [[nodiscard]] auto wait_before(int retry, const Error& error)
      -> std::optional<std::chrono::milliseconds>;

private:
  [[nodiscard]] auto between(std::chrono::milliseconds least, std::chrono::milliseconds most)
      -> std::chrono::milliseconds;

  const Options options_;
  std::mutex mutex_;
  Random random_;
};

} // namespace sluice::http
