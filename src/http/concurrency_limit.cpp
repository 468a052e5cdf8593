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

ConcurrencyLimit::ConcurrencyLimit(int most, int busy)
    : most_{most},
      busy_{std::max(1, std::min(busy, most))},
      allowed_{busy_} {
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
  beginning_ = false;
  successes_ = 0;
}

void ConcurrencyLimit::succeeded() {
  const std::lock_guard lock{mutex_};
  grow_to(most_);
}

void ConcurrencyLimit::fell_behind() {
  const std::lock_guard lock{mutex_};
  if (allowed_ <= busy_) {
    grow_to(busy_); // There is work for so many.
    return;
  }
  --allowed_;
  beginning_ = false;
  successes_ = 0;
}

/// A request has succeeded.
void ConcurrencyLimit::grow_to(int most) {
  ++successes_;
  if (allowed_ < most && (beginning_ || successes_ >= allowed_)) {
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
