// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "http/retry_policy.hpp"
#include "kusto/cluster.hpp"
#include "kusto/ingestion.hpp"
#include "kusto/queued_ingestion.hpp"

namespace sluice::kusto {

/// Brings rows into a table of a cluster: by its queues, or streaming where that is wanted and
/// possible.
///
/// Queued, rows of one tag are in their table once, whatever is repeated. Streaming is faster and
/// promises less: when the answer to a request that the cluster carried out is lost, the rows are
/// sent again and stand there twice, and who reads them has to leave one out.
///
/// Threads: any.
class Ingestor {
public:
  struct Options {
    QueuedIngestion::Options queued = {};
    bool streaming = false;
    /// Larger pieces go by the queues; counted before compression, as the service does
    /// (documented).
    std::size_t max_streamed_bytes = std::size_t{4} * 1024 * 1024;
    /// For passing failures of one request.
    http::RetryPolicy::Options retry{.first_wait = std::chrono::seconds{1},
                                     .longest_wait = std::chrono::seconds{4},
                                     .most_retries = 2};
    /// How long a table goes by the queues after the cluster refused to stream into it.
    std::chrono::seconds off_pause{std::chrono::minutes{15}};
    /// And after it was too busy.
    std::chrono::seconds busy_pause{10};
  };

  /// `engine` is the cluster, `management` its data management service; all must outlive it.
  Ingestor(Cluster& engine,
           Cluster& management,
           http::HttpClient& client,
           Clock& clock,
           Options options);

  /// Returns when the rows are in their table. Sending rows of the same tag again is what to do
  /// after every failure that passes.
  /// Errors: those of the cluster, see `remedy_for`.
  [[nodiscard]] auto ingest(const Rows& rows, const std::stop_token& stop) -> Result<Ingested>;

private:
  [[nodiscard]] auto may_stream(const Rows& rows) -> bool;
  void pause(const std::string& table, std::chrono::seconds time);
  /// False when the rows have to go by the queues.
  [[nodiscard]] auto try_stream(const Rows& rows, const std::stop_token& stop) -> Result<bool>;

  Cluster& engine_;
  Clock& clock_;
  const Options options_;
  IngestionLending lending_;
  QueuedIngestion queued_;
  std::mutex mutex_;
  /// By table: until when it goes by the queues, by the steady clock.
  std::map<std::string, std::chrono::nanoseconds> paused_;
};

/// The address of a cluster's data management service: `ingest-` before its host (documented), or
/// `url` itself on this machine, where one address serves both.
/// Errors: invalid_input when `url` is none.
[[nodiscard]] auto management_address(std::string_view url) -> Result<std::string>;

} // namespace sluice::kusto
