// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/clock.hpp"
#include "http/client.hpp"
#include "identity/client_credential.hpp"
#include "identity/cloud.hpp"
#include "identity/token_issuer.hpp"

namespace sluice::identity {

/// Signs an application in to Microsoft Entra with the client-credentials flow, v2 form.
///
///     CachedTokenSource tokens{
///         std::make_unique<EntraSignIn>(http, clock, cloud, application, std::move(credential)),
///         cloud.management.origin(), clock};
///
/// Threads: any.
class EntraSignIn final : public TokenIssuer {
public:
  struct Application {
    std::string tenant;    ///< GUID or a verified domain.
    std::string client_id; ///< GUID.
  };

  /// `client` and `clock` must outlive this.
  EntraSignIn(http::HttpClient& client,
              Clock& clock,
              Cloud cloud,
              Application application,
              std::unique_ptr<ClientCredential> credential);

  [[nodiscard]] auto issue(const std::stop_token& stop) -> Result<IssuedToken> override;

private:
  http::HttpClient& client_;
  Clock& clock_;
  const Cloud cloud_;
  const Application application_;
  const std::unique_ptr<ClientCredential> credential_;
};

} // namespace sluice::identity
