// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <stop_token>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace sluice::http {

/// A token bucket that learns: it halves its rate when the other side says "too many", and climbs
/// back while things go well.
///
/// Use:     `acquire` before each request; `throttled` or `succeeded` after it.
/// Threads: any; waiters are served in the order they came.
class RateLimiter {
public:
  struct Options {
    /// Requests a minute at best; at least 1. The service's baseline is 2,000 a tenant
    /// (documented).
    double most_per_minute = 2'000;
    /// How low throttling may press the rate, as a part of `most_per_minute`, 0 to 1. Not lower: a
    /// service that wants more peace says so with each refusal, and `pause` gives it.
    double least_part = 0.1;
    /// Requests that may go at once after a pause; at least 1.
    double burst = 50;
    /// How long nobody gets a turn when the other side does not say for how long it wants peace.
    std::chrono::milliseconds pause{std::chrono::seconds{10}};
    /// Climbs from half to the full rate in about this long.
    std::chrono::seconds recovery{300};
  };

  /// `clock` must outlive the limiter.
  RateLimiter(Options options, Clock& clock);

  /// Waits for a turn.
  /// Errors: cancelled.
  [[nodiscard]] auto acquire(const std::stop_token& stop) -> Result<>;

  /// A request was refused as one too many: halves the rate (once for all requests that were under
  /// way together) and gives nobody a turn before `wait` has passed.
  void throttled(std::optional<std::chrono::milliseconds> wait);
  /// A request was served.
  void succeeded();

  [[nodiscard]] auto per_minute() const -> double;

private:
  [[nodiscard]] auto reserve() -> std::chrono::nanoseconds;
  [[nodiscard]] auto paused_for() const -> std::chrono::nanoseconds;

  const Options options_;
  Clock& clock_;
  mutable std::mutex mutex_;
  double per_minute_;
  std::chrono::nanoseconds next_turn_;
  std::chrono::nanoseconds paused_until_;
  std::chrono::nanoseconds last_change_;
};

} // namespace sluice::http
