// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/date_time.hpp"
#include "base/secret.hpp"
#include "kusto/ingestion.hpp"

namespace sluice::kusto {

/// A blob that the cluster is to ingest.
struct StagedBlob {
  std::string id;   ///< Names this attempt.
  Secret address;   ///< With what the cluster reads it by.
  std::string name; ///< In its container.
};

/// The message that a cluster's queue takes (documented). With `status_table`, the address of a
/// status table, what becomes of it is told there; else by the queues that tell.
[[nodiscard]] auto queue_message(const Rows& rows,
                                 const std::string& database,
                                 const StagedBlob& blob,
                                 const std::optional<Secret>& status_table,
                                 const Secret& identity,
                                 DateTime now) -> Secret;

/// The body of a request that hands a blob in over REST (documented), tracked.
[[nodiscard]] auto rest_message(const Rows& rows, const StagedBlob& blob, DateTime now) -> Secret;

} // namespace sluice::kusto
