// SPDX-License-Identifier: Apache-2.0
#include "http/rate_limiter.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace sluice::http {
namespace {

using std::chrono::nanoseconds;

/// Refusals within this time of a halving come from the same rush.
constexpr std::chrono::seconds one_rush{5};

auto seconds_as_nanoseconds(double seconds) -> nanoseconds {
  return std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double>{seconds});
}

/// How far the next turn may lie behind the clock: the time that fills the bucket.
auto bucket(const RateLimiter::Options& options, double per_minute) -> nanoseconds {
  return seconds_as_nanoseconds(60.0 / per_minute * (options.burst - 1));
}

} // namespace

RateLimiter::RateLimiter(Options options, Clock& clock)
    : options_{options},
      clock_{clock},
      per_minute_{options.most_per_minute},
      next_turn_{clock.steady() - bucket(options, options.most_per_minute)},
      paused_until_{next_turn_},
      last_change_{clock.steady() - one_rush} {
  CHECK(options_.most_per_minute >= 1);
  CHECK(options_.least_part > 0 && options_.least_part <= 1);
  CHECK(options_.burst >= 1);
}

auto RateLimiter::acquire(const std::stop_token& stop) -> Result<> {
  for (auto wait = reserve(); wait > nanoseconds{0}; wait = paused_for()) {
    if (!clock_.wait(wait, stop)) {
      return Error{ErrorKind::cancelled, "waiting for the request rate"};
    }
  }
  if (stop.stop_requested()) {
    return Error{ErrorKind::cancelled, "waiting for the request rate"};
  }
  return {};
}

/// Each caller takes the next turn on a line of evenly spaced ones; the line may lag behind the
/// clock by `burst` turns, which is what a full bucket is.
auto RateLimiter::reserve() -> nanoseconds {
  const std::lock_guard lock{mutex_};
  const auto now = clock_.steady();
  const auto spacing = seconds_as_nanoseconds(60.0 / per_minute_);
  const auto turn = std::max({next_turn_, now - bucket(options_, per_minute_), paused_until_});
  next_turn_ = turn + spacing;
  return std::max(turn - now, nanoseconds{0});
}

auto RateLimiter::paused_for() const -> nanoseconds {
  const std::lock_guard lock{mutex_};
  return paused_until_ - clock_.steady();
}

void RateLimiter::throttled(std::optional<std::chrono::milliseconds> wait) {
  const std::lock_guard lock{mutex_};
  const auto now = clock_.steady();
  const nanoseconds pause = wait ? nanoseconds{*wait} : nanoseconds{options_.pause};
  paused_until_ = std::max(paused_until_, now + pause);
  if (now - last_change_ >= one_rush) {
    per_minute_ = std::max(per_minute_ / 2, options_.least_part * options_.most_per_minute);
    last_change_ = now;
  }
}

void RateLimiter::succeeded() {
  const std::lock_guard lock{mutex_};
  if (per_minute_ >= options_.most_per_minute) {
    return;
  }
  const auto now = clock_.steady();
  const auto since = std::chrono::duration<double>{now - std::max(last_change_, paused_until_)};
  if (since.count() <= 0) {
    return;
  }
  const auto gain = options_.most_per_minute / 2 * since.count() /
                    std::chrono::duration<double>{options_.recovery}.count();
  per_minute_ = std::min(per_minute_ + gain, options_.most_per_minute);
  last_change_ = now;
}

auto RateLimiter::per_minute() const -> double {
  const std::lock_guard lock{mutex_};
  return per_minute_;
}

} // namespace sluice::http
