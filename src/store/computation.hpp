// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "kql/value.hpp"
#include "store/duckdb_handle.hpp"
#include "store/record_decoder.hpp"

/// Private to this library: what a query computes by the code of `kql` inside DuckDB's execution.
///
/// SQL's own operators differ from the language's in nulls, overflow, division, case folding, time
/// and much else. So expressions are not translated: DuckDB calls back into the same functions that
/// the evaluator of rules uses, and both agree by construction.
namespace sluice::store {

/// One expression of a running query over some columns.
struct Computation {
  kql::Type result = kql::Type::dynamic;
  std::vector<kql::Type> arguments;
  /// Called by DuckDB's threads, several at once.
  std::function<kql::Value(std::span<const kql::Value>)> compute;
};

/// The columns that a query wants out of each record.
struct RecordColumns {
  std::vector<std::size_t> columns;
};

/// What running queries compute, by number. DuckDB's functions find it here.
///
/// Use:     one for one database, living longer than it.
/// Threads: any.
class Computations {
public:
  [[nodiscard]] auto add(Computation computation) -> std::int64_t;
  [[nodiscard]] auto add(RecordColumns columns) -> std::int64_t;
  void remove(std::int64_t number);
  /// Null when there is none: DuckDB then reports an error, never reads elsewhere.
  [[nodiscard]] auto find(std::int64_t number) const -> std::shared_ptr<const Computation>;
  [[nodiscard]] auto find_columns(std::int64_t number) const
      -> std::shared_ptr<const RecordColumns>;

private:
  mutable std::shared_mutex mutex_;
  std::int64_t next_ = 1;
  std::map<std::int64_t, std::shared_ptr<const Computation>> computations_;
  std::map<std::int64_t, std::shared_ptr<const RecordColumns>> columns_;
};

/// The SQL function that gives a type: `kql_text(number, arguments...)` and so on.
[[nodiscard]] auto function_name(kql::Type result) -> std::string_view;
/// `kql_record(number, record)` gives the columns as a list of texts.
constexpr std::string_view record_function_name = "kql_record";

/// `kql_items(number, arguments...)` gives a dynamic array as a list of texts.
constexpr std::string_view items_function_name = "kql_items";

/// `kql_unpack(packed)` gives the text of what `packed_text.hpp` describes; a text as it is, for
/// tables that an earlier release made.
constexpr std::string_view unpack_function_name = "kql_unpack";

/// Makes the functions known to the database. `computations` must outlive it.
/// Errors: invalid_input when DuckDB refuses.
[[nodiscard]] auto register_functions(duckdb_connection connection, Computations& computations)
    -> Result<>;

} // namespace sluice::store
