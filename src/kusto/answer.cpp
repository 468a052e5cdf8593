// SPDX-License-Identifier: Apache-2.0
#include "kusto/answer.hpp"

#include <limits>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <simdjson.h>

#include "kql/conversion.hpp"
#include "kql/dynamic.hpp"
#include "kusto/refusal.hpp"

namespace sluice::kusto {
namespace {

using kql::Type;
using kql::Value;
using simdjson::dom::element;

auto malformed(std::string_view what) -> Error {
  return Error{ErrorKind::malformed, fmt::format("the cluster's answer {}", what)};
}

auto text_at(const element& object, std::string_view key) -> std::string_view {
  std::string_view text;
  return object.at_key(key).get(text) == simdjson::SUCCESS ? text : std::string_view{};
}

auto real_of(std::string_view text) -> Value {
  if (text == "Infinity" || text == "-Infinity") {
    const auto infinity = std::numeric_limits<double>::infinity();
    return Value::real(text.front() == '-' ? -infinity : infinity);
  }
  return kql::convert(Value::borrowed_string(text), Type::real);
}

/// A dynamic comes nested, or as a text that holds the JSON (documented).
auto dynamic_of(const element& cell) -> Value {
  std::string_view text;
  const bool is_text = cell.get(text) == simdjson::SUCCESS;
  const bool holds_json = is_text && (text.starts_with('{') || text.starts_with('['));
  auto json = kql::canonical_json(holds_json ? std::string{text} : simdjson::minify(cell));
  json = !json && is_text ? kql::canonical_json(simdjson::minify(cell)) : json;
  return json ? Value::dynamic(*std::move(json)) : Value::null(Type::dynamic);
}

auto value_of(const element& cell, Type type) -> Value {
  if (cell.is_null()) {
    return Value::null(type);
  }
  if (type == Type::dynamic) {
    return dynamic_of(cell);
  }
  std::string_view text;
  if (cell.get(text) != simdjson::SUCCESS) {
    const auto written = simdjson::minify(cell);
    return type == Type::decimal ? Value::string(written).with_type(type)
                                 : kql::convert(Value::string(written), type).owned_copy();
  }
  switch (type) {
  case Type::string:
    return Value::string(std::string{text});
  case Type::decimal:
    return Value::string(std::string{text}).with_type(type);
  case Type::real:
    return real_of(text);
  default:
    return kql::convert(Value::borrowed_string(text), type).owned_copy();
  }
}

auto schema_of(const element& table) -> Result<kql::Schema> {
  kql::Schema schema;
  simdjson::dom::array columns;
  if (table.at_key("Columns").get(columns) != simdjson::SUCCESS) {
    return malformed("has a table without columns");
  }
  for (const element column : columns) {
    const auto type = kql::parse_type(text_at(column, "ColumnType"));
    schema.columns.push_back(
        {std::string{text_at(column, "ColumnName")}, type.value_or(Type::string)});
  }
  return schema;
}

/// The failure that stands among the rows, or in a member of the answer.
auto failure_in(const element& object) -> Result<> {
  simdjson::dom::array errors;
  for (const auto* key : {"OneApiErrors", "Exceptions"}) {
    if (object.at_key(key).get(errors) == simdjson::SUCCESS && errors.size() > 0) {
      std::string_view text;
      const element first = errors.at(0);
      return to_error(first.get(text) == simdjson::SUCCESS ? std::string{text}
                                                           : simdjson::minify(first));
    }
  }
  return {};
}

auto rows_of(const element& table) -> Result<simdjson::dom::array> {
  simdjson::dom::array rows;
  if (table.at_key("Rows").get(rows) != simdjson::SUCCESS) {
    return malformed("has a table without rows");
  }
  for (const element row : rows) {
    if (row.is_object()) {
      TRY_DO(failure_in(row));
      return malformed("has a row that is none");
    }
  }
  return rows;
}

auto give_table(const element& table, AnswerSink& sink) -> Result<> {
  TRY(const auto schema, schema_of(table));
  TRY(const auto rows, rows_of(table));
  TRY_DO(sink.begin(schema));
  std::vector<Value> values;
  for (const element row : rows) {
    values.clear();
    simdjson::dom::array cells;
    if (row.get(cells) != simdjson::SUCCESS || cells.size() != schema.columns.size()) {
      return malformed("has a row of another width than its table");
    }
    for (const element cell : cells) {
      values.push_back(value_of(cell, schema.columns[values.size()].type));
    }
    TRY_DO(sink.row(values));
  }
  return {};
}

/// A failure that is told behind the rows: a row of level 2 or less (documented).
auto failure_in_completion(const element& table) -> Result<> {
  TRY(const auto rows, rows_of(table));
  constexpr std::size_t level_column = 5;
  constexpr std::size_t payload_column = 11;
  for (const element row : rows) {
    std::int64_t level = 0;
    std::string_view payload;
    simdjson::dom::array cells;
    const bool readable = row.get(cells) == simdjson::SUCCESS &&
                          cells.at(level_column).get(level) == simdjson::SUCCESS;
    if (readable && level > 0 && level <= 2) {
      const bool told = cells.at(payload_column).get(payload) == simdjson::SUCCESS;
      return Error{ErrorKind::invalid_input,
                   fmt::format("the query failed in part: {}", told ? payload : "no reason given")};
    }
  }
  return {};
}

} // namespace

auto read_frames(std::string_view json, AnswerSink& sink) -> Result<> {
  simdjson::dom::parser parser;
  simdjson::dom::array frames;
  if (parser.parse(simdjson::padded_string{json}).get(frames) != simdjson::SUCCESS) {
    return malformed("is not the JSON of the second protocol");
  }
  const simdjson::dom::array all = frames;
  std::vector<element> primary;
  bool complete = false;
  for (const element frame : all) {
    const auto type = text_at(frame, "FrameType");
    const auto kind = text_at(frame, "TableKind");
    TRY_DO(failure_in(frame));
    if (type == "DataTable" && kind == "PrimaryResult") {
      primary.push_back(frame);
    } else if (type == "DataTable" && kind == "QueryCompletionInformation") {
      TRY_DO(failure_in_completion(frame));
    } else if (type == "DataSetCompletion") {
      complete = true;
    } else if (type == "TableFragment" || type == "TableHeader") {
      return malformed("is in fragments, which were not asked for");
    }
  }
  if (!complete) {
    return malformed("is cut short");
  }
  return primary.empty() ? sink.begin({}) : give_table(primary.front(), sink);
}

auto read_tables(std::string_view json, AnswerSink& sink) -> Result<> {
  simdjson::dom::parser parser;
  element document;
  simdjson::dom::array tables;
  if (parser.parse(simdjson::padded_string{json}).get(document) != simdjson::SUCCESS ||
      document.at_key("Tables").get(tables) != simdjson::SUCCESS) {
    return malformed("is not the JSON of the first protocol");
  }
  TRY_DO(failure_in(document));
  return tables.size() == 0 ? sink.begin({}) : give_table(tables.at(0), sink);
}

} // namespace sluice::kusto
