// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb_handle.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

namespace sluice::store {
namespace {

auto statement_error(duckdb_prepared_statement statement) -> Error {
  const char* message = duckdb_prepare_error(statement);
  return to_error(DUCKDB_ERROR_BINDER, message == nullptr ? "statement refused" : message);
}

/// Chunk by chunk as they come, so a large result is never in memory whole.
auto visit_texts(duckdb_connection connection,
                 const std::string& sql,
                 const std::vector<DuckValue>& values,
                 const std::function<void(std::string_view)>& visit) -> Result<> {
  TRY(const auto statement, prepare(connection, sql, values));
  DuckPending pending;
  DuckResult result;
  if (duckdb_pending_prepared_streaming(statement.get(), pending.out()) != DuckDBSuccess) {
    return to_error(DUCKDB_ERROR_EXECUTOR, duckdb_pending_error(pending.get()));
  }
  if (duckdb_execute_pending(pending.get(), result.out()) != DuckDBSuccess) {
    return to_error(duckdb_result_error_type(result.out()), duckdb_result_error(result.out()));
  }
  for (auto chunk = result.fetch(); chunk.get() != nullptr; chunk = result.fetch()) {
    auto* const vector = duckdb_data_chunk_get_vector(chunk.get(), 0);
    const auto size = duckdb_data_chunk_get_size(chunk.get());
    for (idx_t row = 0; row < size; ++row) {
      visit(is_null_at(vector, row) ? std::string_view{} : text_at(vector, row));
    }
  }
  if (const char* message = duckdb_result_error(result.out());
      message != nullptr && *message != '\0') {
    return to_error(duckdb_result_error_type(result.out()), message);
  }
  return {};
}

/// In front of a failure of our own functions: DuckDB's words for one, then ours.
constexpr std::string_view damage_mark = "the store is damaged: ";
constexpr std::string_view damage_in_function = "Invalid Input Error: the store is damaged: ";
static_assert(damage_in_function.ends_with(damage_mark));

} // namespace

auto damage_text(const Error& error) -> std::string {
  return fmt::format("{}{}\n{}", damage_mark, error.message(), error.hint());
}

auto to_error(duckdb_error_type type, std::string_view message) -> Error {
  const std::string text{message.substr(0, message.find('\n'))};
  if (text.starts_with(damage_in_function)) {
    const auto rest = message.substr(std::min(text.size() + 1, message.size()));
    return Error{ErrorKind::corrupt, text.substr(damage_in_function.size())}.with_hint(
        std::string{rest.substr(0, rest.find('\n'))});
  }
  if (text.find("No space left") != std::string::npos) {
    return Error{ErrorKind::storage, text}.with_hint("make room on the store's disk");
  }
  switch (type) {
  case DUCKDB_ERROR_IO:
  case DUCKDB_ERROR_PERMISSION:
    return Error{ErrorKind::storage, text};
  case DUCKDB_ERROR_FATAL:
  case DUCKDB_ERROR_SERIALIZATION:
    return Error{ErrorKind::corrupt, text};
  case DUCKDB_ERROR_INTERRUPT:
    return Error{ErrorKind::cancelled, text};
  case DUCKDB_ERROR_OUT_OF_MEMORY:
    return Error{ErrorKind::invalid_input, text}.with_hint(
        "narrow the query, or raise the store's memory limit");
  default:
    return Error{ErrorKind::invalid_input, text};
  }
}

auto execute(duckdb_connection connection, const std::string& sql) -> Result<> {
  DuckResult result;
  if (duckdb_query(connection, sql.c_str(), result.out()) != DuckDBSuccess) {
    return to_error(duckdb_result_error_type(result.out()), duckdb_result_error(result.out()));
  }
  return {};
}

auto prepare(duckdb_connection connection,
             const std::string& sql,
             const std::vector<DuckValue>& values) -> Result<DuckStatement> {
  DuckStatement statement;
  if (duckdb_prepare(connection, sql.c_str(), statement.out()) != DuckDBSuccess) {
    return statement_error(statement.get());
  }
  for (idx_t i = 0; i < values.size(); ++i) {
    if (duckdb_bind_value(statement.get(), i + 1, values[i].get()) != DuckDBSuccess) {
      return statement_error(statement.get());
    }
  }
  return statement;
}

auto query_texts(duckdb_connection connection,
                 const std::string& sql,
                 const std::vector<DuckValue>& values) -> Result<std::vector<std::string>> {
  std::vector<std::string> rows;
  TRY_DO(visit_texts(
      connection, sql, values, [&](std::string_view text) { rows.emplace_back(text); }));
  return rows;
}

auto query_texts_among(duckdb_connection connection,
                       const std::string& sql,
                       const std::vector<DuckValue>& values,
                       const std::unordered_set<std::string_view>& sought)
    -> Result<std::vector<std::string>> {
  std::vector<std::string> found;
  TRY_DO(visit_texts(connection, sql, values, [&](std::string_view text) {
    if (sought.contains(text)) {
      found.emplace_back(text);
    }
  }));
  return found;
}

auto text_value(std::string_view text) -> DuckValue {
  return DuckValue{duckdb_create_varchar_length(text.data(), text.size())};
}

auto list_value(const std::vector<std::string>& texts) -> DuckValue {
  std::vector<DuckValue> owned;
  std::vector<duckdb_value> values;
  values.reserve(texts.size() + 1); // Of no place in memory DuckDB makes no list.
  for (const auto& text : texts) {
    values.push_back(owned.emplace_back(text_value(text)).get());
  }
  const DuckType type{duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR)};
  return DuckValue{duckdb_create_list_value(type.get(), values.data(), values.size())};
}

auto text_at(duckdb_vector vector, idx_t row) noexcept -> std::string_view {
  auto* const texts = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
  return {duckdb_string_t_data(&texts[row]), duckdb_string_t_length(texts[row])};
}

auto is_null_at(duckdb_vector vector, idx_t row) noexcept -> bool {
  auto* const validity = duckdb_vector_get_validity(vector);
  return validity != nullptr && !duckdb_validity_row_is_valid(validity, row);
}

} // namespace sluice::store
