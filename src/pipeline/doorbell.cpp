// SPDX-License-Identifier: Apache-2.0
#include "pipeline/doorbell.hpp"

namespace sluice::pipeline {

void Doorbell::ring() {
  const std::lock_guard lock{mutex_};
  rung_ = true;
  changed_.notify_all();
}

void Doorbell::close() {
  const std::lock_guard lock{mutex_};
  rung_ = true;
  closed_ = true;
  changed_.notify_all();
}

auto Doorbell::closed() const -> bool {
  const std::lock_guard lock{mutex_};
  return closed_;
}

void Doorbell::wait(std::chrono::milliseconds longest, const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, stop, longest, [this] { return rung_; });
  rung_ = false;
}

} // namespace sluice::pipeline
