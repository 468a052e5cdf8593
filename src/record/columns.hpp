// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// The columns of the wide table that holds every kind of audit record. They stand in
/// `columns.tsv`; what is here is generated from it when the program is built.
namespace sluice::record {

/// How a column's values are kept. Records do not always keep to it: numbers come as strings and
/// the other way round.
enum class ColumnType : std::uint8_t { boolean, int32, int64, real, string, datetime, dynamic };

/// `"int"` for `ColumnType::int32`: the names that Kusto uses.
[[nodiscard]] auto name_of(ColumnType type) noexcept -> std::string_view;

/// Whose column it is. The table is in this order.
enum class ColumnGroup : std::uint8_t {
  common,        ///< The schema that all records share (documented).
  alert,         ///< RecordType 40.
  investigation, ///< RecordTypes 64, 86 and 89.
  threat,   ///< Mail, clicks, submissions, quarantine and the rest of the defence against threats.
  workload, ///< Everything else; columns seen in records first, then documented ones.
};

struct Column {
  std::string_view
      name; ///< The key in the record. Upper and lower case differ (SenderIp, SenderIP).
  ColumnType type;
  ColumnGroup group;
  std::string_view description; ///< Part of a sentence; empty for most columns of `workload`.
};

/// All columns in the table's order, the common schema first. Names are unique, and most records
/// have keys beyond them.
[[nodiscard]] auto wide_table_columns() noexcept -> std::span<const Column>;

/// Where the column of that exact name stands in `wide_table_columns()`.
/// Threads: any.
[[nodiscard]] auto column_index(std::string_view name) noexcept -> std::optional<std::size_t>;

} // namespace sluice::record
