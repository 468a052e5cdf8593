// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "azure/storage_resource.hpp"
#include "azure/table_entity.hpp"
#include "base/result.hpp"

namespace sluice::azure {

/// `text` as a literal of a filter: quoted, quotes in it doubled.
[[nodiscard]] auto filter_literal(std::string_view text) -> std::string;

/// One change of a transaction.
struct TableChange {
  enum class Kind : std::uint8_t {
    insert,            ///< There must be none of these keys.
    replace,           ///< The one that still has `entity.etag`, or any when that is `*`.
    merge,             ///< As `replace`, but properties that are not named stay as they are.
    insert_or_replace, ///< Whether or not there is one.
    remove,            ///< As `replace`; only the keys and the ETag of `entity` count.
  };
  Kind kind = Kind::insert;
  TableEntity entity;
};

/// Which entities, and what of them.
struct TableQuery {
  std::string filter = {}; ///< OData; empty for all.
  std::string select = {}; ///< Names of properties, separated by commas; empty for all.
  int page_size = 1'000;   ///< 1 to 1'000.
};

/// One table, spoken to over REST. Each entity has an ETag that changes with every write, so that a
/// write may demand that nobody wrote in between.
///
/// Errors of all: those of `StorageResource::send`; gone when table or entity is not there;
/// conflicts (`is_conflict`) when a condition does not hold.
///
/// Threads: any.
class Table {
public:
  /// `service` is the root of the account's tables. A name has 3 to 63 letters and digits, the
  /// first a letter (documented).
  Table(StorageResource service, std::string name)
      : service_{std::move(service)},
        name_{std::move(name)} {}

  /// True when it was made, false when it was there.
  auto create(const std::stop_token& stop) const -> Result<bool>;

  /// Stores a new entity and gives its ETag.
  /// A conflict with code `EntityAlreadyExists` says that there is one of these keys.
  auto insert(const TableEntity& entity, const std::stop_token& stop) const -> Result<std::string>;
  /// Replaces the entity that still has `entity.etag`, or any when that is `*`, and gives the new
  /// ETag. A conflict with code `UpdateConditionNotSatisfied` says that another wrote first.
  auto replace(const TableEntity& entity, const std::stop_token& stop) const -> Result<std::string>;
  /// Stores the entity whether or not there is one, and gives its ETag.
  auto insert_or_replace(const TableEntity& entity, const std::stop_token& stop) const
      -> Result<std::string>;
  auto find(std::string_view partition_key,
            std::string_view row_key,
            const std::stop_token& stop) const -> Result<TableEntity>;
  /// Deletes the entity that still has `etag`, or any when that is `*`.
  auto remove(std::string_view partition_key,
              std::string_view row_key,
              std::string_view etag,
              const std::stop_token& stop) const -> Result<>;

  static constexpr std::size_t most_changes = 100;
  /// Of what a transaction sends; the service takes 4 MiB (documented).
  static constexpr std::size_t most_change_bytes = std::size_t{3} * 1024 * 1024;

  /// Makes all changes or none: at most `most_changes`, all of one partition, no entity twice.
  /// Gives the new ETags in their order, empty for a removal. A conflict may be our own doing when
  /// the reply to the same transaction was lost: read before you conclude that it was another.
  auto transact(std::span<const TableChange> changes, const std::stop_token& stop) const
      -> Result<std::vector<std::string>>;

  /// Calls `visit` for each entity that the query lets through, by partition and row key. Memory is
  /// that of one page. Stops at the first error of `visit` and returns it.
  auto query(const TableQuery& query,
             const std::function<auto(const TableEntity&)->Result<>>& visit,
             const std::stop_token& stop) const -> Result<>;
  /// The first `most` of them.
  auto first(const TableQuery& query, std::size_t most, const std::stop_token& stop) const
      -> Result<std::vector<TableEntity>>;

private:
  [[nodiscard]] auto path_of(std::string_view partition_key, std::string_view row_key) const
      -> std::string;
  auto write(http::Method method,
             std::string path,
             std::string_view if_match,
             const TableEntity& entity,
             const std::stop_token& stop) const -> Result<std::string>;

  StorageResource service_;
  std::string name_;
};

} // namespace sluice::azure
