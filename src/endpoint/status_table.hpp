// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/file.hpp"
#include "base/result.hpp"
#include "http/server.hpp"

namespace sluice::endpoint {

/// The little of Azure's table service by which clients follow what they queued (documented): they
/// insert an entity, the endpoint writes into it what became of the blob, they read it again. One
/// file each, beside the messages, so that it survives the process; the oldest go when there are
/// many.
///
/// Threads: any.
class StatusTable {
public:
  static constexpr std::size_t most_entities = 10'000;

  /// Takes up the entities that are in `directory`, which must outlive the object.
  /// Errors: storage.
  [[nodiscard]] static auto open(const Directory& directory) -> Result<StatusTable>;
  StatusTable(StatusTable&& other) noexcept;

  /// Answers a request whose path, below the account, is `path`: the table's name, for one entity
  /// with its keys in parentheses.
  [[nodiscard]] auto answer(const http::ServerRequest& request, std::string_view path)
      -> Result<http::ServerReply>;
  /// Whether the entity tells of an end already: a message that came twice is done with once.
  /// Errors: storage.
  [[nodiscard]] auto is_decided(std::string_view partition_key, std::string_view row_key)
      -> Result<bool>;
  /// Writes `members` (`"Status":"Failed",...`) over those of the entity; nothing where there is
  /// none.
  /// Errors: storage.
  [[nodiscard]] auto tell(std::string_view partition_key,
                          std::string_view row_key,
                          std::string_view members) -> Result<>;

  /// Puts an entity in, a JSON object with `PartitionKey` and `RowKey`; 204 when it is new.
  /// Errors: storage.
  [[nodiscard]] auto insert(std::string_view body) -> Result<http::ServerReply>;
  /// The entity as a JSON object; nothing where there is none.
  /// Errors: storage.
  [[nodiscard]] auto find(std::string_view partition_key, std::string_view row_key)
      -> Result<std::optional<std::string>>;

private:
  explicit StatusTable(const Directory& directory) : directory_{&directory} {}
  [[nodiscard]] auto read(const std::string& name) const -> Result<std::optional<std::string>>;

  const Directory* directory_;
  std::mutex mutex_;
  std::deque<std::string> names_; ///< Oldest first.
};

} // namespace sluice::endpoint
