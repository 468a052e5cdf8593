// SPDX-License-Identifier: Apache-2.0
#include "store/computation.hpp"

#include <array>
#include <exception>
#include <mutex>
#include <stdexcept>

#include "kql/dynamic.hpp"
#include "store/duckdb_handle.hpp"
#include "store/packed_text.hpp"
#include "store/vector_value.hpp"
#include "store/wide_table.hpp"

namespace sluice::store {
namespace {

using kql::Type;
using kql::Value;

auto computations_of(duckdb_function_info info) -> Computations& {
  return *static_cast<Computations*>(duckdb_scalar_function_get_extra_info(info));
}

/// The number is the same in all rows: the generator writes it as a constant.
auto number_of(duckdb_data_chunk input) -> std::int64_t {
  return *static_cast<std::int64_t*>(
      duckdb_vector_get_data(duckdb_data_chunk_get_vector(input, 0)));
}

void compute_rows(const Computation& computation, duckdb_data_chunk input, duckdb_vector output) {
  const auto rows = duckdb_data_chunk_get_size(input);
  RowReader arguments{input, 1, computation.arguments};
  for (idx_t row = 0; row < rows; ++row) {
    auto value = computation.compute(arguments.read(row));
    write_value(output, row, std::move(value).with_type(computation.result));
  }
}

template <auto over_rows>
void compute(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  try {
    if (duckdb_data_chunk_get_size(input) == 0) {
      return;
    }
    const auto computation = computations_of(info).find(number_of(input));
    if (!computation ||
        computation->arguments.size() + 1 != duckdb_data_chunk_get_column_count(input)) {
      duckdb_scalar_function_set_error(info, "no such computation");
      return;
    }
    over_rows(*computation, input, output);
  } catch (const std::exception& failure) {
    duckdb_scalar_function_set_error(info, failure.what());
  }
}

/// One list for each row: the items of the array that is computed. JSON null becomes NULL.
void list_rows(const Computation& computation, duckdb_data_chunk input, duckdb_vector output) {
  const auto rows = duckdb_data_chunk_get_size(input);
  RowReader arguments{input, 1, computation.arguments};
  idx_t size = 0;
  for (idx_t row = 0; row < rows; ++row) {
    const auto array = computation.compute(arguments.read(row));
    const auto begin = size;
    std::vector<std::string_view> texts;
    for (kql::JsonItems item{array.text()}; item.next();) {
      texts.push_back(item.value());
    }
    size += texts.size();
    duckdb_list_vector_reserve(output, size);
    duckdb_list_vector_set_size(output, size);
    auto* const child = duckdb_list_vector_get_child(output);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      texts[i] == "null" ? write_null(child, begin + i) : write_text(child, begin + i, texts[i]);
    }
    static_cast<duckdb_list_entry*>(duckdb_vector_get_data(output))[row] = {begin, texts.size()};
  }
}

void decode_rows(const RecordColumns& wanted, duckdb_data_chunk input, duckdb_vector output) {
  const auto rows = duckdb_data_chunk_get_size(input);
  const auto width = wanted.columns.size();
  auto* const records = duckdb_data_chunk_get_vector(input, 1);
  auto* const lists = static_cast<duckdb_list_entry*>(duckdb_vector_get_data(output));
  duckdb_list_vector_reserve(output, rows * width);
  duckdb_list_vector_set_size(output, rows * width);
  auto* const texts = duckdb_list_vector_get_child(output);
  RecordDecoder decoder{wanted.columns};
  for (idx_t row = 0; row < rows; ++row) {
    lists[row] = {row * width, width};
    const auto record = is_null_at(records, row) ? std::string_view{} : text_at(records, row);
    idx_t at = row * width;
    for (const auto& value : decoder.decode(record)) {
      value.is_null() ? write_null(texts, at) : write_text(texts, at, cast_text(value));
      ++at;
    }
  }
}

void decode(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  try {
    if (duckdb_data_chunk_get_size(input) == 0) {
      return;
    }
    const auto columns = computations_of(info).find_columns(number_of(input));
    if (!columns) {
      duckdb_scalar_function_set_error(info, "no such columns");
      return;
    }
    decode_rows(*columns, input, output);
  } catch (const std::exception& failure) {
    duckdb_scalar_function_set_error(info, failure.what());
  }
}

void unpack_rows(duckdb_data_chunk input, duckdb_vector output) {
  auto* const packed = duckdb_data_chunk_get_vector(input, 0);
  const auto rows = duckdb_data_chunk_get_size(input);
  TextUnpacker unpacker;
  for (idx_t row = 0; row < rows; ++row) {
    if (is_null_at(packed, row)) {
      write_null(output, row);
      continue;
    }
    const auto text = unpacker.unpack(text_at(packed, row));
    if (!text) {
      throw std::runtime_error{damage_text(text.error())}; // For DuckDB, which ends the query.
    }
    write_text(output, row, *text);
  }
}

void copy_rows(duckdb_data_chunk input, duckdb_vector output) {
  auto* const texts = duckdb_data_chunk_get_vector(input, 0);
  const auto rows = duckdb_data_chunk_get_size(input);
  for (idx_t row = 0; row < rows; ++row) {
    is_null_at(texts, row) ? write_null(output, row) : write_text(output, row, text_at(texts, row));
  }
}

template <auto over_rows>
void give_text(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  try {
    over_rows(input, output);
  } catch (const std::exception& failure) {
    duckdb_scalar_function_set_error(info, failure.what());
  }
}

auto duck_type(Type type) -> DuckType {
  switch (type) {
  case Type::boolean:
    return DuckType{duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN)};
  case Type::int32:
    return DuckType{duckdb_create_logical_type(DUCKDB_TYPE_INTEGER)};
  case Type::int64:
    return DuckType{duckdb_create_logical_type(DUCKDB_TYPE_BIGINT)};
  case Type::real:
    return DuckType{duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE)};
  default:
    return DuckType{duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR)};
  }
}

auto make_function(std::string_view name, Computations& computations) -> DuckFunction {
  DuckFunction function{duckdb_create_scalar_function()};
  const DuckType number{duckdb_create_logical_type(DUCKDB_TYPE_BIGINT)};
  duckdb_scalar_function_set_name(function.get(), std::string{name}.c_str());
  duckdb_scalar_function_add_parameter(function.get(), number.get());
  duckdb_scalar_function_set_special_handling(function.get());
  duckdb_scalar_function_set_extra_info(function.get(), &computations, nullptr);
  return function;
}

auto make_text_function(duckdb_type argument, duckdb_scalar_function_t function) -> DuckFunction {
  DuckFunction made{duckdb_create_scalar_function()};
  const DuckType type{duckdb_create_logical_type(argument)};
  duckdb_scalar_function_set_name(made.get(), std::string{unpack_function_name}.c_str());
  duckdb_scalar_function_add_parameter(made.get(), type.get());
  duckdb_scalar_function_set_special_handling(made.get());
  duckdb_scalar_function_set_return_type(made.get(), duck_type(Type::string).get());
  duckdb_scalar_function_set_function(made.get(), function);
  return made;
}

auto register_unpack(duckdb_connection connection) -> Result<> {
  const DuckFunctionSet overloads{
      duckdb_create_scalar_function_set(std::string{unpack_function_name}.c_str())};
  for (const auto& one : {make_text_function(DUCKDB_TYPE_BLOB, give_text<unpack_rows>),
                          make_text_function(DUCKDB_TYPE_VARCHAR, give_text<copy_rows>)}) {
    duckdb_add_scalar_function_to_set(overloads.get(), one.get());
  }
  if (duckdb_register_scalar_function_set(connection, overloads.get()) != DuckDBSuccess) {
    return Error{ErrorKind::invalid_input, "DuckDB takes no function"};
  }
  return {};
}

auto register_one(duckdb_connection connection, const DuckFunction& function) -> Result<> {
  if (duckdb_register_scalar_function(connection, function.get()) != DuckDBSuccess) {
    return Error{ErrorKind::invalid_input, "DuckDB takes no function"};
  }
  return {};
}

} // namespace

auto Computations::add(Computation computation) -> std::int64_t {
  const std::unique_lock lock{mutex_};
  computations_.emplace(next_, std::make_shared<const Computation>(std::move(computation)));
  return next_++;
}

auto Computations::add(RecordColumns columns) -> std::int64_t {
  const std::unique_lock lock{mutex_};
  columns_.emplace(next_, std::make_shared<const RecordColumns>(std::move(columns)));
  return next_++;
}

void Computations::remove(std::int64_t number) {
  const std::unique_lock lock{mutex_};
  computations_.erase(number);
  columns_.erase(number);
}

auto Computations::find(std::int64_t number) const -> std::shared_ptr<const Computation> {
  const std::shared_lock lock{mutex_};
  const auto found = computations_.find(number);
  return found == computations_.end() ? nullptr : found->second;
}

auto Computations::find_columns(std::int64_t number) const -> std::shared_ptr<const RecordColumns> {
  const std::shared_lock lock{mutex_};
  const auto found = columns_.find(number);
  return found == columns_.end() ? nullptr : found->second;
}

auto function_name(Type result) -> std::string_view {
  switch (result) {
  case Type::boolean:
    return "kql_bool";
  case Type::int32:
    return "kql_int";
  case Type::int64:
  case Type::datetime:
  case Type::timespan:
    return "kql_long";
  case Type::real:
    return "kql_real";
  default:
    return "kql_text";
  }
}

auto register_functions(duckdb_connection connection, Computations& computations) -> Result<> {
  const DuckType any{duckdb_create_logical_type(DUCKDB_TYPE_ANY)};
  for (const auto type : {Type::boolean, Type::int32, Type::int64, Type::real, Type::string}) {
    const auto function = make_function(function_name(type), computations);
    duckdb_scalar_function_set_varargs(function.get(), any.get());
    duckdb_scalar_function_set_return_type(function.get(), duck_type(type).get());
    duckdb_scalar_function_set_function(function.get(), compute<compute_rows>);
    TRY_DO(register_one(connection, function));
  }
  const auto text = duck_type(Type::string);
  const DuckType texts{duckdb_create_list_type(text.get())};
  const auto items = make_function(items_function_name, computations);
  duckdb_scalar_function_set_varargs(items.get(), any.get());
  duckdb_scalar_function_set_return_type(items.get(), texts.get());
  duckdb_scalar_function_set_function(items.get(), compute<list_rows>);
  TRY_DO(register_one(connection, items));
  const auto function = make_function(record_function_name, computations);
  duckdb_scalar_function_add_parameter(function.get(), text.get());
  duckdb_scalar_function_set_return_type(function.get(), texts.get());
  duckdb_scalar_function_set_function(function.get(), decode);
  TRY_DO(register_one(connection, function));
  return register_unpack(connection);
}

} // namespace sluice::store
