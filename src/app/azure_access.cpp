// SPDX-License-Identifier: Apache-2.0
#include "app/azure_access.hpp"

#include <utility>

#include <fmt/format.h>

#include "azure/renewing_authorization.hpp"
#include "azure/storage_account.hpp"
#include "identity/renewing_sign_in.hpp"

namespace sluice::app {
namespace {

auto way_of(config::Credential::Type type) -> identity::SignIn::Way {
  using Type = config::Credential::Type;
  using Way = identity::SignIn::Way;
  switch (type) {
  case Type::client_secret:
    return Way::client_secret;
  case Type::client_certificate:
    return Way::client_certificate;
  case Type::workload_identity:
    return Way::workload_identity;
  case Type::managed_identity:
    return Way::managed_identity;
  case Type::azure_cli:
    return Way::azure_cli;
  case Type::automatic:
    break;
  }
  return Way::automatic;
}

auto login_of(const config::Azure& azure) -> Result<http::Url> {
  if (!azure.login.empty()) {
    return http::Url::parse(azure.login);
  }
  TRY(auto cloud, identity::cloud_named(azure.cloud));
  return cloud.login;
}

/// `endpoint` stands for whichever service of the account is wanted.
auto account_of(std::string_view name, const std::string& endpoint, std::string_view cloud)
    -> Result<azure::StorageAccount> {
  if (!endpoint.empty()) {
    return azure::custom_storage_account(name, endpoint, endpoint, endpoint);
  }
  TRY(const auto suffix, azure::storage_suffix(cloud));
  return azure::storage_account(name, suffix);
}

/// Looks, whenever a token is made, at what we sign in with: processes work for months.
class WatchfulIssuer final : public identity::TokenIssuer {
public:
  /// `endings` and `clock` must outlive it.
  WatchfulIssuer(std::unique_ptr<identity::TokenIssuer> inner,
                 identity::Endings& endings,
                 Clock& clock)
      : inner_{std::move(inner)},
        endings_{endings},
        clock_{clock} {}

  [[nodiscard]] auto issue(const std::stop_token& stop) -> Result<identity::IssuedToken> override {
    auto token = inner_->issue(stop); // What was renewed counts already.
    endings_.look(clock_.now());
    return token;
  }
  [[nodiscard]] auto used() const -> std::string override { return inner_->used(); }

private:
  const std::unique_ptr<identity::TokenIssuer> inner_;
  identity::Endings& endings_;
  Clock& clock_;
};

/// Where somebody signs in.
struct Place {
  std::string_view tenant;
  const http::Url& login;
};

/// A credential with its secrets, as `secrets` reads them; what ends some day is noted.
auto read_sign_in(const config::Credential& credential,
                  const Place& place,
                  const identity::SecretReader& secrets,
                  identity::Endings& endings,
                  const std::stop_token& stop) -> Result<identity::SignIn> {
  identity::SignIn sign_in{.way = way_of(credential.type),
                           .tenant = std::string{place.tenant},
                           .client_id = credential.client_id,
                           .login = place.login,
                           .secret = {},
                           .password = {},
                           .form = credential.form == config::Credential::Form::rs256
                                       ? identity::AssertionForm::rs256
                                       : identity::AssertionForm::ps256};
  const bool by_certificate = sign_in.way == identity::SignIn::Way::client_certificate;
  if (by_certificate) {
    TRY(sign_in.secret, secrets.read_certificate(credential.reference, stop));
  } else if (!credential.reference.empty()) {
    TRY(sign_in.secret, secrets.read(credential.reference, stop));
  }
  if (!credential.password_reference.empty()) {
    TRY(sign_in.password, secrets.read(credential.password_reference, stop));
  }
  if (by_certificate) {
    TRY(const auto certificate,
        identity::ClientCertificate::from_bytes(sign_in.secret, sign_in.password, sign_in.form));
    endings.note(fmt::format("the certificate {} of the application {}",
                             credential.reference,
                             credential.client_id),
                 certificate->expires());
  }
  return sign_in;
}

} // namespace

auto cloud_of(const config::Tenant& tenant) -> Result<identity::Cloud> {
  return tenant.endpoints ? identity::custom_cloud(tenant.endpoints->management,
                                                   tenant.endpoints->login,
                                                   tenant.endpoints->audience)
                          : identity::cloud_named(tenant.cloud);
}

AzureAccess::AzureAccess(const config::Azure& azure,
                         http::HttpClient& client,
                         Clock& clock,
                         http::Url login)
    : cloud_{azure.cloud},
      tenant_{azure.tenant},
      client_{client},
      clock_{clock},
      login_{std::move(login)},
      environment_{identity::process_environment()},
      own_secrets_{environment_, nullptr, &endings_} {}

auto AzureAccess::create(const config::Config& config, http::HttpClient& client, Clock& clock)
    -> Result<std::unique_ptr<AzureAccess>> {
  TRY(auto login, login_of(config.azure));
  std::unique_ptr<AzureAccess> access{
      new AzureAccess{config.azure, client, clock, std::move(login)}};
  TRY(access->own_,
      access->renewed(
          access->own_secrets_, config.azure.credential, config.azure.tenant, access->login_));
  if (!config.key_vault_url.empty()) {
    TRY(auto url, http::Url::parse(config.key_vault_url));
    access->vault_ = std::make_unique<identity::KeyVault>(
        client,
        clock,
        identity::KeyVault::Options{.vault = std::move(url), .tenant = config.azure.tenant},
        [self = access.get()](std::string_view audience) { return self->issuer(audience); });
  }
  access->secrets_ = std::make_unique<identity::SecretReader>(
      access->environment_, access->vault_.get(), &access->endings_);
  return access;
}

auto AzureAccess::renewed(const std::string& reference)
    -> Result<std::shared_ptr<identity::RenewedSecret>> {
  return identity::RenewedSecret::create(
      [this, reference](const std::stop_token& stop) { return secrets_->read(reference, stop); },
      clock_);
}

auto AzureAccess::renewed(const identity::SecretReader& secrets,
                          const config::Credential& credential,
                          std::string_view tenant,
                          const http::Url& login)
    -> Result<std::shared_ptr<identity::Renewed<identity::SignIn>>> {
  return identity::Renewed<identity::SignIn>::create(
      [this, &secrets, credential, tenant = std::string{tenant}, login](
          const std::stop_token& stop) {
        return read_sign_in(credential, {tenant, login}, secrets, endings_, stop);
      },
      clock_);
}

auto AzureAccess::issuer(std::shared_ptr<identity::Renewed<identity::SignIn>> sign_in,
                         std::string_view audience)
    -> Result<std::unique_ptr<identity::TokenIssuer>> {
  TRY(auto made,
      identity::RenewingSignIn::create(
          std::move(sign_in),
          [this, audience = std::string{audience}](const identity::SignIn& current) {
            return identity::make_issuer(current, audience, client_, clock_, environment_);
          }));
  return std::make_unique<WatchfulIssuer>(std::move(made), endings_, clock_);
}

auto AzureAccess::issuer(const config::Credential& credential,
                         std::string_view tenant,
                         const http::Url& login,
                         std::string_view audience)
    -> Result<std::unique_ptr<identity::TokenIssuer>> {
  TRY(auto sign_in, renewed(*secrets_, credential, tenant, login));
  return issuer(std::move(sign_in), audience);
}

auto AzureAccess::issuer(std::string_view audience)
    -> Result<std::unique_ptr<identity::TokenIssuer>> {
  return issuer(own_, audience);
}

auto AzureAccess::tokens(std::string_view audience, const http::Origin& origin)
    -> Result<identity::CachedTokenSource*> {
  TRY(auto made, issuer(audience));
  tokens_.push_back(std::make_unique<identity::CachedTokenSource>(std::move(made), origin, clock_));
  return tokens_.back().get();
}

auto AzureAccess::cluster_tokens(const config::Adx& adx, const http::Origin& origin)
    -> Result<identity::CachedTokenSource*> {
  if (origin.scheme != "https") {
    return static_cast<identity::CachedTokenSource*>(nullptr);
  }
  TRY(const auto cluster, http::Url::parse(adx.cluster));
  const auto audience = cluster.origin().text();
  if (!adx.credential) {
    return tokens(audience, origin);
  }
  TRY(auto made, issuer(*adx.credential, tenant_, login_, audience));
  tokens_.push_back(std::make_unique<identity::CachedTokenSource>(std::move(made), origin, clock_));
  return tokens_.back().get();
}

auto AzureAccess::proof(const azure::StorageAccount& account,
                        const std::string& key_reference,
                        const std::string& signature_reference,
                        const http::Origin& origin)
    -> Result<std::shared_ptr<azure::Authorization>> {
  if (!key_reference.empty()) {
    TRY(auto key, renewed(key_reference));
    return azure::renewing_authorization(
        std::move(key),
        [name = account.name](const Secret& current) { return azure::shared_key(name, current); },
        clock_);
  }
  if (!signature_reference.empty()) {
    TRY(auto signature, renewed(signature_reference));
    return azure::renewing_authorization(
        std::move(signature),
        [](const Secret& current) { return azure::shared_access_signature(current); },
        clock_);
  }
  TRY(auto* source, tokens(storage_audience, origin));
  return azure::bearer_token(*source);
}

auto AzureAccess::container(const config::BlobArchive& archive) -> Result<azure::BlobContainer> {
  TRY(const auto account, account_of(archive.account, archive.endpoint, cloud_));
  TRY(auto url, azure::below(account.blob, archive.container));
  TRY(auto shown, proof(account, archive.key_reference, archive.signature_reference, url.origin()));
  return azure::BlobContainer{azure::StorageResource{
      client_, clock_, azure::StorageService::blob, std::move(url), std::move(shown)}};
}

auto AzureAccess::staging_container(const config::Staging& staging)
    -> Result<azure::BlobContainer> {
  return container({.account = staging.account,
                    .container = staging.container,
                    .endpoint = staging.endpoint,
                    .key_reference = staging.key_reference,
                    .signature_reference = staging.signature_reference,
                    .place = staging.place});
}

auto AzureAccess::staging(const config::Staging& staging)
    -> Result<std::optional<kusto::OwnStaging>> {
  if (staging.account.empty()) {
    return std::optional<kusto::OwnStaging>{};
  }
  TRY(auto container, staging_container(staging));
  const auto with = [&](kusto::OwnStaging::Access access) {
    return std::optional{kusto::OwnStaging{std::move(container), std::move(access)}};
  };
  if (!staging.managed_identity.empty()) {
    return with(kusto::read_by_managed_identity(staging.managed_identity));
  }
  if (!staging.signature_reference.empty()) {
    TRY(auto signature, renewed(staging.signature_reference));
    return with(kusto::read_by_signature(std::move(signature)));
  }
  TRY(auto key, renewed(staging.key_reference));
  TRY(auto account, account_of(staging.account, staging.endpoint, cloud_));
  return with(kusto::read_by_account_key(std::move(account), staging.container, std::move(key)));
}

auto AzureAccess::tables(const config::TableLedger& ledger) -> Result<ledger::AzureLedgerPlace> {
  TRY(const auto account, account_of(ledger.account, ledger.endpoint, cloud_));
  TRY(auto shown,
      proof(account, ledger.key_reference, ledger.signature_reference, account.table.origin()));
  const azure::StorageResource service{
      client_, clock_, azure::StorageService::table, account.table, std::move(shown)};
  return ledger::AzureLedgerPlace{azure::Table{service, ledger.prefix + "ledger"},
                                  azure::Table{service, ledger.prefix + "claims"}};
}

} // namespace sluice::app
