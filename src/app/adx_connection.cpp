// SPDX-License-Identifier: Apache-2.0
#include "app/adx_connection.hpp"

#include <fmt/format.h>

namespace sluice::app {
namespace {

auto cluster_at(const std::string& address,
                const config::Adx& adx,
                AzureAccess& azure,
                http::HttpClient& client) -> Result<kusto::Cluster> {
  TRY(const auto url, http::Url::parse(address));
  TRY(auto* tokens, azure.cluster_tokens(adx, url.origin()));
  return kusto::Cluster::create(address, client, tokens, {});
}

} // namespace

AdxConnection::AdxConnection(const config::Adx& adx,
                             std::pair<kusto::Cluster, kusto::Cluster> clusters,
                             std::optional<kusto::OwnStaging> staging,
                             http::HttpClient& client,
                             Clock& clock)
    : engine_{std::move(clusters.first)},
      management_{std::move(clusters.second)},
      ingestor_{engine_,
                management_,
                client,
                clock,
                {.queued = {.database = adx.database, .staging = std::move(staging)},
                 .streaming = adx.mode == config::Adx::Mode::streaming}},
      identity_{fmt::format("{}/{}", adx.cluster, adx.database)} {}

auto AdxConnection::create(const config::Adx& adx,
                           AzureAccess& azure,
                           http::HttpClient& client,
                           Clock& clock) -> Result<std::unique_ptr<AdxConnection>> {
  TRY(auto engine, cluster_at(adx.cluster, adx, azure, client));
  TRY(const auto derived, kusto::management_address(adx.cluster));
  TRY(auto management,
      cluster_at(adx.ingestion.empty() ? derived : adx.ingestion, adx, azure, client));
  TRY(auto staging, azure.staging(adx.staging));
  return std::unique_ptr<AdxConnection>{new AdxConnection{
      adx, {std::move(engine), std::move(management)}, std::move(staging), client, clock}};
}

} // namespace sluice::app
