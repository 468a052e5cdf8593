// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "store/case_table.hpp"
#include "store/named_table.hpp"
#include "store/sql_expression.hpp"
#include "store/sql_generator.hpp"
#include "store/wide_table.hpp"

/// Where rows come from: tables, constants, ranges.
namespace sluice::store {

using kql::Plan;
using kql::Type;
using kql::Value;

auto no_rows(const Plan& plan, const Needed& needed) -> Relation {
  std::vector<std::string> items;
  for (std::size_t i = 0; i < needed.size(); ++i) {
    if (needed[i]) {
      items.push_back(fmt::format("NULL::{} AS c{}", sql_type(plan.output.columns[i].type), i));
    }
  }
  return Relation{select(items, "(SELECT 1 AS z WHERE false) AS nothing"), {}, false};
}

auto Generator::is_empty_table(const std::string& name) const -> bool {
  return !is_case_table(name) && named_tables_.table(name) == nullptr && name != wide_table_name;
}

auto Generator::gives_nothing(const Plan& plan) const -> bool {
  if (const auto* scan = std::get_if<kql::Scan>(&plan.node)) {
    return is_empty_table(scan->table);
  }
  if (const auto* values = std::get_if<kql::Values>(&plan.node)) {
    return values->rows.empty();
  }
  const auto* groups = std::get_if<kql::Summarize>(&plan.node);
  const bool keeps_none = (groups != nullptr && !groups->keys.empty()) ||
                          std::holds_alternative<kql::Filter>(plan.node) ||
                          std::holds_alternative<kql::Project>(plan.node) ||
                          std::holds_alternative<kql::Sort>(plan.node) ||
                          std::holds_alternative<kql::Take>(plan.node) ||
                          std::holds_alternative<kql::Expand>(plan.node) ||
                          std::holds_alternative<kql::Union>(plan.node);
  return keeps_none && std::ranges::all_of(kql::inputs_of(plan), [this](const Plan* input) {
           return gives_nothing(*input);
         });
}

auto Generator::write(const Plan& plan, const kql::Scan& scan, const Needed& needed)
    -> Result<Relation> {
  if (is_case_table(scan.table)) {
    std::vector<std::string> items;
    for (std::size_t i = 0; i < needed.size(); ++i) {
      if (needed[i]) {
        items.push_back(fmt::format("\"{}\" AS c{}", case_column_name(i), i));
      }
    }
    return Relation{select(items, case_rows_sql(scan.table)), {}, false};
  }
  if (named_tables_.table(scan.table) != nullptr) {
    return Relation{
        select(needed_columns(needed), "store." + named_table_on_disk(scan.table)), {}, false};
  }
  if (is_empty_table(scan.table)) {
    return no_rows(plan, needed);
  }
  std::vector<std::string> items;
  RecordColumns decoded;
  for (std::size_t i = 0; i < needed.size(); ++i) {
    if (!needed[i]) {
      continue;
    }
    if (i == raw_record_index()) {
      items.push_back(fmt::format("{}(record) AS c{}", unpack_function_name, i));
    } else if (i == ingestion_time_index()) {
      items.push_back(fmt::format("ingested AS c{}", i));
    } else if (is_stored(i)) {
      const auto form = is_packed(i) ? unpack_function_name : std::string_view{};
      items.push_back(fmt::format("{}(\"{}\") AS c{}", form, stored_name(i), i));
    } else {
      decoded.columns.push_back(i);
      const auto type = plan.output.columns[i].type;
      items.push_back(
          fmt::format("CAST(r[{}] AS {}) AS c{}", decoded.columns.size(), sql_type(type), i));
    }
  }
  const bool wants_row_ids = part_ == Part::row_ids;
  if (wants_row_ids) {
    items.emplace_back("rowid AS row_id");
  }
  std::string rows = "store.records";
  if (part_ == Part::chosen_rows) {
    rows += " WHERE rowid BETWEEN $2::BIGINT AND $3::BIGINT"
            " AND rowid IN (SELECT unnest($1::BIGINT[]))";
  }
  if (decoded.columns.empty()) {
    return Relation{select(items, rows), {}, wants_row_ids};
  }
  const auto number = statement_.add(std::move(decoded));
  return Relation{
      select(items,
             fmt::format("(SELECT *, rowid, {}({}, {}(record)) AS r FROM {}) AS decoded",
                         record_function_name,
                         number,
                         unpack_function_name,
                         rows)),
      {},
      wants_row_ids};
}

/// The rows stay where they are: DuckDB gets a range of numbers and asks for the cells.
auto Generator::write(const Plan& plan, const kql::Values& values, const Needed& needed)
    -> Result<Relation> {
  std::vector<std::string> items;
  for (std::size_t column = 0; column < needed.size(); ++column) {
    if (!needed[column]) {
      continue;
    }
    const auto type = plan.output.columns[column].type;
    auto cell = [rows = &values.rows, column](std::span<const Value> arguments) {
      return (*rows)[static_cast<std::size_t>(arguments.front().as_integer())][column];
    };
    const auto number = statement_.add(Computation{type, {Type::int64}, std::move(cell)});
    items.push_back(fmt::format("{}({}, n) AS c{}", function_name(type), number, column));
  }
  items.emplace_back("n AS s0");
  return Relation{
      select(items, fmt::format("range({}) AS cells(n)", values.rows.size())), {"ASC"}, false};
}

auto Generator::write(const Plan& plan, const kql::Range& range, const Needed& needed)
    -> Result<Relation> {
  const auto type = plan.output.columns.front().type;
  auto cell = [from = range.from, step = range.step, type](std::span<const Value> arguments) {
    const auto n = arguments.front().as_integer();
    return type == Type::real
               ? Value::real(from.as_real() + static_cast<double>(n) * step.as_real())
               : Value::int64(from.as_integer() + n * step.as_integer()).with_type(type);
  };
  std::vector<std::string> items{"n AS s0"};
  if (needed.front()) {
    const auto number = statement_.add(Computation{type, {Type::int64}, std::move(cell)});
    items.push_back(fmt::format("{}({}, n) AS c0", function_name(type), number));
  }
  return Relation{select(items, fmt::format("range({}) AS cells(n)", range.count)), {"ASC"}, false};
}

} // namespace sluice::store
