// SPDX-License-Identifier: Apache-2.0
#include "endpoint/ingest_mapping.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "http/server_request.hpp"
#include "kql/conversion.hpp"
#include "kql/dynamic.hpp"

namespace sluice::endpoint {
namespace {

using kql::Type;
using kql::Value;

/// The member of that name in any case; empty when there is none.
auto member_in_any_case(std::string_view object, std::string_view name) -> std::string_view {
  for (kql::JsonItems item{object}; item.next();) {
    if (http::same_name(kql::json_unquoted(item.key()), name)) {
      return item.value();
    }
  }
  return {};
}

/// `$.a['b c'][0]` as its steps.
auto parse_path(std::string_view text) -> Result<std::vector<std::string>> {
  const auto failure = Error{ErrorKind::invalid_input, fmt::format("`{}` is no JSON path", text)};
  if (!text.starts_with('$')) {
    return failure;
  }
  std::vector<std::string> steps;
  auto rest = text.substr(1);
  while (!rest.empty()) {
    if (rest.starts_with('.')) {
      const auto end = std::min(rest.find_first_of(".[", 1), rest.size());
      steps.emplace_back(rest.substr(1, end - 1));
      rest.remove_prefix(end);
      continue;
    }
    const auto end = rest.find(']');
    if (!rest.starts_with('[') || end == std::string_view::npos || end < 2) {
      return failure;
    }
    auto inside = rest.substr(1, end - 1);
    const bool quoted = inside.size() >= 2 && (inside.front() == '\'' || inside.front() == '"') &&
                        inside.back() == inside.front();
    steps.emplace_back(quoted ? inside.substr(1, inside.size() - 2) : inside);
    rest.remove_prefix(end + 1);
  }
  return steps;
}

auto mapped_column(std::string_view element) -> Result<MappedColumn> {
  const auto properties = member_in_any_case(element, "Properties");
  const auto text = [&](std::string_view name) -> std::optional<std::string> {
    auto value = member_in_any_case(properties, name);
    value = value.empty() ? member_in_any_case(element, name) : value;
    return value.empty() || value == "null" ? std::nullopt
                                            : std::optional{kql::json_to_text(value)};
  };
  MappedColumn mapped;
  const auto column = text("Column");
  if (!column) {
    return Error{ErrorKind::invalid_input, "a column of the mapping has no name"};
  }
  mapped.column = *column;
  mapped.constant = text("ConstValue");
  mapped.rest = http::same_name(text("Transform").value_or(""), "DropMappedFields");
  if (const auto ordinal = text("Ordinal")) {
    mapped.ordinal =
        static_cast<std::size_t>(std::max<std::int64_t>(kql::parse_long(*ordinal).value_or(0), 0));
  }
  TRY(mapped.path, parse_path(text("Path").value_or("$." + *column)));
  return mapped;
}

/// The value at the end of the path; empty when there is none.
auto follow(std::string_view json, const std::vector<std::string>& path) -> std::string_view {
  for (const auto& step : path) {
    const auto place = kql::parse_long(step);
    const bool is_array = kql::json_kind(json) == kql::JsonKind::array;
    json = is_array && place ? kql::json_element(json, *place) : kql::json_member(json, step);
    if (json.empty()) {
      break;
    }
  }
  return json;
}

auto is_decimal(std::string_view text) -> bool {
  return kql::parse_real(text).has_value() &&
         text.find_first_not_of("+-0123456789.eE") == std::string_view::npos;
}

auto value_of_text(std::string_view text, Type type) -> Value {
  if (type == Type::decimal) {
    return is_decimal(text) ? Value::string(std::string{text}).with_type(type) : Value::null(type);
  }
  if (type == Type::dynamic) {
    auto json = kql::canonical_json(text);
    return json ? Value::dynamic(*std::move(json))
                : kql::convert(Value::string(std::string{text}), type).owned_copy();
  }
  return kql::convert(Value::borrowed_string(text), type).owned_copy();
}

auto value_of_json(std::string_view json, Type type) -> Value {
  if (json.empty() || json == "null") {
    return Value::null(type);
  }
  if (type == Type::dynamic) {
    return Value::dynamic(std::string{json});
  }
  return value_of_text(kql::json_to_text(json), type);
}

/// The object without the members that other columns take.
auto unmapped(std::string_view object, const IngestMapping& mapping) -> Value {
  std::string rest = "{";
  for (kql::JsonItems item{object}; item.next();) {
    const auto key = kql::json_unquoted(item.key());
    const auto takes = [&](const MappedColumn& mapped) {
      return !mapped.rest && !mapped.path.empty() && mapped.path.front() == key;
    };
    if (std::ranges::none_of(mapping, takes)) {
      rest += rest.size() > 1 ? "," : "";
      rest.append(item.key()).append(":").append(item.value());
    }
  }
  return Value::dynamic(rest + "}");
}

auto nulls(const kql::Schema& schema) -> std::vector<Value> {
  std::vector<Value> row;
  for (const auto& column : schema.columns) {
    row.push_back(Value::null(column.type));
  }
  return row;
}

} // namespace

auto parse_mapping(std::string_view json) -> Result<IngestMapping> {
  const auto canonical = kql::canonical_json(json);
  if (!canonical || kql::json_kind(*canonical) != kql::JsonKind::array) {
    return Error{ErrorKind::invalid_input, "the mapping is not a JSON array"};
  }
  IngestMapping mapping;
  for (kql::JsonItems item{*canonical}; item.next();) {
    TRY(auto column, mapped_column(item.value()));
    mapping.push_back(std::move(column));
  }
  return mapping;
}

auto identity_mapping(const kql::Schema& schema) -> IngestMapping {
  IngestMapping mapping;
  for (std::size_t i = 0; i < schema.columns.size(); ++i) {
    const auto& name = schema.columns[i].name;
    mapping.push_back({name, {name}, i, std::nullopt, false});
  }
  return mapping;
}

auto row_of_json(std::string_view object, const kql::Schema& schema, const IngestMapping& mapping)
    -> Result<std::vector<Value>> {
  const auto json = kql::canonical_json(object);
  if (!json || kql::json_kind(*json) != kql::JsonKind::object) {
    return Error{ErrorKind::malformed, "a record is no JSON object"};
  }
  auto row = nulls(schema);
  for (const auto& mapped : mapping) {
    const auto at = schema.find(mapped.column);
    if (!at) {
      continue;
    }
    const auto type = schema.columns[*at].type;
    if (mapped.constant) {
      row[*at] = value_of_text(*mapped.constant, type);
    } else if (mapped.rest) {
      row[*at] = unmapped(*json, mapping);
    } else {
      row[*at] = value_of_json(follow(*json, mapped.path), type);
    }
  }
  return row;
}

auto row_of_fields(const std::vector<std::string>& fields,
                   const kql::Schema& schema,
                   const IngestMapping& mapping) -> std::vector<Value> {
  auto row = nulls(schema);
  for (const auto& mapped : mapping) {
    const auto at = schema.find(mapped.column);
    if (at && mapped.constant) {
      row[*at] = value_of_text(*mapped.constant, schema.columns[*at].type);
    } else if (at && mapped.ordinal && *mapped.ordinal < fields.size()) {
      row[*at] = value_of_text(fields[*mapped.ordinal], schema.columns[*at].type);
    }
  }
  return row;
}

auto next_csv_line(std::string_view& text) -> Result<std::vector<std::string>> {
  std::vector<std::string> fields{1};
  bool quoted = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      const bool doubled = c == '"' && at + 1 < text.size() && text[at + 1] == '"';
      if (c == '"' && !doubled) {
        quoted = false;
      } else {
        fields.back() += c;
        at += doubled ? 1 : 0;
      }
    } else if (c == '"' && fields.back().empty()) {
      quoted = true;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      break;
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  if (quoted) {
    return Error{ErrorKind::malformed, "a quote is not closed"}.with_code(
        "Stream_ClosingQuoteMissing");
  }
  text.remove_prefix(std::min(at + 1, text.size()));
  return fields;
}

} // namespace sluice::endpoint
