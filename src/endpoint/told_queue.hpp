// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.hpp"
#include "base/file.hpp"
#include "base/result.hpp"
#include "http/server.hpp"

namespace sluice::endpoint {

/// A queue that tells clients what became of what they queued (documented): they receive messages,
/// which others then do not see for a while, and delete those that were theirs. Each message is a
/// file, so that it survives the process; the oldest go when there are many or they are old.
///
/// Threads: any.
class ToldQueue {
public:
  /// Takes up the messages of the queue `name` that are in `directory`, and keeps the newest
  /// `most`. `directory` and `clock` must outlive it.
  /// Errors: storage.
  [[nodiscard]] static auto
  open(const Directory& directory, std::string_view name, Clock& clock, std::size_t most = 10'000)
      -> Result<std::unique_ptr<ToldQueue>>;

  /// Answers a request to receive, to peek, or to delete.
  /// Errors: storage.
  [[nodiscard]] auto answer(const http::ServerRequest& request) -> Result<http::ServerReply>;
  /// Puts a message in; returns when it is on the disk.
  /// Errors: invalid_input when it has more than 64 KiB; storage.
  [[nodiscard]] auto tell(std::string_view text) -> Result<>;

private:
  /// A message, and until when whoever received it last keeps it from the others.
  struct Told {
    std::uint64_t number = 0;
    std::chrono::nanoseconds hidden_until{0}; ///< By the steady clock; a restart shows all again.
    std::uint32_t received = 0;
  };

  ToldQueue(const Directory& directory, std::string prefix, Clock& clock, std::size_t most)
      : directory_{directory},
        prefix_{std::move(prefix)},
        clock_{clock},
        most_{most} {}
  [[nodiscard]] auto name_of(std::uint64_t number) const -> std::string;
  [[nodiscard]] auto receive(const http::ServerRequest& request) -> Result<http::ServerReply>;
  [[nodiscard]] auto remove(std::string_view id) -> Result<http::ServerReply>;
  /// The oldest go until there are no more than `most_`, and none is old.
  [[nodiscard]] auto forget_oldest() -> Result<>;

  const Directory& directory_;
  const std::string prefix_; ///< Of the files' names.
  Clock& clock_;
  const std::size_t most_;
  std::mutex mutex_;
  std::deque<Told> told_; ///< Oldest first.
  std::uint64_t next_ = 1;
};

} // namespace sluice::endpoint
