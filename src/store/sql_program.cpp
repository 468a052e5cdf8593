// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <stdexcept>

#include <fmt/format.h>

#include "kql/conversion.hpp"
#include "kql/dynamic.hpp"
#include "store/sql_generator.hpp"
#include "store/wide_table.hpp"

namespace sluice::store {

using kql::Plan;
using kql::Type;
using kql::Value;

namespace {

/// A group of rows stands in memory as a whole. Bytes of its text.
constexpr std::size_t max_group_bytes = 256 * 1024 * 1024;

auto row_text(std::span<const Value> values) -> std::string {
  std::string text = "[";
  for (const auto& value : values) {
    text += text.size() == 1 ? "" : ",";
    text += value.is_null() ? "null" : kql::to_json(value);
  }
  return text + "]";
}

auto cell(std::string_view json, Type type) -> Value {
  return type == Type::dynamic ? Value::dynamic(std::string{json})
                               : kql::convert(Value::borrowed_dynamic(json), type);
}

auto rows_of(std::string_view json, const std::vector<Type>& types) -> kql::RowProgram::Rows {
  kql::RowProgram::Rows rows;
  for (kql::JsonItems item{json}; item.next();) {
    auto& row = rows.emplace_back();
    for (kql::JsonItems value{item.value()}; value.next();) {
      row.push_back(cell(value.value(), types[row.size()]));
    }
  }
  return rows;
}

auto run(const kql::RowProgram& program, std::string_view json, const std::vector<Type>& types)
    -> Value {
  if (json.size() > max_group_bytes) {
    throw std::length_error{"an operator that looks at many rows at once has too many of them"};
  }
  std::string text = "[";
  for (const auto& row : program.run(rows_of(json, types))) {
    text += text.size() == 1 ? "" : ",";
    text += row_text(row);
  }
  return Value::dynamic(text + "]");
}

} // namespace

/// The rows of a group travel as one JSON array of arrays, through the program and out again.
auto Generator::write(const Plan& plan, const kql::Program& program, const Needed& needed)
    -> Result<Relation> {
  const auto& columns = program.input->output.columns;
  TRY(const auto input, step(*program.input, Needed(columns.size(), true)));
  std::vector<Type> types;
  std::string arguments;
  for (auto i = program.keys; i < columns.size(); ++i) {
    types.push_back(columns[i].type);
    arguments += fmt::format(", c{}", i);
  }
  const auto pack =
      statement_.add(Computation{Type::dynamic, types, [](std::span<const Value> row) {
                                   return Value::dynamic(row_text(row));
                                 }});
  auto work = [inner = program.program, types](std::span<const Value> rows) {
    return run(*inner, rows.front().text(), types);
  };
  const auto unpack = statement_.add(Computation{Type::dynamic, {Type::dynamic}, std::move(work)});
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < program.keys; ++i) {
    keys.push_back(fmt::format("c{}", i));
  }
  auto grouped = keys;
  grouped.push_back(
      fmt::format("{}({}, '[' || coalesce(string_agg({}({}{}), ','{}), '') || ']') AS l",
                  items_function_name,
                  unpack,
                  function_name(Type::dynamic),
                  pack,
                  arguments,
                  input.order.empty() ? "" : " " + input.order_by()));
  auto sql = select(grouped, over(input));
  if (!keys.empty()) {
    sql += fmt::format(" GROUP BY {}", fmt::join(keys, ", "));
  }
  auto opened = keys;
  opened.emplace_back("unnest(l) AS r");
  opened.emplace_back("unnest(range(len(l))) AS s0");
  sql = select(opened, fmt::format("({}) AS lists", sql));
  std::vector<std::string> items;
  for (std::size_t i = 0; i < needed.size(); ++i) {
    if (!needed[i]) {
      continue;
    }
    if (i < program.keys) {
      items.push_back(fmt::format("c{}", i));
      continue;
    }
    const auto type = plan.output.columns[i].type;
    auto take = [type,
                 place = static_cast<std::int64_t>(i - program.keys)](std::span<const Value> row) {
      return cell(kql::json_element(row.front().text(), place), type);
    };
    const auto number = statement_.add(Computation{type, {Type::dynamic}, std::move(take)});
    items.push_back(fmt::format("{}({}, r) AS c{}", function_name(type), number, i));
  }
  std::vector<std::string> order;
  if (program.keys == 0) {
    items.emplace_back("s0");
    order.emplace_back("ASC");
  }
  return Relation{select(items, fmt::format("({}) AS opened", sql)), std::move(order), false};
}

} // namespace sluice::store
