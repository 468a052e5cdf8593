// SPDX-License-Identifier: Apache-2.0
#include "relevance/record_row.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "base/check.hpp"
#include "base/date_time.hpp"
#include "kql/dynamic.hpp"
#include "record/columns.hpp"
#include "record/json_text.hpp"

namespace sluice::relevance {
namespace {

using kql::Type;
using kql::Value;
using record::JsonKind;

auto type_of(record::ColumnType type) -> Type {
  switch (type) {
  case record::ColumnType::boolean:
    return Type::boolean;
  case record::ColumnType::int32:
    return Type::int32;
  case record::ColumnType::int64:
    return Type::int64;
  case record::ColumnType::real:
    return Type::real;
  case record::ColumnType::string:
    return Type::string;
  case record::ColumnType::datetime:
    return Type::datetime;
  case record::ColumnType::dynamic:
    return Type::dynamic;
  }
  CHECK(false);
}

auto integer_value(std::string_view raw, Type type) -> Value {
  using Narrow = std::numeric_limits<std::int32_t>;
  const auto number = record::integer_of(raw);
  const bool fits =
      number && (type == Type::int64 || (*number >= Narrow::min() && *number <= Narrow::max()));
  return fits ? Value::integer(type, *number) : Value::absent(type);
}

auto real_value(std::string_view raw) -> Value {
  const auto number = record::real_of(raw);
  return number ? Value::real(*number) : Value::absent(Type::real);
}

auto boolean_value(std::string_view raw) -> Value {
  const auto value = record::boolean_of(raw);
  return value ? Value::boolean(*value) : Value::absent(Type::boolean);
}

auto text_value(std::string_view raw, std::string& storage) -> Value {
  if (record::kind_of(raw) == JsonKind::string) {
    const auto text = record::string_text(raw, storage);
    return text ? Value::borrowed_string(*text) : Value::absent(Type::string);
  }
  const auto canonical = kql::canonical_json(raw);
  return canonical ? Value::string(kql::json_to_text(*canonical)) : Value::absent(Type::string);
}

/// The year 1 is what the service writes for "no time" (observed).
auto datetime_value(std::string_view raw, std::string& storage) -> Value {
  const auto text = record::string_text(raw, storage);
  const auto time = text ? parse_iso8601(*text) : std::nullopt;
  return time && *time != DateTime{} ? Value::datetime(*time) : Value::absent(Type::datetime);
}

auto dynamic_value(std::string_view raw) -> Value {
  auto canonical = kql::canonical_json(raw);
  if (canonical && kql::json_kind(*canonical) == kql::JsonKind::string) {
    auto inner = kql::canonical_json(kql::json_unquoted(*canonical));
    if (inner && (inner->starts_with('{') || inner->starts_with('['))) {
      return Value::dynamic(std::move(*inner));
    }
  }
  return canonical ? Value::dynamic(std::move(*canonical)) : Value::absent(Type::dynamic);
}

/// Absent when the value is null or cannot be read as that type.
auto value_of(std::string_view raw, Type type, std::string& storage) -> Value {
  if (raw.empty() || record::kind_of(raw) == JsonKind::null) {
    return Value::absent(type);
  }
  const auto text = [&] { return record::string_text(raw, storage).value_or(raw); };
  switch (type) {
  case Type::boolean:
    return boolean_value(text());
  case Type::int32:
  case Type::int64:
    return integer_value(text(), type);
  case Type::real:
    return real_value(text());
  case Type::string:
    return text_value(raw, storage);
  case Type::datetime:
    return datetime_value(raw, storage);
  default:
    return dynamic_value(raw);
  }
}

auto is_no_time(std::string_view json, Type type) -> bool {
  std::string storage;
  const auto text = type == Type::datetime ? record::string_text(json, storage) : std::nullopt;
  const auto time = text ? parse_iso8601(*text) : std::nullopt;
  return time && *time == DateTime{};
}

/// A value that its column cannot hold is one of the additional fields; an empty text is nothing.
auto fits(std::string_view json, Type type) -> bool {
  std::string storage;
  return json == "null" || (json == "\"\"" && type != Type::string && type != Type::dynamic) ||
         is_no_time(json, type) || !value_of(json, type, storage).is_absent();
}

} // namespace

auto rule_schema() -> const kql::Schema& {
  static const auto schema = [] {
    kql::Schema made;
    for (const auto& column : record::wide_table_columns()) {
      made.columns.push_back({.name = std::string{column.name}, .type = type_of(column.type)});
    }
    made.columns.push_back({.name = "AdditionalFields", .type = Type::dynamic});
    made.columns.push_back({.name = "RawRecord", .type = Type::string});
    return made;
  }();
  return schema;
}

auto additional_fields_index() -> std::size_t {
  return record::wide_table_columns().size();
}

auto raw_record_index() -> std::size_t {
  return record::wide_table_columns().size() + 1;
}

RecordRow::RecordRow(std::span<const std::size_t> columns)
    : field_of_(rule_schema().columns.size(), -1),
      unescaped_(columns.size()),
      parsed_(columns.size()) {
  for (std::size_t field = 0; field < columns.size(); ++field) {
    field_of_[columns[field]] = static_cast<std::int32_t>(field);
  }
}

auto RecordRow::column(std::size_t index) -> Value {
  if (index == additional_fields_index()) {
    return additional_fields();
  }
  if (index == raw_record_index()) {
    return Value::borrowed_string(record_->bytes);
  }
  CHECK(field_of_[index] >= 0);
  const auto field = static_cast<std::size_t>(field_of_[index]);
  const auto raw = record_->fields[field];
  const auto type = rule_schema().columns[index].type;
  return value_of(raw, type, unescaped_[field]);
}

void RecordRow::show(const record::ScannedRecord& record) {
  record_ = &record;
  if (has_parsed_) {
    has_parsed_ = false;
    std::ranges::for_each(parsed_, [](auto& value) { value.reset(); });
  }
}

auto RecordRow::parsed(std::size_t index) -> std::optional<Value>* {
  if (field_of_[index] < 0) {
    return nullptr; // AdditionalFields and RawRecord.
  }
  has_parsed_ = true;
  return &parsed_[static_cast<std::size_t>(field_of_[index])];
}

auto RecordRow::additional_fields() const -> Value {
  const auto canonical = kql::canonical_json(record_->bytes);
  if (!canonical) {
    return Value::absent(Type::dynamic);
  }
  std::string unknown;
  for (kql::JsonItems member{*canonical}; member.next();) {
    const auto column = record::column_index(kql::json_unquoted(member.key()));
    if (!column || !fits(member.value(), rule_schema().columns[*column].type)) {
      unknown += unknown.empty() ? '{' : ',';
      unknown.append(member.key()).append(":").append(member.value());
    }
  }
  return unknown.empty() ? Value::absent(Type::dynamic) : Value::dynamic(unknown + '}');
}

} // namespace sluice::relevance
