// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

#include "base/clock.hpp"
#include "base/date_time.hpp"
#include "http/client.hpp"

namespace sluice::activity {

/// The service's time, from the `Date` of its replies. A window that ends by a wrong clock of ours
/// is refused for ever (observed), so an offset over five minutes is corrected and reported.
///
/// Threads: any.
class ServerClock {
public:
  /// `clock` must outlive this.
  explicit ServerClock(const Clock& clock) : clock_{clock} {}

  void observe(const http::Headers& headers);

  /// Our time, moved by `correction`.
  [[nodiscard]] auto now() const -> DateTime;
  /// Server time less our time if that is over five minutes, else zero.
  [[nodiscard]] auto correction() const -> Ticks;

private:
  const Clock& clock_;
  std::atomic<std::int64_t> offset_ticks_{0};
};

} // namespace sluice::activity
