// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/date_time.hpp"
#include "base/secret.hpp"
#include "http/server.hpp"
#include "simulator/token_mint.hpp"

namespace sluice::simulator {

struct AzureServicesOptions {
  std::string tenant_id;
  std::string client_id; ///< Whom the machine's managed identity is.
  std::vector<std::string> roles;
  Secret identity_header; ///< What X-IDENTITY-HEADER must be at `/msi/token`.
  std::chrono::seconds token_lifetime{3599};
};

/// What a program finds around it in Azure: the discovery document of Entra, and the identity
/// endpoints of a virtual machine (`/metadata/identity/oauth2/token`) and of App Service
/// (`/msi/token`), all as documented.
///
/// Threads: any.
class AzureServices {
public:
  /// `mint` must outlive this.
  AzureServices(AzureServicesOptions options, TokenMint& mint)
      : options_{std::move(options)},
        mint_{mint} {}

  /// Whether the path is one of ours.
  [[nodiscard]] static auto takes(std::string_view path) -> bool;
  /// `base_url` is the address that the client called, without a path.
  [[nodiscard]] auto answer(const http::ServerRequest& request,
                            std::string_view base_url,
                            DateTime now) const -> http::ServerReply;

private:
  [[nodiscard]] auto discovery(std::string_view base_url) const -> http::ServerReply;
  [[nodiscard]] auto identity(const http::ServerRequest& request, DateTime now) const
      -> http::ServerReply;

  const AzureServicesOptions options_;
  TokenMint& mint_;
};

} // namespace sluice::simulator
