// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

namespace sluice {

auto SystemClock::now() const -> DateTime {
  return DateTime::from_unix(std::chrono::system_clock::now().time_since_epoch());
}

auto SystemClock::steady() const -> std::chrono::nanoseconds {
  return std::chrono::steady_clock::now().time_since_epoch();
}

auto SystemClock::wait(std::chrono::nanoseconds duration, const std::stop_token& stop) -> bool {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock{mutex};
  wake.wait_for(lock, stop, duration, [] { return false; });
  return !stop.stop_requested();
}

auto ManualClock::now() const -> DateTime {
  return start_ + std::chrono::duration_cast<Ticks>(steady());
}

auto ManualClock::steady() const -> std::chrono::nanoseconds {
  return std::chrono::nanoseconds{elapsed_nanoseconds_.load()};
}

auto ManualClock::wait(std::chrono::nanoseconds duration, const std::stop_token& stop) -> bool {
  if (stop.stop_requested()) {
    return false;
  }
  advance(duration);
  return true;
}

void ManualClock::advance(std::chrono::nanoseconds duration) {
  elapsed_nanoseconds_ += duration.count();
}

} // namespace sluice
