// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "azure/authorization.hpp"
#include "azure/blob_container.hpp"
#include "azure/storage_account.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "config/config.hpp"
#include "http/client.hpp"
#include "identity/cached_token_source.hpp"
#include "identity/cloud.hpp"
#include "identity/endings.hpp"
#include "identity/environment.hpp"
#include "identity/key_vault.hpp"
#include "identity/renewed.hpp"
#include "identity/secret_reference.hpp"
#include "identity/sign_in.hpp"
#include "kusto/own_staging.hpp"
#include "ledger/azure_ledger.hpp"

namespace sluice::app {

/// What tokens for storage are asked for, in all clouds (documented).
inline constexpr auto storage_audience = "https://storage.azure.com";

/// The hosts of a tenant's cloud.
[[nodiscard]] auto cloud_of(const config::Tenant& tenant) -> Result<identity::Cloud>;

/// How a configuration's secrets are read and how its Azure services are signed in to.
///
/// Use:     `create` once, before everything that needs a secret; it must outlive what it gives.
/// Threads: one at a time; what it gives says for itself.
class AzureAccess {
public:
  /// Nobody is asked yet. `client` and `clock` must outlive it.
  /// Errors: invalid_input when the credential of `azure` is wrong.
  [[nodiscard]] static auto create(const config::Config& config,
                                   http::HttpClient& client,
                                   Clock& clock) -> Result<std::unique_ptr<AzureAccess>>;

  /// Makes what signs in with a credential for `audience`; its secrets are read now, and anew when
  /// they may have been renewed.
  /// Errors: those of reading them; invalid_input when something is missing.
  [[nodiscard]] auto issuer(const config::Credential& credential,
                            std::string_view tenant,
                            const http::Url& login,
                            std::string_view audience)
      -> Result<std::unique_ptr<identity::TokenIssuer>>;
  /// Makes what signs in as `azure` says, for `audience`.
  [[nodiscard]] auto issuer(std::string_view audience)
      -> Result<std::unique_ptr<identity::TokenIssuer>>;
  /// Tokens as `azure` says, for `audience`, that go to `origin` alone. It is ours.
  [[nodiscard]] auto tokens(std::string_view audience, const http::Origin& origin)
      -> Result<identity::CachedTokenSource*>;
  /// Tokens for a cluster of Azure Data Explorer that go to `origin` alone. They are ours; null for
  /// a cluster on this machine over plain http, which asks for none.
  [[nodiscard]] auto cluster_tokens(const config::Adx& adx, const http::Origin& origin)
      -> Result<identity::CachedTokenSource*>;
  /// What is known by now to end some day, of all that was read to sign in.
  [[nodiscard]] auto endings() const -> const identity::Endings& { return endings_; }
  /// The container of an archive.
  [[nodiscard]] auto container(const config::BlobArchive& archive) -> Result<azure::BlobContainer>;
  /// The container that a cluster reads from; nothing where the cluster lends its own.
  [[nodiscard]] auto staging(const config::Staging& staging)
      -> Result<std::optional<kusto::OwnStaging>>;
  [[nodiscard]] auto staging_container(const config::Staging& staging)
      -> Result<azure::BlobContainer>;
  /// The tables of a ledger.
  [[nodiscard]] auto tables(const config::TableLedger& ledger) -> Result<ledger::AzureLedgerPlace>;

private:
  /// A secret by reference, from the key vault too.
  [[nodiscard]] auto renewed(const std::string& reference)
      -> Result<std::shared_ptr<identity::RenewedSecret>>;
  /// A credential with its secrets, as `secrets` reads them at any time.
  [[nodiscard]] auto renewed(const identity::SecretReader& secrets,
                             const config::Credential& credential,
                             std::string_view tenant,
                             const http::Url& login)
      -> Result<std::shared_ptr<identity::Renewed<identity::SignIn>>>;
  [[nodiscard]] auto issuer(std::shared_ptr<identity::Renewed<identity::SignIn>> sign_in,
                            std::string_view audience)
      -> Result<std::unique_ptr<identity::TokenIssuer>>;
  /// How to prove who we are to the part of an account at `origin`.
  [[nodiscard]] auto proof(const azure::StorageAccount& account,
                           const std::string& key_reference,
                           const std::string& signature_reference,
                           const http::Origin& origin)
      -> Result<std::shared_ptr<azure::Authorization>>;

  AzureAccess(const config::Azure& azure, http::HttpClient& client, Clock& clock, http::Url login);

  const std::string cloud_;
  const std::string tenant_;
  http::HttpClient& client_;
  Clock& clock_;
  const http::Url login_;
  const identity::Environment environment_;
  identity::Endings endings_;
  /// Knows no vault: what opens one cannot be in it.
  const identity::SecretReader own_secrets_;
  std::shared_ptr<identity::Renewed<identity::SignIn>> own_;
  std::unique_ptr<identity::KeyVault> vault_;
  std::unique_ptr<identity::SecretReader> secrets_;
  std::vector<std::unique_ptr<identity::CachedTokenSource>> tokens_;
};

} // namespace sluice::app
