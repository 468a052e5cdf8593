// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date_time.hpp"
#include "kql/schema.hpp"

/// The table Cases and its view LatestCases(), as queries see them and as they lie on disk.
namespace sluice::store {

constexpr std::string_view case_table_name = "Cases";
/// The highest version of each case.
constexpr std::string_view latest_cases_name = "LatestCases()";

/// One version of a case.
struct StoredCase {
  std::string_view case_id;
  std::uint32_t version = 0;
  DateTime told_at;
  std::string_view row; ///< A JSON object by the names of `record/case_columns.hpp`.
};

/// Some versions of cases.
struct CaseBatch {
  /// Names the history that the versions are counted in. Versions of another one are removed.
  std::string_view epoch;
  std::span<const StoredCase> cases;
};

/// The columns of both, as `record/case_columns.hpp` has them.
[[nodiscard]] auto case_schema() -> const kql::Schema&;

/// Whether queries may name a table of cases so.
[[nodiscard]] auto is_case_table(std::string_view name) -> bool;

/// What stands after FROM for the table of that name.
[[nodiscard]] auto case_rows_sql(std::string_view table) -> std::string;
/// The name on disk of a column of `case_schema()`.
[[nodiscard]] auto case_column_name(std::size_t column) -> std::string;
/// Name and type, as a statement that makes the column says them.
[[nodiscard]] auto case_column_sql(std::size_t column) -> std::string;
/// The statement that makes the table; harmless where it exists.
[[nodiscard]] auto create_case_table_sql() -> std::string;

} // namespace sluice::store
