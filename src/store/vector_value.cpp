// SPDX-License-Identifier: Apache-2.0
#include "store/vector_value.hpp"

#include <cstdint>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/json_text.hpp"
#include "kql/dynamic.hpp"

namespace sluice::store {
namespace {

using kql::Type;
using kql::Value;

template <class T>
auto slot(duckdb_vector vector, idx_t row) -> T& {
  return static_cast<T*>(duckdb_vector_get_data(vector))[row];
}

} // namespace

auto read_value(duckdb_vector vector, idx_t row, Type type) -> Value {
  if (is_null_at(vector, row)) {
    return Value::null(type);
  }
  switch (type) {
  case Type::boolean:
    return Value::boolean(slot<bool>(vector, row));
  case Type::int32:
    return Value::int32(slot<std::int32_t>(vector, row));
  case Type::int64:
    return Value::int64(slot<std::int64_t>(vector, row));
  case Type::real:
    return Value::real(slot<double>(vector, row));
  case Type::datetime:
    return Value::datetime({Ticks{slot<std::int64_t>(vector, row)}});
  case Type::timespan:
    return Value::timespan(Ticks{slot<std::int64_t>(vector, row)});
  case Type::dynamic:
    return Value::borrowed_dynamic(text_at(vector, row));
  case Type::decimal:
  case Type::string:
  case Type::guid:
    break;
  }
  return Value::borrowed_string(text_at(vector, row)).with_type(type);
}

void write_value(duckdb_vector vector, idx_t row, const Value& value) {
  const auto type = value.type();
  if (value.is_null() && type != Type::string) {
    write_null(vector, row);
    return;
  }
  switch (type) {
  case Type::boolean:
    slot<bool>(vector, row) = value.as_boolean();
    break;
  case Type::int32:
    slot<std::int32_t>(vector, row) = static_cast<std::int32_t>(value.as_integer());
    break;
  case Type::int64:
  case Type::datetime:
  case Type::timespan:
    slot<std::int64_t>(vector, row) = value.as_integer();
    break;
  case Type::real:
    slot<double>(vector, row) = value.as_real();
    break;
  case Type::decimal:
  case Type::string:
  case Type::guid:
  case Type::dynamic:
    write_text(vector, row, value.text());
  }
}

void write_text(duckdb_vector vector, idx_t row, std::string_view text) {
  if (simdjson::validate_utf8(text.data(), text.size())) {
    duckdb_vector_assign_string_element_len(vector, row, text.data(), text.size());
    return;
  }
  const auto mended = kql::json_unquoted(json_quoted(text));
  duckdb_vector_assign_string_element_len(vector, row, mended.data(), mended.size());
}

void write_null(duckdb_vector vector, idx_t row) {
  duckdb_vector_ensure_validity_writable(vector);
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
}

auto cast_text(const Value& value) -> std::string {
  switch (value.type()) {
  case Type::boolean:
    return value.as_boolean() ? "true" : "false";
  case Type::int32:
  case Type::int64:
  case Type::datetime:
  case Type::timespan:
    return fmt::format("{}", value.as_integer());
  case Type::real:
    return fmt::format("{}", value.as_real());
  default:
    return std::string{value.text()};
  }
}

} // namespace sluice::store
