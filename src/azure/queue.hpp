// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "azure/storage_resource.hpp"
#include "base/result.hpp"

namespace sluice::azure {

/// A message that we hold for a while.
struct QueueMessage {
  std::string id;
  /// Proves that we are the last who received it; changes with every `extend`.
  std::string pop_receipt;
  /// As it was put; empty, with `readable` false, when it is not base64.
  std::string text;
  bool readable = true;
  /// How often it has been received, this time included.
  std::uint32_t receptions = 0;
};

/// One queue, spoken to over REST. A message that was received is unseen by others until its
/// visibility time ends; then anybody may receive it again, so work on it must bear repetition.
/// Messages travel as base64, as the Kusto service and most clients have it.
///
/// Errors of all: those of `StorageResource::send`; gone when the queue is not there.
///
/// Threads: any.
class Queue {
public:
  explicit Queue(StorageResource resource) : resource_{std::move(resource)} {}

  /// At most 48 KiB of text, which are the 64 KiB of the service as base64 (documented).
  static constexpr std::size_t most_text_bytes = std::size_t{48} * 1024;

  struct PutOptions {
    /// Nobody receives it before; up to seven days.
    std::chrono::seconds delay{0};
    /// The service forgets it after that; nothing for seven days, its own default.
    std::optional<std::chrono::seconds> life = {};
  };

  /// True when it was made, false when it was there.
  auto create(const std::stop_token& stop) const -> Result<bool>;
  /// Deletes the queue with all its messages.
  auto drop(const std::stop_token& stop) const -> Result<>;

  /// Puts a message. When the reply is lost the message is put once more: a receiver may see two.
  /// Errors: invalid_input when `text` is too long.
  auto put(std::string_view text, const PutOptions& options, const std::stop_token& stop) const
      -> Result<>;

  /// Receives up to `most` (1 to 32) messages and hides them for `visibility` (1 s to 7 d). None is
  /// no error.
  auto receive(int most, std::chrono::seconds visibility, const std::stop_token& stop) const
      -> Result<std::vector<QueueMessage>>;
  /// Looks at up to `most` (1 to 32) messages and leaves them to others; they have no receipt.
  auto peek(int most, const std::stop_token& stop) const -> Result<std::vector<QueueMessage>>;

  /// Hides `message` for `visibility` from now on (0 s gives it back), and keeps the new receipt in
  /// it.
  /// Errors: gone when another has received it since, or it was deleted.
  auto extend(QueueMessage& message,
              std::chrono::seconds visibility,
              const std::stop_token& stop) const -> Result<>;
  /// The message is done with.
  /// Errors: gone when another has received it since, or it was deleted.
  auto remove(const QueueMessage& message, const std::stop_token& stop) const -> Result<>;
  /// Moves a message that nobody can work on to `poison`. A crash in between leaves it in both.
  auto move(const QueueMessage& message, const Queue& poison, const std::stop_token& stop) const
      -> Result<>;

  /// How many messages there are, hidden ones included; the service calls it approximate.
  auto approximate_count(const std::stop_token& stop) const -> Result<std::uint64_t>;

private:
  auto ask(StorageCall call, const std::stop_token& stop) const
      -> Result<std::vector<QueueMessage>>;

  StorageResource resource_;
};

} // namespace sluice::azure
