// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "azure/storage_resource.hpp"
#include "azure/table_entity.hpp"
#include "base/result.hpp"

namespace sluice::azure {

/// Makes a table: 3 to 63 letters and digits, the first a letter (documented). `service` is the
/// root of the account's tables. True when it was made, false when it was there.
[[nodiscard]] auto create_table(const StorageResource& service,
                                std::string_view name,
                                const std::stop_token& stop) -> Result<bool>;

/// `text` as a literal of a filter: quoted, quotes in it doubled.
[[nodiscard]] auto filter_literal(std::string_view text) -> std::string;

/// One table, spoken to over REST. Each entity has an ETag that changes with every write, so that a
/// write may demand that nobody wrote in between.
///
/// Errors of all: those of `StorageResource::send`; gone when table or entity is not there;
/// conflicts (`is_conflict`) when a condition does not hold.
///
/// Threads: any.
class Table {
public:
  explicit Table(StorageResource resource) : resource_{std::move(resource)} {}

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

  /// Calls `visit` for each entity that `filter` (OData; empty for all) lets through, by partition
  /// and row key. Memory is that of one page. Stops at the first error of `visit` and returns it.
  auto query(std::string_view filter,
             const std::function<auto(const TableEntity&)->Result<>>& visit,
             const std::stop_token& stop,
             int page_size = 1'000) const -> Result<>;

private:
  auto write(http::Method method,
             std::string path,
             std::string_view if_match,
             const TableEntity& entity,
             const std::stop_token& stop) const -> Result<std::string>;

  StorageResource resource_;
};

} // namespace sluice::azure
