// SPDX-License-Identifier: Apache-2.0
#include "store/wide_table.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "base/check.hpp"
#include "record/columns.hpp"

namespace sluice::store {
namespace {

auto make_schema() -> kql::Schema {
  kql::Schema schema;
  for (const auto& column : record::wide_table_columns()) {
    schema.columns.push_back({std::string{column.name}, kql_type(column.type)});
  }
  schema.columns.push_back({std::string{additional_fields_name}, kql::Type::dynamic});
  schema.columns.push_back({std::string{raw_record_name}, kql::Type::string});
  schema.columns.push_back({std::string{ingestion_time_name}, kql::Type::datetime, true});
  return schema;
}

auto make_stored() -> std::vector<std::size_t> {
  std::vector<std::size_t> stored;
  const auto columns = record::wide_table_columns();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].group <= record::ColumnGroup::investigation) {
      stored.push_back(i);
    }
  }
  return stored;
}

/// What fills a record: three quarters of the bytes of alerts and investigations are in these.
constexpr std::array<std::string_view, 2> packed_columns{"Data", "Actions"};

/// What is packed gets no smaller.
constexpr std::string_view packed_type = "BLOB USING COMPRESSION uncompressed";

auto lower(std::string text) -> std::string {
  std::ranges::transform(
      text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

} // namespace

auto kql_type(record::ColumnType type) -> kql::Type {
  switch (type) {
  case record::ColumnType::boolean:
    return kql::Type::boolean;
  case record::ColumnType::int32:
    return kql::Type::int32;
  case record::ColumnType::int64:
    return kql::Type::int64;
  case record::ColumnType::real:
    return kql::Type::real;
  case record::ColumnType::string:
    return kql::Type::string;
  case record::ColumnType::datetime:
    return kql::Type::datetime;
  case record::ColumnType::dynamic:
    break;
  }
  return kql::Type::dynamic;
}

auto wide_table_schema() -> const kql::Schema& {
  static const auto schema = make_schema();
  return schema;
}

auto additional_fields_index() -> std::size_t {
  return record::wide_table_columns().size();
}

auto raw_record_index() -> std::size_t {
  return additional_fields_index() + 1;
}

auto ingestion_time_index() -> std::size_t {
  return additional_fields_index() + 2;
}

auto stored_columns() -> const std::vector<std::size_t>& {
  static const auto stored = make_stored();
  return stored;
}

auto is_stored(std::size_t column) -> bool {
  return std::ranges::find(stored_columns(), column) != stored_columns().end();
}

auto is_packed(std::size_t column) -> bool {
  const auto& name = wide_table_schema().columns[column].name;
  return std::ranges::find(packed_columns, name) != packed_columns.end();
}

auto stored_name(std::size_t column) -> std::string {
  const auto& columns = wide_table_schema().columns;
  const auto name = lower(columns[column].name);
  const auto twins = std::ranges::count_if(stored_columns(), [&](std::size_t other) {
    return other < column && lower(columns[other].name) == name;
  });
  return twins == 0 ? fmt::format("f_{}", name) : fmt::format("f_{}_{}", name, twins + 1);
}

auto sql_type(kql::Type type) -> std::string_view {
  switch (type) {
  case kql::Type::boolean:
    return "BOOLEAN";
  case kql::Type::int32:
    return "INTEGER";
  case kql::Type::int64:
  case kql::Type::datetime:
  case kql::Type::timespan:
    return "BIGINT";
  case kql::Type::real:
    return "DOUBLE";
  case kql::Type::decimal:
  case kql::Type::string:
  case kql::Type::guid:
  case kql::Type::dynamic:
    break;
  }
  return "VARCHAR";
}

auto create_tables_sql() -> std::string {
  std::string sql =
      "CREATE TABLE IF NOT EXISTS facts (name VARCHAR, value VARCHAR);\n"
      "CREATE TABLE IF NOT EXISTS contents (tenant VARCHAR, content VARCHAR);\n"
      "CREATE TABLE IF NOT EXISTS records (tenant VARCHAR, content VARCHAR, ordinal INTEGER,\n"
      "  ingested BIGINT, record ";
  sql += packed_type;
  for (const auto column : stored_columns()) {
    const auto type = sql_type(wide_table_schema().columns[column].type);
    sql +=
        fmt::format(",\n  \"{}\" {}", stored_name(column), is_packed(column) ? packed_type : type);
  }
  return sql + ");\n";
}

} // namespace sluice::store
