// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>

#include "azure/storage_resource.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "http/client.hpp"
#include "kusto/ingestion.hpp"
#include "kusto/ingestion_resources.hpp"

namespace sluice::kusto {

/// Ingests by a cluster's queues: a blob in a container that the cluster lends, a message that
/// names it, and then a look at what became of it until that is decided.
///
/// The message asks for rows of a tag to be stored only where none of that tag are, so that a
/// repetition, for whatever reason, changes nothing.
///
/// Threads: one at a time.
class QueuedIngestion {
public:
  struct Options {
    std::string database = {};
    /// From the message to a decision; past it the rows are sent again.
    std::chrono::seconds patience{std::chrono::minutes{30}};
    /// Between two looks at the status: an eighth of the time since the message, within these.
    std::chrono::milliseconds first_look{100};
    std::chrono::milliseconds longest_look{std::chrono::seconds{10}};
    /// For one request to storage.
    azure::StorageResource::Options storage{.retry = {.first_wait = std::chrono::milliseconds{500},
                                                      .longest_wait = std::chrono::seconds{10},
                                                      .most_retries = 2}};
  };

  /// `lending`, `client` and `clock` must outlive the object.
  QueuedIngestion(IngestionLending& lending,
                  http::HttpClient& client,
                  Clock& clock,
                  Options options);

  /// Returns when the rows are in their table. Storage that refuses is asked for anew, and another
  /// of what was lent is tried.
  /// Errors: the cluster's, with its code, see `remedy_for`; unavailable when nothing was decided
  /// in time; those of `IngestionLending` and of storage; cancelled.
  [[nodiscard]] auto ingest(const Rows& rows, const std::stop_token& stop) -> Result<Ingested>;

private:
  struct Ticket; ///< One message and where its status is told.
  [[nodiscard]] auto hand_in(const Rows& rows,
                             const std::string& compressed,
                             const IngestionResources& lent,
                             const std::stop_token& stop) -> Result<Ticket>;
  [[nodiscard]] auto follow(const Ticket& ticket, const std::stop_token& stop) -> Result<Ingested>;

  IngestionLending& lending_;
  http::HttpClient& client_;
  Clock& clock_;
  const Options options_;
  /// Counts up, so that each attempt takes another container and queue.
  std::size_t turn_ = 0;
};

} // namespace sluice::kusto
