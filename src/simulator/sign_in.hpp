// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/date_time.hpp"
#include "http/server.hpp"
#include "simulator/app_registration.hpp"
#include "simulator/journal.hpp"
#include "simulator/token_mint.hpp"

namespace sluice::simulator {

struct SignInOptions {
  std::string tenant_id;
  std::string tenant_domain; ///< Names the tenant in token URLs as its id does.
  std::vector<AppRegistration> apps;
  /// Resources that tokens can be had for; the API's own address is the first.
  std::vector<std::string> resources;
  std::chrono::seconds token_lifetime{3599};
};

/// The tenant's token endpoint, version 1 (`/{tenant}/oauth2/token`: numbers as strings) and 2
/// (`/{tenant}/oauth2/v2.0/token`: numbers), for client credentials: secret or signed assertion.
///
/// Threads: any.
class SignIn {
public:
  /// `mint` and `journal` must outlive this.
  SignIn(SignInOptions options, TokenMint& mint, Journal& journal)
      : options_{std::move(options)},
        mint_{mint},
        journal_{journal} {}

  /// Whether the path is a token endpoint's.
  [[nodiscard]] static auto takes(std::string_view path) -> bool;
  /// `base_url` is the address that the client called, without a path: assertions name it.
  [[nodiscard]] auto answer(const http::ServerRequest& request,
                            std::string_view base_url,
                            DateTime now) const -> http::ServerReply;
  /// AADSTS90033, which passes.
  [[nodiscard]] auto unavailable(DateTime now) const -> http::ServerReply;

private:
  struct Grant;
  [[nodiscard]] auto check_tenant(std::string_view tenant) const -> Result<>;
  [[nodiscard]] auto check_resource(std::string resource,
                                    bool second_version,
                                    std::string_view base_url) const -> Result<std::string>;
  [[nodiscard]] auto grant(const http::ServerRequest& request,
                           std::string_view base_url,
                           DateTime now) const -> Result<Grant>;

  const SignInOptions options_;
  TokenMint& mint_;
  Journal& journal_;
};

} // namespace sluice::simulator
