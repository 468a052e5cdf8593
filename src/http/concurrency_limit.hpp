// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "base/result.hpp"

namespace sluice::http {

/// Bounds how many requests are under way at once; the bound is halved when the other side
/// throttles and grows by one after a full round of successes.
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

  /// `most` is at least 1.
  explicit ConcurrencyLimit(int most);

  /// Waits for room. The limit must outlive the slot.
  /// Errors: cancelled.
  [[nodiscard]] auto acquire(const std::stop_token& stop) -> Result<Slot>;

  void throttled();
  void succeeded();
  /// How many may be under way now: 1 to `most`.
  [[nodiscard]] auto allowed() const -> int;

private:
  void release();

  const int most_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  int allowed_;
  int under_way_ = 0;
  int successes_ = 0;
};

} // namespace sluice::http
