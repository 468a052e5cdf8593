// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace sluice::pipeline {

/// Tells a stage that the one before it has put something into the ledger, or has come to its end.
/// It only saves waiting: what is handed over is in the ledger, so a ring that nobody hears loses
/// nothing.
///
/// Threads: any.
class Doorbell {
public:
  void ring();
  /// No more will come from the stage before.
  void close();
  [[nodiscard]] auto closed() const -> bool;

  /// Returns at the next ring, or one that came since the last `wait`, or when closed for the first
  /// time, after `longest`, or on `stop`.
  void wait(std::chrono::milliseconds longest, const std::stop_token& stop);

private:
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  bool rung_ = false;
  bool closed_ = false;
};

} // namespace sluice::pipeline
