// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/bounded_queue.hpp"
#include "base/clock.hpp"
#include "base/file.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "endpoint/status_table.hpp"
#include "http/server.hpp"

namespace sluice::endpoint {

/// The little of Azure's blob and queue services that clients upload through when they ingest
/// (observed in their source): blobs, one queue of messages that name them, two queues and a
/// table that tell what became of them. Messages, blobs and the table lie in a directory and
/// survive the process.
///
/// Addresses carry a key made at the start, as Azure's carry a signature; nothing else lets one in.
/// One more container, `staging`, plays one of a client's own: who comes with a bearer token writes
/// into it (the token is believed, unless one was given), and nobody reads it but the ingestion, as
/// a managed identity of the cluster.
///
/// Threads: any.
class Storage {
public:
  static constexpr std::string_view account = "sluiceaccount";
  static constexpr std::string_view blobs = "tempstorage";
  static constexpr std::string_view staging = "staging";
  static constexpr std::string_view requests = "ingestrequests";
  static constexpr std::string_view failures = "failedingestions";
  static constexpr std::string_view successes = "successfulingestions";
  static constexpr std::string_view statuses = "ingestionsstatus";

  struct Message {
    std::string name; ///< For `finish`.
    std::string text;
  };

  /// Makes the directory if need be, and takes up the messages that an earlier process left.
  /// `token` is the one bearer token that opens `staging`; empty: any does.
  /// Errors: storage.
  [[nodiscard]] static auto open(const std::filesystem::path& directory,
                                 Clock& clock,
                                 Secret token = {}) -> Result<std::unique_ptr<Storage>>;
  Storage(const Storage&) = delete;
  auto operator=(const Storage&) -> Storage& = delete;

  /// Answers a request whose path begins with the account.
  [[nodiscard]] auto answer(const http::ServerRequest& request) -> http::ServerReply;
  /// The address of a container or queue under `origin`, with its key.
  [[nodiscard]] auto address(std::string_view origin, std::string_view name) const -> std::string;

  /// Takes a message in as the queue of requests would. False when too many wait.
  /// Errors: storage.
  [[nodiscard]] auto submit(std::string text) -> Result<bool>;
  /// The next message; waits for one. Nothing when `stop` was requested.
  [[nodiscard]] auto take(const std::stop_token& stop) -> std::optional<Message>;
  /// The message has been dealt with, and so has its blob.
  void finish(const Message& message, std::string_view blob_address);
  /// The content of a blob by its address, inflated where it is gzip. Whatever host the address
  /// has, only our own blobs are read.
  /// Errors: gone; storage.
  [[nodiscard]] auto read_blob(std::string_view blob_address) const -> Result<std::string>;
  /// Puts a message in one of the queues that tell.
  void tell(std::string_view queue, std::string message);
  [[nodiscard]] auto status_table() noexcept -> StatusTable& { return *status_table_; }

private:
  Storage(Directory directory, Clock& clock, Secret token);
  [[nodiscard]] auto is_let_in(const http::ServerRequest& request, std::string_view container) const
      -> bool;
  [[nodiscard]] auto answer_blob(const http::ServerRequest& request, std::string_view blob)
      -> Result<http::ServerReply>;
  [[nodiscard]] auto commit_blocks(std::string_view blob, std::string_view list) -> Result<>;
  [[nodiscard]] auto answer_queue(const http::ServerRequest& request, std::string_view queue)
      -> Result<http::ServerReply>;
  [[nodiscard]] auto put_blob(const http::ServerRequest& request, std::string_view blob)
      -> Result<http::ServerReply>;
  [[nodiscard]] auto enqueue(std::string_view body) -> Result<http::ServerReply>;
  [[nodiscard]] auto list_told(const http::ServerRequest& request, std::string_view queue)
      -> http::ServerReply;
  [[nodiscard]] auto put(const std::string& name, std::string_view bytes) const -> Result<>;

  /// A message that tells, and until when whoever received it last keeps it from the others.
  struct Told {
    std::string text;
    std::chrono::nanoseconds hidden_until{};
  };

  const Directory directory_;
  Clock& clock_;
  const Secret token_;
  std::optional<StatusTable> status_table_; ///< There once it is open.
  const std::string key_;
  BoundedQueue<Message> messages_;
  std::mutex mutex_;
  std::uint64_t next_message_ = 1;
  /// By queue, then by message id.
  std::map<std::string, std::map<std::string, Told>, std::less<>> told_;
};

} // namespace sluice::endpoint
