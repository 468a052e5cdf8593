// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "http/client.hpp"
#include "http/retry_policy.hpp"
#include "identity/cached_token_source.hpp"
#include "identity/token_issuer.hpp"
#include "identity/vault_reply.hpp"

namespace sluice::identity {

/// Reads secrets and certificates of one Azure Key Vault. The identity needs the role Key Vault
/// Secrets User, for certificates Key Vault Certificate User.
///
/// The vault says by a challenge for what and where to sign in. The challenge is checked against
/// the vault's own domain and our tenant before anybody signs in.
///
/// Threads: any.
class KeyVault {
public:
  /// Makes an issuer of tokens for the audience that the checked challenge names.
  using SignInFor =
      std::function<auto(std::string_view audience)->Result<std::unique_ptr<TokenIssuer>>>;

  struct Options {
    http::Url vault; ///< `https://contoso.vault.azure.net`
    /// The tenant that we sign in to; empty when the sign-in names none, as a managed identity's.
    std::string tenant;
    http::RetryPolicy::Options retry{.first_wait = std::chrono::milliseconds{500},
                                     .longest_wait = std::chrono::seconds{30},
                                     .most_retries = 5};
  };

  /// `client` and `clock` must outlive it.
  KeyVault(http::HttpClient& client, Clock& clock, Options options, SignInFor sign_in);

  /// The current version of a secret: 1 to 127 letters, digits and `-` (documented).
  /// Errors: invalid_input when there is no such secret or it is disabled; forbidden when the role
  /// is missing; untrusted for a challenge that is not the vault's to make; those of signing in;
  /// throttled, unavailable, malformed, cancelled.
  [[nodiscard]] auto secret(std::string_view name, const std::stop_token& stop)
      -> Result<VaultSecret>;
  /// The current version of a certificate, with its key: the vault's own account of the
  /// certificate, then the secret that this account names, which must hold the same certificate.
  /// Errors: as `secret`, and invalid_input when it is disabled, or its key may not be exported;
  /// untrusted when the vault's account contradicts itself or names a secret of another vault.
  [[nodiscard]] auto certificate(std::string_view name, const std::stop_token& stop)
      -> Result<VaultSecret>;

private:
  [[nodiscard]] auto secret_at(const std::string& path, const std::stop_token& stop)
      -> Result<VaultSecret>;
  [[nodiscard]] auto read(const std::string& path, const std::stop_token& stop)
      -> Result<http::Response>;
  [[nodiscard]] auto ask(const http::Url& url, const std::stop_token& stop)
      -> Result<http::Response>;
  [[nodiscard]] auto ask_patiently(const http::Url& url, const std::stop_token& stop)
      -> Result<http::Response>;
  [[nodiscard]] auto send(const http::Url& url,
                          std::optional<http::Bearer> bearer,
                          const std::stop_token& stop) -> Result<http::Response>;
  [[nodiscard]] auto answer(const http::Response& challenged) -> Result<>;

  http::HttpClient& client_;
  Clock& clock_;
  const Options options_;
  const SignInFor sign_in_;
  std::mutex mutex_; ///< One question at a time: there are few, at the start.
  std::unique_ptr<CachedTokenSource> tokens_;
};

} // namespace sluice::identity
