// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "base/result.hpp"

namespace sluice::http {

/// Bounds how many requests are under way at once: as many as are of use. The bound begins low and
/// grows by one with each success. Once the other side has throttled, which halves it, or replies
/// have come faster than they could be worked on, which takes one off, it grows by one after a full
/// round of successes.
///
/// Use:     hold a `Slot` for as long as the request runs.
/// Threads: any.
class ConcurrencyLimit {
public:
  class Slot {
  public:
    explicit Slot(ConcurrencyLimit& limit) : limit_{&limit} {}
    Slot(const Slot&) = delete;
    auto operator=(const Slot&) -> Slot& = delete;
    Slot(Slot&& other) noexcept;
    auto operator=(Slot&&) -> Slot& = delete;
    ~Slot();

  private:
    ConcurrencyLimit* limit_;
  };

  /// `most` is at least 1. Replies that come too fast leave `busy`, which keep this machine busy.
  ConcurrencyLimit(int most, int busy);

  /// Waits for room. The limit must outlive the slot.
  /// Errors: cancelled.
  [[nodiscard]] auto acquire(const std::stop_token& stop) -> Result<Slot>;

  void throttled();
  void succeeded();
  /// Succeeded, and the reply came faster than it could be worked on.
  void fell_behind();
  /// How many may be under way now: 1 to `most`.
  [[nodiscard]] auto allowed() const -> int;

private:
  void release();
  void grow_to(int most);

  const int most_;
  const int busy_; ///< At most `most_`.
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  int allowed_;
  int under_way_ = 0;
  int successes_ = 0;     ///< Since the bound changed last.
  bool beginning_ = true; ///< Nothing has taken from the bound yet.
};

} // namespace sluice::http
