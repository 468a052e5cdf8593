// SPDX-License-Identifier: Apache-2.0
#include "store/record_decoder.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "base/date_time.hpp"
#include "kql/dynamic.hpp"
#include "record/columns.hpp"
#include "store/wide_table.hpp"

namespace sluice::store {
namespace {

using kql::JsonKind;
using kql::Type;
using kql::Value;

template <class Number>
auto parse_number(std::string_view text) -> std::optional<Number> {
  Number number{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = failure == std::errc{} && end == text.data() + text.size();
  return whole ? std::optional{number} : std::nullopt;
}

auto read_boolean(std::string_view text) -> std::optional<Value> {
  for (const auto* yes : {"true", "True", "TRUE", "1"}) {
    if (text == yes) {
      return Value::boolean(true);
    }
  }
  for (const auto* no : {"false", "False", "FALSE", "0"}) {
    if (text == no) {
      return Value::boolean(false);
    }
  }
  return std::nullopt;
}

auto read_integer(std::string_view text, Type type) -> std::optional<Value> {
  auto number = parse_number<std::int64_t>(text);
  if (const auto real = parse_number<double>(text);
      !number && real && std::trunc(*real) == *real && std::abs(*real) < 9e15) {
    number = static_cast<std::int64_t>(*real);
  }
  using Int = std::numeric_limits<std::int32_t>;
  if (!number || (type == Type::int32 && (*number < Int::min() || *number > Int::max()))) {
    return std::nullopt;
  }
  return Value::integer(type, *number);
}

auto read_real(std::string_view text) -> std::optional<Value> {
  const auto number = parse_number<double>(text);
  return number ? std::optional{Value::real(*number)} : std::nullopt;
}

auto read_datetime(std::string_view text) -> std::optional<Value> {
  const auto time = parse_iso8601(text);
  if (!time) {
    return std::nullopt;
  }
  return time->since_year_one.count() == 0 ? Value::null(Type::datetime) : Value::datetime(*time);
}

auto read_dynamic(std::string_view json, JsonKind kind) -> Value {
  if (kind == JsonKind::string) {
    auto inner = kql::canonical_json(kql::json_unquoted(json));
    if (inner && (inner->front() == '{' || inner->front() == '[')) {
      return Value::dynamic(std::move(*inner));
    }
  }
  return Value::dynamic(std::string{json});
}

/// Nothing when the value does not fit the type.
auto read(std::string_view json, Type type) -> std::optional<Value> {
  const auto kind = kql::json_kind(json);
  if (kind == JsonKind::null) {
    return Value::null(type);
  }
  if (type == Type::dynamic) {
    return read_dynamic(json, kind);
  }
  auto text = kql::json_to_text(json);
  if (type == Type::string) {
    return Value::string(std::move(text));
  }
  if (text.empty()) {
    return Value::null(type);
  }
  switch (type) {
  case Type::boolean:
    return read_boolean(text);
  case Type::int32:
  case Type::int64:
    return read_integer(text, type);
  case Type::real:
    return read_real(text);
  case Type::datetime:
    return read_datetime(text);
  default:
    return std::nullopt;
  }
}

} // namespace

RecordDecoder::RecordDecoder(std::span<const std::size_t> columns)
    : place_(record::wide_table_columns().size(), -1) {
  for (const auto column : columns) {
    const auto place = static_cast<std::int32_t>(empty_.size());
    if (column == additional_fields_index()) {
      additional_place_ = place;
    } else {
      place_[column] = place;
    }
    empty_.push_back(Value::null(wide_table_schema().columns[column].type));
  }
}

auto RecordDecoder::decode(std::string_view record) -> std::span<const Value> {
  values_ = empty_;
  additional_.clear();
  const auto canonical = kql::canonical_json(record);
  if (canonical && kql::json_kind(*canonical) == JsonKind::object) {
    for (kql::JsonItems member{*canonical}; member.next();) {
      take(kql::json_unquoted(member.key()), member.key(), member.value());
    }
  }
  if (!additional_.empty()) {
    values_[static_cast<std::size_t>(additional_place_)] = Value::dynamic("{" + additional_ + "}");
  }
  return values_;
}

void RecordDecoder::take(std::string_view key, std::string_view quoted_key, std::string_view json) {
  const auto column = record::column_index(key);
  const auto place = column ? place_[*column] : -1;
  if (column && (place >= 0 || additional_place_ >= 0)) {
    auto value = read(json, wide_table_schema().columns[*column].type);
    if (value && place >= 0) {
      values_[static_cast<std::size_t>(place)] = std::move(*value);
    }
    if (value) {
      return;
    }
  }
  if (additional_place_ >= 0) {
    additional_ += additional_.empty() ? "" : ",";
    additional_.append(quoted_key).append(":").append(json);
  }
}

} // namespace sluice::store
