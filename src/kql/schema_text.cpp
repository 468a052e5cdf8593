// SPDX-License-Identifier: Apache-2.0
#include "kql/schema_text.hpp"

#include <fmt/format.h>

#include "kql/dynamic.hpp"

namespace sluice::kql {
namespace {

auto parse_columns(std::string_view json) -> Result<Schema> {
  Schema schema;
  for (JsonItems column{json}; column.next();) {
    const auto type = parse_type(json_to_text(column.value()));
    if (!type) {
      return Error{ErrorKind::invalid_input,
                   fmt::format("{} is no type of a column", column.value())};
    }
    schema.columns.push_back({json_unquoted(column.key()), *type});
  }
  schema.columns.push_back({"ingestion_time", Type::datetime, true});
  return schema;
}

} // namespace

auto SchemaCatalog::table(std::string_view name) const -> const Schema* {
  const auto found = tables_.find(name);
  return found == tables_.end() ? nullptr : &found->second;
}

auto SchemaCatalog::table_names() const -> std::vector<std::string> {
  std::vector<std::string> names;
  for (const auto& [name, schema] : tables_) {
    names.push_back(name);
  }
  return names;
}

auto parse_schemas(std::string_view json) -> Result<std::unique_ptr<SchemaCatalog>> {
  const auto canonical = canonical_json(json);
  if (!canonical || json_kind(*canonical) != JsonKind::object) {
    return Error{ErrorKind::invalid_input, "the schemas are not a JSON object"};
  }
  auto catalog = std::make_unique<SchemaCatalog>();
  for (JsonItems table{*canonical}; table.next();) {
    TRY(auto schema, parse_columns(table.value()).while_doing("reading the columns of a table"));
    catalog->add(json_unquoted(table.key()), std::move(schema));
  }
  return catalog;
}

} // namespace sluice::kql
