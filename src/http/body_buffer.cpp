// SPDX-License-Identifier: Apache-2.0
#include "http/body_buffer.hpp"

namespace sluice::http {

auto BodyBuffer::offer(std::span<const std::byte> bytes) -> Offered {
  const std::lock_guard lock{mutex_};
  if (!refusing_ && !has_room(bytes.size())) {
    full_ = true;
    changed_.notify_all();
    return Offered::full;
  }
  return gather(bytes);
}

auto BodyBuffer::gather(std::span<const std::byte> bytes) -> Offered {
  if (refusing_) {
    return Offered::refused;
  }
  gathered_.insert(gathered_.end(), bytes.begin(), bytes.end());
  if (gathered_.size() >= worth_waking) {
    changed_.notify_all();
  }
  return Offered::taken;
}

void BodyBuffer::end() {
  const std::lock_guard lock{mutex_};
  ended_ = true;
  changed_.notify_all(); // Under the lock: the taker may end the buffer's life.
}

auto BodyBuffer::take() -> Taken {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this] { return ended_ || full_ || gathered_.size() >= worth_waking; });
  taken_.clear();
  taken_.swap(gathered_);
  const bool was_full = full_;
  full_ = false;
  return {.bytes = taken_, .was_full = was_full, .ended = ended_};
}

void BodyBuffer::refuse_more() {
  const std::lock_guard lock{mutex_};
  refusing_ = true;
  changed_.notify_all();
}

} // namespace sluice::http
