// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/date_time.hpp"
#include "base/result.hpp"

namespace sluice::azure {

/// A value of a table. Binary values and GUIDs are read as the text they travel as.
using TableValue = std::variant<std::string, bool, std::int64_t, double, DateTime>;

/// One row of a table. Its two keys name it; neither has `/`, `\`, `#`, `?` or control characters
/// (documented). An entity has at most 252 properties and 1 MiB, a text 64 KiB (documented).
struct TableEntity {
  std::string partition_key;
  std::string row_key;
  std::map<std::string, TableValue, std::less<>> properties = {};
  std::string etag = {}; ///< As the service gave it; empty for one that was never stored.

  /// The text of a property; empty when there is none or it is no text.
  [[nodiscard]] auto text(std::string_view name) const -> std::string_view;
  /// The number of a property; 0 when there is none or it is no whole number.
  [[nodiscard]] auto number(std::string_view name) const -> std::int64_t;

  friend auto operator==(const TableEntity&, const TableEntity&) -> bool = default;
};

/// The JSON of an entity, with the types that JSON does not have said aside.
[[nodiscard]] auto to_json(const TableEntity& entity) -> std::string;
/// Reads one entity.
/// Errors: malformed.
[[nodiscard]] auto entity_from_json(std::string_view json) -> Result<TableEntity>;
/// Reads the entities of a query's reply.
/// Errors: malformed.
[[nodiscard]] auto entities_from_json(std::string_view json) -> Result<std::vector<TableEntity>>;

} // namespace sluice::azure
