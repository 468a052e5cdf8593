// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "azure/queue.hpp"
#include "azure/storage_resource.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "http/client.hpp"
#include "kusto/ingestion.hpp"
#include "kusto/ingestion_message.hpp"
#include "kusto/ingestion_resources.hpp"
#include "kusto/own_staging.hpp"
#include "kusto/status_source.hpp"

namespace sluice::kusto {

/// Ingests by a cluster's queues: a blob in a container that the cluster lends, or in one of ours;
/// a message that names it, in a queue or, where the cluster prefers that, over REST; and then a
/// look at what became of it until that is decided.
///
/// The message asks for rows of a tag to be stored only where none of that tag are, so that a
/// repetition, for whatever reason, changes nothing.
///
/// Threads: any.
class QueuedIngestion {
public:
  struct Options {
    std::string database = {};
    /// Nothing: the blobs go to containers that the cluster lends.
    std::optional<OwnStaging> staging = {};
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
  struct Ticket; ///< What was handed in, and where its status is told.
  [[nodiscard]] auto hand_in(const Rows& rows,
                             const std::string& compressed,
                             const IngestionResources& lent,
                             int attempt,
                             const std::stop_token& stop) -> Result<Ticket>;
  [[nodiscard]] auto stage(const Rows& rows,
                           const std::string& compressed,
                           const IngestionResources& lent,
                           std::size_t turn,
                           const std::stop_token& stop) -> Result<StagedBlob>;
  [[nodiscard]] auto
  hand_in_by_rest(const Rows& rows, const StagedBlob& blob, const std::stop_token& stop)
      -> Result<std::unique_ptr<StatusSource>>;
  [[nodiscard]] auto hand_in_by_queue(const Rows& rows,
                                      const StagedBlob& blob,
                                      const IngestionResources& lent,
                                      bool table_is_refused,
                                      std::size_t turn,
                                      const std::stop_token& stop)
      -> Result<std::unique_ptr<StatusSource>>;
  [[nodiscard]] auto note_in_table(const Rows& rows,
                                   const std::string& id,
                                   const Secret& table_address,
                                   const std::stop_token& stop)
      -> Result<std::unique_ptr<StatusSource>>;
  [[nodiscard]] auto follow(Ticket& ticket, const std::stop_token& stop) -> Result<Ingested>;
  [[nodiscard]] auto resource(azure::StorageService service, const Secret& address) const
      -> Result<azure::StorageResource>;
  [[nodiscard]] auto queues(const std::vector<Secret>& addresses) const
      -> Result<std::vector<azure::Queue>>;

  IngestionLending& lending_;
  http::HttpClient& client_;
  Clock& clock_;
  const Options options_;
  /// Counts up, so that each attempt takes another container and queue.
  std::atomic<std::size_t> turn_ = 0;
};

} // namespace sluice::kusto
