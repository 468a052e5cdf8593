// SPDX-License-Identifier: Apache-2.0
#include "azure/table_entity.hpp"

#include <charconv>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/json_text.hpp"

namespace sluice::azure {
namespace {

constexpr std::string_view type_suffix = "@odata.type";

auto malformed() -> Error {
  return Error{ErrorKind::malformed, "an entity of a table is not what it should be"};
}

/// A value as JSON, and the name of its type where JSON would lose it.
struct Written {
  std::string json;
  std::string_view type = {};
};

struct Write {
  auto operator()(const std::string& text) const -> Written { return {json_quoted(text)}; }
  auto operator()(bool value) const -> Written { return {value ? "true" : "false"}; }
  auto operator()(std::int64_t value) const -> Written {
    return {fmt::format("\"{}\"", value), "Edm.Int64"};
  }
  auto operator()(double value) const -> Written {
    return {fmt::format("\"{}\"", value), "Edm.Double"};
  }
  auto operator()(DateTime value) const -> Written {
    return {json_quoted(to_iso8601(value, 7)), "Edm.DateTime"};
  }
};

auto read_typed(std::string_view text, std::string_view type) -> Result<TableValue> {
  const auto* end = text.data() + text.size();
  if (type == "Edm.Int64") {
    std::int64_t value = 0;
    if (std::from_chars(text.data(), end, value).ptr != end || text.empty()) {
      return malformed();
    }
    return value;
  }
  if (type == "Edm.Double") { // `NaN` and the infinities come as text.
    double value = 0;
    if (std::from_chars(text.data(), end, value).ptr != end || text.empty()) {
      return malformed();
    }
    return value;
  }
  if (type == "Edm.DateTime") {
    const auto value = parse_iso8601(text);
    return value ? Result<TableValue>{*value} : Result<TableValue>{malformed()};
  }
  return std::string{text};
}

auto read_value(simdjson::dom::element value, std::string_view type) -> Result<TableValue> {
  switch (value.type()) {
  case simdjson::dom::element_type::STRING:
    return read_typed(std::string_view{value}, type);
  case simdjson::dom::element_type::BOOL:
    return bool{value};
  case simdjson::dom::element_type::INT64: {
    const std::int64_t number{value};
    if (type == "Edm.Double") {
      return static_cast<double>(number);
    }
    return number;
  }
  case simdjson::dom::element_type::DOUBLE:
    return double{value};
  default:
    return malformed();
  }
}

auto is_about(std::string_view name) -> bool {
  return name.starts_with("odata.") || name.ends_with(type_suffix);
}

auto type_of(const simdjson::dom::object& object, std::string_view name) -> std::string_view {
  std::string_view type;
  const auto key = std::string{name}.append(type_suffix);
  return object[key].get(type) == simdjson::SUCCESS ? type : std::string_view{};
}

auto read_entity(const simdjson::dom::object& object) -> Result<TableEntity> {
  TableEntity entity;
  for (const auto& [name, value] : object) {
    std::string_view text;
    if (name == "odata.etag" && value.get(text) == simdjson::SUCCESS) {
      entity.etag = text;
    } else if (name == "PartitionKey" && value.get(text) == simdjson::SUCCESS) {
      entity.partition_key = text;
    } else if (name == "RowKey" && value.get(text) == simdjson::SUCCESS) {
      entity.row_key = text;
    } else if (!is_about(name) && name != "Timestamp" && !value.is_null()) {
      TRY(auto read, read_value(value, type_of(object, name)));
      entity.properties.insert_or_assign(std::string{name}, std::move(read));
    }
  }
  return entity;
}

} // namespace

auto TableEntity::text(std::string_view name) const -> std::string_view {
  const auto found = properties.find(name);
  const auto* value =
      found == properties.end() ? nullptr : std::get_if<std::string>(&found->second);
  return value == nullptr ? std::string_view{} : *value;
}

auto TableEntity::number(std::string_view name) const -> std::int64_t {
  const auto found = properties.find(name);
  const auto* value =
      found == properties.end() ? nullptr : std::get_if<std::int64_t>(&found->second);
  return value == nullptr ? 0 : *value;
}

auto to_json(const TableEntity& entity) -> std::string {
  auto json = fmt::format(R"({{"PartitionKey":{},"RowKey":{})",
                          json_quoted(entity.partition_key),
                          json_quoted(entity.row_key));
  for (const auto& [name, value] : entity.properties) {
    const auto written = std::visit(Write{}, value);
    json += fmt::format(",{}:{}", json_quoted(name), written.json);
    if (!written.type.empty()) {
      json += fmt::format(
          ",{}:\"{}\"", json_quoted(std::string{name}.append(type_suffix)), written.type);
    }
  }
  return json + "}";
}

auto entity_from_json(std::string_view json) -> Result<TableEntity> {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(json.data(), json.size()).get(object) != simdjson::SUCCESS) {
    return malformed();
  }
  return read_entity(object);
}

auto entities_from_json(std::string_view json) -> Result<std::vector<TableEntity>> {
  simdjson::dom::parser parser;
  simdjson::dom::array rows;
  if (parser.parse(json.data(), json.size())["value"].get(rows) != simdjson::SUCCESS) {
    return malformed();
  }
  std::vector<TableEntity> entities;
  for (const auto row : rows) {
    simdjson::dom::object object;
    if (row.get(object) != simdjson::SUCCESS) {
      return malformed();
    }
    TRY(auto entity, read_entity(object));
    entities.push_back(std::move(entity));
  }
  return entities;
}

} // namespace sluice::azure
