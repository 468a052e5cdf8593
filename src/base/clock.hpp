// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "base/date_time.hpp"

namespace sluice {

/// The only source of time and the only way to wait, so that tests turn the hands.
///
/// Threads: all members may be called from any thread.
class Clock {
public:
  Clock() = default;
  Clock(const Clock&) = delete;
  auto operator=(const Clock&) -> Clock& = delete;
  virtual ~Clock() = default;

  /// Wall-clock time, UTC. May jump either way.
  [[nodiscard]] virtual auto now() const -> DateTime = 0;
  /// Time for measuring distances; never goes back. Its zero means nothing.
  [[nodiscard]] virtual auto steady() const -> std::chrono::nanoseconds = 0;
  /// Returns after `duration`, or as soon as `stop` is requested. False when it was the stop.
  virtual auto wait(std::chrono::nanoseconds duration, const std::stop_token& stop) -> bool = 0;
};

/// The machine's clock.
class SystemClock final : public Clock {
public:
  [[nodiscard]] auto now() const -> DateTime override;
  [[nodiscard]] auto steady() const -> std::chrono::nanoseconds override;
  auto wait(std::chrono::nanoseconds duration, const std::stop_token& stop) -> bool override;
};

/// A clock that moves only when told to. A `wait` moves it on by the whole duration at once, so
/// code under test never sleeps.
class ManualClock final : public Clock {
public:
  explicit ManualClock(DateTime start) : start_{start} {}

  [[nodiscard]] auto now() const -> DateTime override;
  [[nodiscard]] auto steady() const -> std::chrono::nanoseconds override;
  auto wait(std::chrono::nanoseconds duration, const std::stop_token& stop) -> bool override;
  void advance(std::chrono::nanoseconds duration);

private:
  const DateTime start_;
  std::atomic<std::int64_t> elapsed_nanoseconds_{0};
};

} // namespace sluice
