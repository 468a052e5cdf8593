// SPDX-License-Identifier: Apache-2.0
#include "store/query_run.hpp"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "store/sql.hpp"
#include "store/vector_value.hpp"

namespace sluice::store {
namespace {

/// Interrupts a connection's query when it is stopped or its time is up, for as long as it lives.
class Interrupter {
public:
  Interrupter(duckdb_connection connection, const RunOptions& options, Clock& clock)
      : connection_{connection},
        on_stop_{options.stop, [this] { interrupt(stopped_); }},
        timer_{[this, &clock, timeout = options.timeout](const std::stop_token& done) {
          if (clock.wait(timeout, done)) {
            interrupt(timed_out_);
          }
        }} {}

  [[nodiscard]] auto interrupted() const -> bool { return stopped_ || timed_out_; }
  /// What the query's failure means, once it has one.
  [[nodiscard]] auto explain(Error error) const -> Error {
    if (stopped_) {
      return Error{ErrorKind::cancelled, "the query was stopped"};
    }
    if (timed_out_) {
      return Error{ErrorKind::unavailable, "the query took too long"}
          .with_code("timeout")
          .with_hint("narrow it, or allow it more time");
    }
    return error;
  }

private:
  void interrupt(std::atomic<bool>& reason) {
    reason = true;
    duckdb_interrupt(connection_);
  }

  duckdb_connection connection_;
  std::atomic<bool> stopped_ = false;
  std::atomic<bool> timed_out_ = false;
  std::stop_callback<std::function<void()>> on_stop_;
  std::jthread timer_;
};

auto result_error(DuckResult& result) -> Error {
  const char* message = duckdb_result_error(result.out());
  return to_error(duckdb_result_error_type(result.out()),
                  message == nullptr ? "the query failed" : message);
}

/// Gives the chunk's rows to the sink; false when there were more than it may have.
auto deliver(duckdb_data_chunk chunk,
             const kql::Schema& schema,
             RowSink& sink,
             std::uint64_t max_rows,
             RunSummary& summary) -> Result<> {
  std::vector<duckdb_vector> vectors;
  for (idx_t i = 0; i < schema.columns.size(); ++i) {
    vectors.push_back(duckdb_data_chunk_get_vector(chunk, i));
  }
  std::vector<kql::Value> values(vectors.size());
  const auto rows = duckdb_data_chunk_get_size(chunk);
  for (idx_t row = 0; row < rows; ++row) {
    if (summary.rows == max_rows) {
      summary.truncated = true;
      return {};
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = read_value(vectors[i], row, schema.columns[i].type);
    }
    TRY_DO(sink.row(values));
    ++summary.rows;
  }
  return {};
}

} // namespace

auto run_plan(duckdb_database database,
              Computations& computations,
              const kql::Plan& plan,
              RowSink& sink,
              const RunOptions& options,
              Clock& clock) -> Result<RunSummary> {
  TRY(const auto statement, generate_sql(plan, {.now = options.now}, computations));
  DuckConnection connection;
  if (duckdb_connect(database, connection.out()) != DuckDBSuccess) {
    return Error{ErrorKind::unavailable, "the store takes no further connection"};
  }
  TRY(const auto prepared, prepare(connection.get(), statement.sql, {}));
  DuckPending pending;
  if (duckdb_pending_prepared_streaming(prepared.get(), pending.out()) != DuckDBSuccess) {
    return to_error(DUCKDB_ERROR_EXECUTOR, duckdb_pending_error(pending.get()));
  }
  // Only now: starting a query forgets an earlier interrupt.
  const Interrupter interrupter{connection.get(), options, clock};
  DuckResult result;
  if (duckdb_execute_pending(pending.get(), result.out()) != DuckDBSuccess) {
    return interrupter.explain(result_error(result));
  }
  TRY_DO(sink.begin(plan.output));
  RunSummary summary;
  while (!summary.truncated) {
    const auto chunk = result.fetch();
    if (interrupter.interrupted()) {
      return interrupter.explain(result_error(result));
    }
    if (chunk.get() == nullptr) {
      break;
    }
    TRY_DO(deliver(chunk.get(), plan.output, sink, options.max_rows, summary));
  }
  if (const char* message = duckdb_result_error(result.out());
      message != nullptr && *message != '\0') {
    return interrupter.explain(result_error(result));
  }
  return summary;
}

} // namespace sluice::store
