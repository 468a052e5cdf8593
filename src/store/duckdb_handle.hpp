// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <duckdb.h>

#include "base/result.hpp"

/// Owners for the handles of DuckDB's C interface. Private to this library: no other header may
/// include this one.
namespace sluice::store {

/// Owns one handle of type `Handle`, given back with `destroy`.
template <class Handle, auto destroy>
class DuckHandle {
public:
  DuckHandle() = default;
  explicit DuckHandle(Handle handle) : handle_{handle} {}
  DuckHandle(const DuckHandle&) = delete;
  auto operator=(const DuckHandle&) -> DuckHandle& = delete;
  DuckHandle(DuckHandle&& other) noexcept : handle_{std::exchange(other.handle_, Handle{})} {}
  auto operator=(DuckHandle&& other) noexcept -> DuckHandle& {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~DuckHandle() {
    if (handle_ != nullptr) {
      destroy(&handle_);
    }
  }

  [[nodiscard]] auto get() const noexcept -> Handle { return handle_; }
  /// For calls that fill the handle in.
  [[nodiscard]] auto out() noexcept -> Handle* { return &handle_; }

private:
  Handle handle_ = nullptr;
};

using DuckDatabase = DuckHandle<duckdb_database, duckdb_close>;
using DuckConnection = DuckHandle<duckdb_connection, duckdb_disconnect>;
using DuckConfig = DuckHandle<duckdb_config, duckdb_destroy_config>;
using DuckStatement = DuckHandle<duckdb_prepared_statement, duckdb_destroy_prepare>;
using DuckPending = DuckHandle<duckdb_pending_result, duckdb_destroy_pending>;
using DuckAppender = DuckHandle<duckdb_appender, duckdb_appender_destroy>;
using DuckChunk = DuckHandle<duckdb_data_chunk, duckdb_destroy_data_chunk>;
using DuckType = DuckHandle<duckdb_logical_type, duckdb_destroy_logical_type>;
using DuckValue = DuckHandle<duckdb_value, duckdb_destroy_value>;
using DuckFunction = DuckHandle<duckdb_scalar_function, duckdb_destroy_scalar_function>;
using DuckFunctionSet = DuckHandle<duckdb_scalar_function_set, duckdb_destroy_scalar_function_set>;

/// A result; DuckDB wants it destroyed even when the call that made it failed.
class DuckResult {
public:
  DuckResult() = default;
  DuckResult(const DuckResult&) = delete;
  auto operator=(const DuckResult&) -> DuckResult& = delete;
  ~DuckResult() { duckdb_destroy_result(&result_); }

  [[nodiscard]] auto out() noexcept -> duckdb_result* { return &result_; }
  /// The next chunk; a null handle after the last one or on an error.
  [[nodiscard]] auto fetch() -> DuckChunk { return DuckChunk{duckdb_fetch_chunk(result_)}; }

private:
  duckdb_result result_{};
};

/// What DuckDB's error `message` means for the caller of ours. `type` as DuckDB classified it.
[[nodiscard]] auto to_error(duckdb_error_type type, std::string_view message) -> Error;
/// What a function of ours tells DuckDB, which takes a text alone, when what is stored is damaged.
/// `to_error` makes `error` of it again.
[[nodiscard]] auto damage_text(const Error& error) -> std::string;

/// Runs statements whose rows nobody wants.
/// Errors: as `to_error`.
[[nodiscard]] auto execute(duckdb_connection connection, const std::string& sql) -> Result<>;

/// Prepares one statement with the values bound to `$1`, `$2`, ...
/// Errors: as `to_error`.
[[nodiscard]] auto prepare(duckdb_connection connection,
                           const std::string& sql,
                           const std::vector<DuckValue>& values) -> Result<DuckStatement>;

/// Runs one statement with the values bound to `$1`, `$2`, ... and gives the first column of its
/// rows, a VARCHAR, null as "". For small results.
/// Errors: as `to_error`.
[[nodiscard]] auto query_texts(duckdb_connection connection,
                               const std::string& sql,
                               const std::vector<DuckValue>& values)
    -> Result<std::vector<std::string>>;

/// The same of those rows alone whose text is among `sought`, for results of any size. A condition
/// `IN (SELECT unnest(...))` would have DuckDB join, for which it takes 16 MiB however few there
/// are (observed, 1.4). Errors: as `to_error`.
[[nodiscard]] auto query_texts_among(duckdb_connection connection,
                                     const std::string& sql,
                                     const std::vector<DuckValue>& values,
                                     const std::unordered_set<std::string_view>& sought)
    -> Result<std::vector<std::string>>;

/// Parameters; the texts are UTF-8.
[[nodiscard]] auto text_value(std::string_view text) -> DuckValue;
[[nodiscard]] auto list_value(const std::vector<std::string>& texts) -> DuckValue;
template <std::same_as<DuckValue>... Values>
[[nodiscard]] auto parameters(Values... given) -> std::vector<DuckValue> {
  std::vector<DuckValue> values;
  (values.push_back(std::move(given)), ...);
  return values;
}

/// The text at `row` of a VARCHAR vector; valid as long as its chunk.
[[nodiscard]] auto text_at(duckdb_vector vector, idx_t row) noexcept -> std::string_view;
[[nodiscard]] auto is_null_at(duckdb_vector vector, idx_t row) noexcept -> bool;

} // namespace sluice::store
