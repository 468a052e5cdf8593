// SPDX-License-Identifier: Apache-2.0
#include "ledger/table_large_values.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "ledger/table_rows.hpp"

namespace sluice::ledger::tables {
namespace {

using Kind = azure::TableChange::Kind;

/// Of one row: what fits into an entity also when it is in the journal.
constexpr std::size_t part_bytes = 200'000;
constexpr auto parts_property = "Parts";

/// Sorts before the rows that have parts: changes are made in order, and who finds a row finds its
/// parts.
auto part_row(std::string_view row, std::int64_t number) -> std::string {
  return fmt::format("bulk|{}|{:04}", row, number);
}

auto removal(const azure::TableEntity& entity, std::int64_t number) -> azure::TableChange {
  return {Kind::remove,
          {.partition_key = entity.partition_key,
           .row_key = part_row(entity.row_key, number),
           .etag = "*"}};
}

} // namespace

auto put_large(azure::TableEntity entity,
               const std::string& name,
               std::string_view bytes,
               std::int64_t parts_before,
               std::string_view what,
               RowChanges& changes) -> Result<std::int64_t> {
  if (bytes.size() > most_large_bytes) {
    return Error{
        ErrorKind::invalid_input,
        fmt::format("{} has {} bytes; the ledger takes {}", what, bytes.size(), most_large_bytes)};
  }
  put_bytes(entity, name, bytes.substr(0, part_bytes));
  std::int64_t parts = 0;
  for (auto rest = bytes.substr(std::min(part_bytes, bytes.size())); !rest.empty();
       rest.remove_prefix(std::min(part_bytes, rest.size()))) {
    azure::TableEntity part{.partition_key = entity.partition_key,
                            .row_key = part_row(entity.row_key, ++parts)};
    put_bytes(part, name, rest.substr(0, part_bytes));
    auto row = part.row_key;
    changes.insert_or_assign(std::move(row),
                             azure::TableChange{Kind::insert_or_replace, std::move(part)});
  }
  for (auto old = parts + 1; old <= parts_before; ++old) {
    auto change = removal(entity, old);
    auto row = change.entity.row_key;
    changes.insert_or_assign(std::move(row), std::move(change));
  }
  if (parts > 0) {
    entity.properties.insert_or_assign(parts_property, parts);
  }
  auto row = entity.row_key;
  changes.insert_or_assign(std::move(row),
                           azure::TableChange{Kind::insert_or_replace, std::move(entity)});
  return parts;
}

auto removals_of_parts(const azure::TableEntity& entity) -> ChangeGroup {
  ChangeGroup changes;
  for (std::int64_t part = 1; part <= entity.number(parts_property); ++part) {
    changes.push_back(removal(entity, part));
  }
  return changes;
}

auto large_of(const Space& space, const azure::TableEntity& entity, const std::string& name)
    -> Result<std::string> {
  TRY(auto bytes, bytes_of(entity, name));
  for (std::int64_t number = 1; number <= entity.number(parts_property); ++number) {
    TRY(const auto part, space.find(entity.partition_key, part_row(entity.row_key, number)));
    if (!part) {
      return Error{ErrorKind::corrupt, "the ledger: a part of a large value is missing"};
    }
    TRY(const auto more, bytes_of(*part, name));
    bytes += more;
  }
  return bytes;
}

} // namespace sluice::ledger::tables
