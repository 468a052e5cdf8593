// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "http/client.hpp"
#include "identity/environment.hpp"
#include "identity/token_issuer.hpp"

namespace sluice::identity {

/// Where a managed identity's tokens come from.
struct ManagedIdentityEndpoint {
  enum class Kind : std::uint8_t {
    imds,        ///< A virtual machine, a scale set, Kubernetes nodes.
    app_service, ///< App Service, Functions, Container Apps.
    arc,         ///< A machine outside Azure with the Connected Machine agent.
  };

  Kind kind = Kind::imds;
  http::Url url;
  Secret header; ///< App Service: the value of `X-IDENTITY-HEADER`.
};

/// Finds the endpoint by the variables that the platform sets (documented): IDENTITY_ENDPOINT with
/// IDENTITY_HEADER is App Service, with IMDS_ENDPOINT it is Azure Arc; with neither it is IMDS, at
/// AZURE_POD_IDENTITY_AUTHORITY_HOST when that is set, else at 169.254.169.254.
/// Errors: invalid_input when a variable is no URL, or names another machine over plain http.
[[nodiscard]] auto find_managed_identity(const Environment& environment)
    -> Result<ManagedIdentityEndpoint>;

/// Takes tokens of the managed identity of the machine or service that this program runs on: no
/// secret is kept anywhere.
///
/// Threads: any.
class ManagedIdentity final : public TokenIssuer {
public:
  struct Options {
    /// The user-assigned identity; empty for the system-assigned one.
    std::string client_id;
    /// The resource, such as `https://vault.azure.net`.
    std::string audience;
    /// Azure Arc: the one directory whose files prove that we may read them (documented).
    std::filesystem::path arc_directory = "/var/opt/azcmagent/tokens";
    std::chrono::milliseconds total_time{std::chrono::seconds{10}};
  };

  /// `client` and `clock` must outlive this.
  ManagedIdentity(http::HttpClient& client,
                  Clock& clock,
                  ManagedIdentityEndpoint endpoint,
                  Options options);

  /// Errors: as for `TokenSource::token`; unavailable with code `no_managed_identity` when nothing
  /// answers or the machine has no such identity.
  [[nodiscard]] auto issue(const std::stop_token& stop) -> Result<IssuedToken> override;

private:
  [[nodiscard]] auto request() const -> Result<http::Request>;
  [[nodiscard]] auto arc_proof(const http::Response& challenge) const -> Result<Secret>;

  http::HttpClient& client_;
  Clock& clock_;
  const ManagedIdentityEndpoint endpoint_;
  const Options options_;
};

} // namespace sluice::identity
