// SPDX-License-Identifier: Apache-2.0
#include "store/named_table.hpp"

#include <fmt/format.h>

#include "base/json_text.hpp"
#include "store/wide_table.hpp"

namespace sluice::store {

auto named_table_on_disk(std::string_view name) -> std::string {
  std::string on_disk = "named_";
  for (const char c : name) {
    on_disk += fmt::format("{:02x}", static_cast<unsigned char>(c));
  }
  return on_disk;
}

auto named_table_sql(std::string_view name, const kql::Schema& schema, std::size_t there)
    -> std::string {
  const auto table = named_table_on_disk(name);
  std::string sql = fmt::format("CREATE TABLE IF NOT EXISTS {} (source VARCHAR);\n", table);
  for (std::size_t i = there; i < schema.columns.size(); ++i) {
    sql += fmt::format(
        "ALTER TABLE {} ADD COLUMN c{} {};\n", table, i, sql_type(schema.columns[i].type));
  }
  return sql;
}

auto to_json(const kql::Catalog& tables) -> std::string {
  std::string json = "{";
  for (const auto& name : tables.table_names()) {
    json += fmt::format("{}{}:{{", json.size() == 1 ? "" : ",", json_quoted(name));
    std::string_view separator;
    for (const auto& column : tables.table(name)->columns) {
      json += fmt::format(
          "{}{}:\"{}\"", separator, json_quoted(column.name), kql::to_text(column.type));
      separator = ",";
    }
    json += "}";
  }
  return json + "}";
}

} // namespace sluice::store
