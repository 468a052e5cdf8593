// SPDX-License-Identifier: Apache-2.0
#include "store/query_run.hpp"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "store/sql.hpp"
#include "store/vector_value.hpp"

namespace sluice::store {
namespace {

/// So many wide rows are sorted at a time. Fewer would read the table more often.
constexpr std::size_t rows_at_once = 2048;

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
  std::vector<kql::Type> types;
  std::ranges::transform(schema.columns, std::back_inserter(types), &kql::Column::type);
  RowReader reader{chunk, 0, types};
  const auto rows = duckdb_data_chunk_get_size(chunk);
  for (idx_t row = 0; row < rows; ++row) {
    if (summary.rows == max_rows) {
      summary.truncated = true;
      return {};
    }
    TRY_DO(sink.row(reader.read(row)));
    ++summary.rows;
  }
  return {};
}

/// Runs statements one after another on a connection, all in one transaction, so that they see the
/// same rows.
class Run {
public:
  Run(duckdb_connection connection, const RunOptions& options, Clock& clock)
      : connection_{connection},
        interrupter_{connection, options, clock} {}

  /// Calls `take(chunk)` until it gives false or an error, or there are no more chunks.
  template <class Take>
  auto stream(const std::string& sql, const std::vector<DuckValue>& values, Take take) -> Result<> {
    TRY(const auto prepared, prepare(connection_, sql, values));
    DuckPending pending;
    if (duckdb_pending_prepared_streaming(prepared.get(), pending.out()) != DuckDBSuccess) {
      return to_error(DUCKDB_ERROR_EXECUTOR, duckdb_pending_error(pending.get()));
    }
    if (interrupter_.interrupted()) { // Starting a query forgets an earlier interrupt.
      return interrupter_.explain(Error{ErrorKind::cancelled, "the query was stopped"});
    }
    DuckResult result;
    if (duckdb_execute_pending(pending.get(), result.out()) != DuckDBSuccess) {
      return interrupter_.explain(result_error(result));
    }
    for (bool goes_on = true; goes_on;) {
      const auto chunk = result.fetch();
      if (interrupter_.interrupted()) {
        return interrupter_.explain(result_error(result));
      }
      if (chunk.get() == nullptr) {
        break;
      }
      TRY(goes_on, take(chunk.get()));
    }
    if (const char* message = duckdb_result_error(result.out());
        message != nullptr && *message != '\0') {
      return interrupter_.explain(result_error(result));
    }
    return {};
  }

private:
  duckdb_connection connection_;
  Interrupter interrupter_;
};

/// Where the rows lie that the query gives, in its order; one more than may be delivered, if there
/// are more.
auto row_ids(Run& run, const std::string& sql, std::uint64_t max_rows)
    -> Result<std::vector<std::int64_t>> {
  std::vector<std::int64_t> ids;
  const auto take = [&](duckdb_data_chunk chunk) -> Result<bool> {
    const auto* first = static_cast<const std::int64_t*>(
        duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0)));
    ids.insert(ids.end(), first, first + duckdb_data_chunk_get_size(chunk));
    return ids.size() <= max_rows;
  };
  TRY_DO(run.stream(sql, {}, take));
  return ids;
}

auto parameters_of(std::span<const std::int64_t> ids) -> std::vector<DuckValue> {
  std::vector<std::string> texts;
  for (const auto id : ids) {
    texts.push_back(fmt::format("{}", id));
  }
  const auto [least, greatest] = std::ranges::minmax(ids);
  return parameters(list_value(texts),
                    text_value(fmt::format("{}", least)),
                    text_value(fmt::format("{}", greatest)));
}

} // namespace

auto run_plan(duckdb_database database,
              Computations& computations,
              const kql::Catalog& named_tables,
              const kql::Plan& plan,
              RowSink& sink,
              const RunOptions& options,
              Clock& clock) -> Result<RunSummary> {
  const kql::EvaluationContext context{.now = options.now};
  const bool in_parts = sorts_table_rows(plan);
  TRY(const auto rows,
      generate_sql(
          plan, context, computations, named_tables, in_parts ? Part::chosen_rows : Part::all));
  DuckConnection connection;
  if (duckdb_connect(database, connection.out()) != DuckDBSuccess) {
    return Error{ErrorKind::unavailable, "the store takes no further connection"};
  }
  TRY_DO(execute(connection.get(), "BEGIN"));
  Run run{connection.get(), options, clock};
  RunSummary summary;
  const auto take = [&](duckdb_data_chunk chunk) -> Result<bool> {
    TRY_DO(deliver(chunk, plan.output, sink, options.max_rows, summary));
    return !summary.truncated;
  };
  if (!in_parts) {
    TRY_DO(sink.begin(plan.output));
    TRY_DO(run.stream(rows.sql, {}, take));
    return summary;
  }
  TRY(const auto keys, generate_sql(plan, context, computations, named_tables, Part::row_ids));
  TRY(const auto ids, row_ids(run, keys.sql, options.max_rows));
  TRY_DO(sink.begin(plan.output));
  for (std::size_t at = 0; at < ids.size() && !summary.truncated; at += rows_at_once) {
    const auto some = std::span{ids}.subspan(at, std::min(rows_at_once, ids.size() - at));
    TRY_DO(run.stream(rows.sql, parameters_of(some), take));
  }
  return summary;
}

} // namespace sluice::store
