// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kql/predicate.hpp"
#include "kql/schema.hpp"
#include "record/record_scanner.hpp"

namespace sluice::relevance {

/// What a rule can name: the columns of the wide table, then `AdditionalFields` (the keys that are
/// no column) and `RawRecord`. The same names and types as in the store.
[[nodiscard]] auto rule_schema() -> const kql::Schema&;
[[nodiscard]] auto additional_fields_index() -> std::size_t;
[[nodiscard]] auto raw_record_index() -> std::size_t;

/// A scanned record as a row of `rule_schema()`. Values are read when they are asked for: numbers
/// also from strings and texts from any scalar, as in the store; what is missing, null or cannot be
/// read as its column's type is absent.
///
/// Threads: one at a time.
class RecordRow final : public kql::Row {
public:
  /// `columns` are indexes of the schema: the field at position i of a scanned record is the column
  /// `columns[i]`.
  explicit RecordRow(std::span<const std::size_t> columns);

  /// `record` must stay as long as its values are asked for.
  void show(const record::ScannedRecord& record);

  [[nodiscard]] auto column(std::size_t index) -> kql::Value override;
  [[nodiscard]] auto parsed(std::size_t index) -> std::optional<kql::Value>* override;

private:
  [[nodiscard]] auto additional_fields() const -> kql::Value;

  std::vector<std::int32_t> field_of_;            ///< For each column: its field, or -1.
  std::vector<std::string> unescaped_;            ///< For each field: the text, if it had escapes.
  std::vector<std::optional<kql::Value>> parsed_; ///< For each field: what `parse_json` made of it.
  bool has_parsed_ = false;
  const record::ScannedRecord* record_ = nullptr;
};

} // namespace sluice::relevance
