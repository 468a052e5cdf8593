// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "azure/queue.hpp"
#include "azure/table.hpp"
#include "base/result.hpp"
#include "kusto/cluster.hpp"
#include "kusto/ingestion.hpp"

namespace sluice::kusto {

/// Tells what became of one thing that was handed in.
///
/// Threads: one at a time.
class StatusSource {
public:
  StatusSource() = default;
  StatusSource(const StatusSource&) = delete;
  auto operator=(const StatusSource&) -> StatusSource& = delete;
  virtual ~StatusSource() = default;

  /// Nothing while it is undecided.
  /// Errors: the cluster's refusal, with its code, see `remedy_for`; unavailable when it could not
  /// be asked; cancelled.
  [[nodiscard]] virtual auto look(const std::stop_token& stop)
      -> Result<std::optional<Ingested>> = 0;
};

/// By the entity of a status table whose two keys are `id`.
[[nodiscard]] auto status_by_table(azure::Table table, std::string id)
    -> std::unique_ptr<StatusSource>;

/// By the queues that tell of successes and failures, where `id` is a message's
/// `IngestionSourceId`. All who ingest into the cluster share them: only our own message is taken
/// away, what else we meet is hidden from the others for some seconds. A success of `id` must be
/// asked for by its report level.
[[nodiscard]] auto status_by_queues(std::vector<azure::Queue> successes,
                                    std::vector<azure::Queue> failures,
                                    std::string id) -> std::unique_ptr<StatusSource>;

/// By the operation at `path` of a cluster's data management service, which must outlive it; `id`
/// is the source's.
[[nodiscard]] auto status_by_operation(Cluster& management, std::string path, std::string id)
    -> std::unique_ptr<StatusSource>;

} // namespace sluice::kusto
