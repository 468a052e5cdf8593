// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "http/client.hpp"
#include "identity/client_credential.hpp"
#include "identity/environment.hpp"
#include "identity/token_issuer.hpp"

namespace sluice::identity {

/// How to sign in to Azure, whatever the token is for.
struct SignIn {
  enum class Way : std::uint8_t {
    automatic, ///< The first of the three last that is there, in the order of `automatic_order`.
    client_secret,
    client_certificate,
    workload_identity,
    managed_identity,
    azure_cli,
  };

  Way way = Way::automatic;
  std::string tenant;    ///< GUID or domain; a managed identity needs none.
  std::string client_id; ///< The application, or a user-assigned managed identity.
  http::Url login;       ///< Where Entra issues tokens.
  Secret secret;         ///< The application's password, or its certificate with key.
  Secret password;       ///< Of a PFX.
  AssertionForm form = AssertionForm::ps256;
};

/// The order of `automatic`: workload identity, because on Kubernetes the node's managed identity
/// answers too and is the wrong one; then managed identity; then the person who ran `az login`.
[[nodiscard]] auto automatic_order() -> const std::vector<SignIn::Way>&;

/// `"managed_identity"`, as the configuration calls it.
[[nodiscard]] auto name_of(SignIn::Way way) -> std::string_view;

/// Makes what signs in that way for `audience`, such as `https://storage.azure.com`. `client` and
/// `clock` must outlive it. Nothing is asked yet.
/// Errors: invalid_input when something that the way needs is missing or wrong.
[[nodiscard]] auto make_issuer(const SignIn& sign_in,
                               std::string_view audience,
                               http::HttpClient& client,
                               Clock& clock,
                               const Environment& environment)
    -> Result<std::unique_ptr<TokenIssuer>>;

/// Asks one issuer after the other until one is there, and from then on only that one.
///
/// Threads: any.
class CredentialChain final : public TokenIssuer {
public:
  struct Link {
    std::string name;
    std::unique_ptr<TokenIssuer> issuer;
  };
  explicit CredentialChain(std::vector<Link> links) : links_{std::move(links)} {}

  /// A link that is not there says `no_managed_identity` or `no_azure_cli`; any other error is
  /// told, because a credential that is there and refused must be mended.
  [[nodiscard]] auto issue(const std::stop_token& stop) -> Result<IssuedToken> override;
  [[nodiscard]] auto used() const -> std::string override;

private:
  const std::vector<Link> links_;
  mutable std::mutex mutex_;
  std::size_t first_ = 0;
  std::string used_;
};

} // namespace sluice::identity
