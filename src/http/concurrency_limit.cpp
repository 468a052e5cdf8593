// SPDX-License-Identifier: Apache-2.0
#include "http/concurrency_limit.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"

namespace sluice::http {

ConcurrencyLimit::Slot::Slot(Slot&& other) noexcept
    : limit_{std::exchange(other.limit_, nullptr)} {}

ConcurrencyLimit::Slot::~Slot() {
  if (limit_ != nullptr) {
    limit_->release();
  }
}

ConcurrencyLimit::ConcurrencyLimit(int most) : most_{most}, allowed_{most} {
  CHECK(most >= 1);
}

auto ConcurrencyLimit::acquire(const std::stop_token& stop) -> Result<Slot> {
  std::unique_lock lock{mutex_};
  if (!changed_.wait(lock, stop, [this] { return under_way_ < allowed_; })) {
    return Error{ErrorKind::cancelled, "waiting for a request to finish"};
  }
  ++under_way_;
  return Slot{*this};
}

void ConcurrencyLimit::throttled() {
  const std::lock_guard lock{mutex_};
  // Of the requests that were under way together, only the first refusal halves.
  if (under_way_ <= allowed_) {
    allowed_ = std::max(1, allowed_ / 2);
  }
  successes_ = 0;
}

void ConcurrencyLimit::succeeded() {
  const std::lock_guard lock{mutex_};
  if (++successes_ >= allowed_ && allowed_ < most_) {
    successes_ = 0;
    ++allowed_;
    changed_.notify_all();
  }
}

auto ConcurrencyLimit::allowed() const -> int {
  const std::lock_guard lock{mutex_};
  return allowed_;
}

void ConcurrencyLimit::release() {
  const std::lock_guard lock{mutex_};
  --under_way_;
  changed_.notify_one();
}

} // namespace sluice::http
