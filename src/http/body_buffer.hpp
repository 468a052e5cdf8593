// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

namespace sluice::http {

/// Hands the bytes of one body from the thread that receives them to the thread that wants them.
/// When it is full, the receiver is told to come back later.
///
/// Use:     the receiver calls `offer`, and `end` once; the taker calls `take` until it says that
///          the body ended. A taker that wants no more calls `refuse_more`, and goes on taking.
/// Threads: one receiver, one taker.
/// Memory:  at most twice `capacity`: what the taker holds, and what gathers meanwhile.
class BodyBuffer {
public:
  /// Bytes that may gather: one piece that is larger is taken all the same when there is none else.
  static constexpr std::size_t capacity = std::size_t{128} * 1024;
  /// The taker is woken for no less than this, unless the body ends: most contents are smaller, and
  /// then are handed over in one go.
  static constexpr std::size_t worth_waking = capacity / 2;

  enum class Offered : std::uint8_t {
    taken,
    full,    ///< Not taken. The next `take` says that room was asked for.
    refused, ///< Not taken: nobody wants it.
  };
  struct Taken {
    /// Good until the next `take`.
    std::span<const std::byte> bytes;
    /// The receiver was told `full` and waits to hear that there is room now.
    bool was_full = false;
    /// Nothing follows.
    bool ended = false;
  };

  /// Copies `bytes`.
  [[nodiscard]] auto offer(std::span<const std::byte> bytes) -> Offered;
  void end();

  /// Waits until there is enough, or the end.
  [[nodiscard]] auto take() -> Taken;
  void refuse_more();

private:
  [[nodiscard]] auto has_room(std::size_t bytes) const -> bool {
    return gathered_.empty() || gathered_.size() + bytes <= capacity;
  }
  auto gather(std::span<const std::byte> bytes) -> Offered;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::byte> gathered_;
  bool full_ = false;
  bool refusing_ = false;
  bool ended_ = false;
  std::vector<std::byte> taken_; ///< The taker's own.
};

} // namespace sluice::http
