// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "app/azure_access.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "http/client.hpp"
#include "kusto/cluster.hpp"
#include "kusto/ingestor.hpp"

namespace sluice::app {

/// The database of Azure Data Explorer that a configuration names.
///
/// Threads: one at a time.
class AdxConnection {
public:
  /// Nobody is asked yet. What is passed in must outlive it.
  /// Errors: invalid_input when an address or the credential is wrong.
  [[nodiscard]] static auto
  create(const config::Adx& adx, AzureAccess& azure, http::HttpClient& client, Clock& clock)
      -> Result<std::unique_ptr<AdxConnection>>;

  [[nodiscard]] auto engine() -> kusto::Cluster& { return engine_; }
  [[nodiscard]] auto management() -> kusto::Cluster& { return management_; }
  [[nodiscard]] auto ingestor() -> kusto::Ingestor& { return ingestor_; }
  /// Names cluster and database.
  [[nodiscard]] auto identity() const -> const std::string& { return identity_; }

private:
  AdxConnection(const config::Adx& adx,
                std::pair<kusto::Cluster, kusto::Cluster> clusters,
                std::optional<kusto::OwnStaging> staging,
                http::HttpClient& client,
                Clock& clock);

  kusto::Cluster engine_;
  kusto::Cluster management_;
  kusto::Ingestor ingestor_;
  std::string identity_;
};

} // namespace sluice::app
