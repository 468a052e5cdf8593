// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

namespace sluice {

/// Hands values from threads to threads; a full queue makes the giver wait, so that memory stays
/// bounded.
///
/// Use:     givers `push`, takers `pop`; when no more will come, one giver calls `close`.
/// Threads: any number on both sides.
template <class T>
class BoundedQueue {
public:
  /// `capacity` is at least 1.
  explicit BoundedQueue(std::size_t capacity) : capacity_{capacity} {}

  /// Waits for room. False, and the value is dropped, when the queue was closed or `stop`
  /// requested.
  [[nodiscard]] auto push(T value, const std::stop_token& stop) -> bool {
    std::unique_lock lock{mutex_};
    const bool room =
        room_.wait(lock, stop, [this] { return closed_ || items_.size() < capacity_; });
    if (!room || closed_) {
      return false;
    }
    items_.push_back(std::move(value));
    filled_.notify_one();
    return true;
  }

  /// Waits for a value. Nothing when the queue is closed and empty, or `stop` was requested.
  [[nodiscard]] auto pop(const std::stop_token& stop) -> std::optional<T> {
    std::unique_lock lock{mutex_};
    filled_.wait(lock, stop, [this] { return closed_ || !items_.empty(); });
    if (items_.empty()) {
      return std::nullopt;
    }
    auto value = std::optional<T>{std::move(items_.front())};
    items_.pop_front();
    room_.notify_one();
    return value;
  }

  /// Waits for a value, then for more, at most for `linger` or until `enough` says so of how many
  /// are there; then takes what is there, up to `limit`. Empty as for `pop`.
  template <class Enough>
  [[nodiscard]] auto pop_some(std::size_t limit,
                              std::chrono::milliseconds linger,
                              const Enough& enough,
                              const std::stop_token& stop) -> std::vector<T> {
    std::unique_lock lock{mutex_};
    filled_.wait(lock, stop, [this] { return closed_ || !items_.empty(); });
    filled_.wait_for(lock, stop, linger, [&] {
      return closed_ || items_.size() >= limit || enough(items_.size());
    });
    std::vector<T> taken;
    while (!items_.empty() && taken.size() < limit) {
      taken.push_back(std::move(items_.front()));
      items_.pop_front();
    }
    room_.notify_all();
    return taken;
  }

  /// No more values will come. What is in the queue can still be taken.
  void close() {
    const std::lock_guard lock{mutex_};
    closed_ = true;
    room_.notify_all();
    filled_.notify_all();
  }

private:
  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable_any room_;   ///< For givers.
  std::condition_variable_any filled_; ///< For takers.
  std::deque<T> items_;
  bool closed_ = false;
};

} // namespace sluice
