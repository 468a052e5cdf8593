// SPDX-License-Identifier: Apache-2.0
#include "store/case_table.hpp"

#include <fmt/format.h>

#include "record/case_columns.hpp"
#include "store/wide_table.hpp"

namespace sluice::store {

auto case_schema() -> const kql::Schema& {
  static const auto schema = [] {
    kql::Schema made;
    for (const auto& column : record::case_columns()) {
      made.columns.push_back({std::string{column.name}, kql_type(column.type)});
    }
    return made;
  }();
  return schema;
}

auto is_case_table(std::string_view name) -> bool {
  return name == case_table_name || name == latest_cases_name;
}

auto case_rows_sql(std::string_view table) -> std::string {
  if (table == case_table_name) {
    return "store.cases";
  }
  return fmt::format("(SELECT * FROM store.cases QUALIFY row_number() OVER (PARTITION BY \"{}\" "
                     "ORDER BY \"{}\" DESC) = 1) AS latest",
                     case_column_name(0),
                     case_column_name(1));
}

auto case_column_name(std::size_t column) -> std::string {
  return fmt::format("f_{}", case_schema().columns[column].name);
}

auto case_column_sql(std::size_t column) -> std::string {
  return fmt::format(
      "\"{}\" {}", case_column_name(column), sql_type(case_schema().columns[column].type));
}

auto create_case_table_sql() -> std::string {
  std::string sql = "CREATE TABLE IF NOT EXISTS cases (";
  for (std::size_t i = 0; i < case_schema().columns.size(); ++i) {
    sql += (i == 0 ? "" : ", ") + case_column_sql(i);
  }
  return sql + ");\n";
}

} // namespace sluice::store
