// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <stop_token>

#include "base/date_time.hpp"
#include "base/result.hpp"
#include "kql/schema.hpp"
#include "kql/value.hpp"

namespace sluice::store {

/// Takes a query's rows as they come, so that a result needs no room in memory.
class RowSink {
public:
  RowSink() = default;
  RowSink(const RowSink&) = delete;
  auto operator=(const RowSink&) -> RowSink& = delete;
  virtual ~RowSink() = default;

  /// Once, before the first row, for an empty result too.
  virtual auto begin(const kql::Schema& schema) -> Result<> = 0;
  /// One value for each column. They may view memory that is gone when this returns.
  virtual auto row(std::span<const kql::Value> values) -> Result<> = 0;
};

struct RunOptions {
  /// What now() is.
  DateTime now{};
  /// Further rows are not delivered, and the summary says so.
  std::uint64_t max_rows = 500'000;
  /// The query is given up after this long.
  std::chrono::nanoseconds timeout = std::chrono::minutes{4};
  /// Gives the query up at once, from any thread.
  std::stop_token stop{};
};

struct RunSummary {
  std::uint64_t rows = 0; ///< Delivered.
  bool truncated = false; ///< There were more than `max_rows`.
};

} // namespace sluice::store
