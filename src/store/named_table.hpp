// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "kql/schema.hpp"
#include "kql/schema_text.hpp"
#include "kql/value.hpp"

/// Tables that somebody made, beside AuditRecords and Cases.
namespace sluice::store {

/// Rows that came together.
struct RowBatch {
  std::string_view table;
  /// One value for each column of the table, in its type.
  std::span<const std::vector<kql::Value>> rows;
  /// Names of what came, noted with the rows.
  std::vector<std::string> sources{};
  /// When the table has one of these noted already, nothing is stored.
  std::vector<std::string> unless{};
};

/// What a named table is called on disk; nothing a person wrote is part of it.
[[nodiscard]] auto named_table_on_disk(std::string_view name) -> std::string;

/// The statements for a table of these columns that has none beyond the first `there` yet; they are
/// called c0, c1, ... on disk.
[[nodiscard]] auto
named_table_sql(std::string_view name, const kql::Schema& schema, std::size_t there) -> std::string;

/// `{"Table": {"Column": "type", ...}, ...}`, which `kql::parse_schemas` reads.
[[nodiscard]] auto to_json(const kql::Catalog& tables) -> std::string;

} // namespace sluice::store
