// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/bounded_queue.hpp"
#include "base/file.hpp"
#include "base/result.hpp"
#include "endpoint/ingestion_place.hpp"
#include "http/server.hpp"

namespace sluice::endpoint {

/// The queue of messages that ask for an ingestion. Each is a file until it has been dealt with, so
/// that it survives the process; in memory are their names alone.
///
/// Threads: any.
class RequestQueue {
public:
  static constexpr std::size_t max_message_bytes = std::size_t{64} * 1024;

  using Message = IngestionPlace::Message;

  /// Takes up all messages that are in `directory`, which must outlive the object; new ones come in
  /// while fewer than `most` wait.
  /// Errors: storage.
  [[nodiscard]] static auto open(const Directory& directory, std::size_t most = 10'000)
      -> Result<std::unique_ptr<RequestQueue>>;

  /// Answers a request that puts a message in.
  /// Errors: storage.
  [[nodiscard]] auto answer_put(std::string_view body) -> Result<http::ServerReply>;
  /// Takes messages in, all or none. False when too many wait, or one is too long.
  /// Errors: storage.
  [[nodiscard]] auto submit(std::span<const std::string> texts) -> Result<bool>;
  /// The next message; waits for one. Nothing when `stop` was requested.
  [[nodiscard]] auto take(const std::stop_token& stop) -> std::optional<Message>;
  /// The message has been dealt with.
  /// Errors: storage.
  [[nodiscard]] auto finish(const Message& message) -> Result<>;

private:
  RequestQueue(const Directory& directory, const std::vector<std::string>& names, std::size_t most);

  const Directory& directory_;
  const std::size_t most_;
  BoundedQueue<std::string> names_;
  std::mutex mutex_;
  std::uint64_t next_ = 1;
  std::size_t waiting_ = 0; ///< Until they are finished.
};

} // namespace sluice::endpoint
