// SPDX-License-Identifier: Apache-2.0
#include "store/vector_value.hpp"

#include <algorithm>

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

RowReader::RowReader(duckdb_data_chunk chunk, idx_t first, std::span<const Type> types)
    : values_(types.size()) {
  for (const auto type : types) {
    auto* const vector = duckdb_data_chunk_get_vector(chunk, first + columns_.size());
    columns_.push_back({duckdb_vector_get_data(vector), duckdb_vector_get_validity(vector), type});
  }
}

auto RowReader::read(idx_t row) -> std::span<const Value> {
  std::ranges::transform(
      columns_, values_.begin(), [row](const Column& column) { return column.at(row); });
  return values_;
}

auto RowReader::Column::at(idx_t row) const -> Value {
  if (validity != nullptr && !duckdb_validity_row_is_valid(validity, row)) {
    return Value::null(type);
  }
  const auto number = [&]<class T>(T /*kind*/) { return static_cast<const T*>(data)[row]; };
  switch (type) {
  case Type::boolean:
    return Value::boolean(number(bool{}));
  case Type::int32:
    return Value::int32(number(std::int32_t{}));
  case Type::int64:
    return Value::int64(number(std::int64_t{}));
  case Type::real:
    return Value::real(number(double{}));
  case Type::datetime:
    return Value::datetime({Ticks{number(std::int64_t{})}});
  case Type::timespan:
    return Value::timespan(Ticks{number(std::int64_t{})});
  default:
    break;
  }
  auto& text = static_cast<duckdb_string_t*>(data)[row];
  const std::string_view view{duckdb_string_t_data(&text), duckdb_string_t_length(text)};
  return type == Type::dynamic ? Value::borrowed_dynamic(view)
                               : Value::borrowed_string(view).with_type(type);
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
