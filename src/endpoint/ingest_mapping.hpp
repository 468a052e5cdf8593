// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "kql/schema.hpp"
#include "kql/value.hpp"

namespace sluice::endpoint {

/// Where a column's value comes from: one element of Kusto's ingestion mappings (documented).
struct MappedColumn {
  std::string column;
  std::vector<std::string> path; ///< JSON: keys and positions from the root; empty for all of it.
  std::optional<std::size_t> ordinal; ///< CSV.
  std::optional<std::string> constant;
  bool rest = false; ///< `DropMappedFields`: the object without its mapped members.
};

using IngestMapping = std::vector<MappedColumn>;

/// Reads `[{"Column": "a", "Properties": {"Path": "$.x"}}, ...]`; keys in any case, properties also
/// beside the column.
/// Errors: invalid_input.
[[nodiscard]] auto parse_mapping(std::string_view json) -> Result<IngestMapping>;

/// Each column from the member, or the CSV field, at its own name and place.
[[nodiscard]] auto identity_mapping(const kql::Schema& schema) -> IngestMapping;

/// The row that a JSON object gives. What is missing or does not fit its column is null, as in
/// Kusto. Errors: malformed when it is no JSON object.
[[nodiscard]] auto row_of_json(std::string_view object,
                               const kql::Schema& schema,
                               const IngestMapping& mapping) -> Result<std::vector<kql::Value>>;

/// The row that the fields of a CSV line give.
[[nodiscard]] auto row_of_fields(const std::vector<std::string>& fields,
                                 const kql::Schema& schema,
                                 const IngestMapping& mapping) -> std::vector<kql::Value>;

/// Cuts RFC 4180 text into lines of fields: takes the next line from the front of `text`.
/// Errors: malformed when a quote is not closed.
[[nodiscard]] auto next_csv_line(std::string_view& text) -> Result<std::vector<std::string>>;

} // namespace sluice::endpoint
