// SPDX-License-Identifier: Apache-2.0
#include "identity/sign_in.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "identity/azure_cli.hpp"
#include "identity/entra_sign_in.hpp"
#include "identity/managed_identity.hpp"

namespace sluice::identity {
namespace {

using Way = SignIn::Way;

/// What every way of signing in is made of.
struct Parts {
  const SignIn& sign_in;
  std::string_view audience;
  http::HttpClient& client;
  Clock& clock;
  const Environment& environment;
};

auto missing(std::string_view what) -> Error {
  return Error{ErrorKind::invalid_input, fmt::format("signing in needs {}", what)};
}

auto entra(const Parts& parts,
           http::Url login,
           EntraSignIn::Application application,
           std::unique_ptr<ClientCredential> credential) -> Result<std::unique_ptr<TokenIssuer>> {
  if (application.tenant.empty() || application.client_id.empty()) {
    return missing("a tenant and a client id");
  }
  Cloud cloud{.name = "azure",
              .management = login,
              .login = login,
              .audience = std::string{parts.audience}};
  return std::make_unique<EntraSignIn>(
      parts.client, parts.clock, std::move(cloud), std::move(application), std::move(credential));
}

auto by_application(const Parts& parts) -> Result<std::unique_ptr<TokenIssuer>> {
  const auto& given = parts.sign_in;
  std::unique_ptr<ClientCredential> credential;
  if (given.way == Way::client_secret) {
    credential = std::make_unique<ClientSecret>(given.secret);
  } else {
    TRY(credential, ClientCertificate::from_bytes(given.secret, given.password, given.form));
  }
  return entra(parts, given.login, {given.tenant, given.client_id}, std::move(credential));
}

/// What is configured wins over what the platform's webhook sets (documented names).
auto by_workload(const Parts& parts) -> Result<std::unique_ptr<TokenIssuer>> {
  const auto file = parts.environment("AZURE_FEDERATED_TOKEN_FILE");
  if (!file) {
    return missing("AZURE_FEDERATED_TOKEN_FILE, which the platform sets");
  }
  const auto or_environment = [&](const std::string& given, std::string_view variable) {
    return given.empty() ? parts.environment(variable).value_or("") : given;
  };
  auto login = parts.sign_in.login;
  if (const auto host = parts.environment("AZURE_AUTHORITY_HOST")) {
    TRY(login, http::Url::parse(*host).while_doing("AZURE_AUTHORITY_HOST"));
    if (login.origin().scheme != "https" && !login.origin().is_loopback()) {
      return missing("an AZURE_AUTHORITY_HOST with https");
    }
  }
  return entra(parts,
               std::move(login),
               {or_environment(parts.sign_in.tenant, "AZURE_TENANT_ID"),
                or_environment(parts.sign_in.client_id, "AZURE_CLIENT_ID")},
               std::make_unique<FederatedToken>(*file));
}

auto by_managed_identity(const Parts& parts) -> Result<std::unique_ptr<TokenIssuer>> {
  TRY(auto endpoint, find_managed_identity(parts.environment));
  return std::make_unique<ManagedIdentity>(
      parts.client,
      parts.clock,
      std::move(endpoint),
      ManagedIdentity::Options{.client_id = parts.sign_in.client_id,
                               .audience = std::string{parts.audience}});
}

auto by(Way way, const Parts& parts) -> Result<std::unique_ptr<TokenIssuer>> {
  switch (way) {
  case Way::workload_identity:
    return by_workload(parts);
  case Way::managed_identity:
    return by_managed_identity(parts);
  case Way::azure_cli:
    return std::make_unique<AzureCli>(
        parts.clock,
        AzureCli::Options{.audience = std::string{parts.audience}, .tenant = parts.sign_in.tenant});
  case Way::client_secret:
  case Way::client_certificate:
  case Way::automatic:
    break;
  }
  return by_application(parts);
}

auto is_absent(const Error& error) -> bool {
  return error.code() == "no_managed_identity" || error.code() == "no_azure_cli";
}

} // namespace

auto automatic_order() -> const std::vector<SignIn::Way>& {
  static const std::vector<Way> order{
      Way::workload_identity, Way::managed_identity, Way::azure_cli};
  return order;
}

auto name_of(SignIn::Way way) -> std::string_view {
  switch (way) {
  case Way::automatic:
    return "automatic";
  case Way::client_secret:
    return "client_secret";
  case Way::client_certificate:
    return "client_certificate";
  case Way::workload_identity:
    return "workload_identity";
  case Way::managed_identity:
    return "managed_identity";
  case Way::azure_cli:
    break;
  }
  return "azure_cli";
}

auto make_issuer(const SignIn& sign_in,
                 std::string_view audience,
                 http::HttpClient& client,
                 Clock& clock,
                 const Environment& environment) -> Result<std::unique_ptr<TokenIssuer>> {
  const Parts parts{sign_in, audience, client, clock, environment};
  if (sign_in.way != Way::automatic) {
    return by(sign_in.way, parts);
  }
  std::vector<CredentialChain::Link> links;
  for (const auto way : automatic_order()) {
    if (way == Way::workload_identity && !environment("AZURE_FEDERATED_TOKEN_FILE")) {
      continue;
    }
    TRY(auto issuer, by(way, parts));
    links.push_back({std::string{name_of(way)}, std::move(issuer)});
  }
  return std::make_unique<CredentialChain>(std::move(links));
}

auto CredentialChain::issue(const std::stop_token& stop) -> Result<IssuedToken> {
  std::unique_lock lock{mutex_};
  const auto first = first_;
  const bool settled = !used_.empty();
  lock.unlock();
  std::string absent;
  for (auto i = first; i < links_.size(); ++i) {
    auto token = links_[i].issuer->issue(stop);
    if (token) {
      lock.lock();
      first_ = i;
      if (used_ != links_[i].name) {
        log(LogLevel::info, "signed_in", "found a way to sign in", {{"way", links_[i].name}});
      }
      used_ = links_[i].name;
      return token;
    }
    if (settled || !is_absent(token.error())) {
      return token;
    }
    absent += fmt::format(
        "{}{}: {}", absent.empty() ? "" : "; ", links_[i].name, token.error().message());
  }
  return Error{ErrorKind::unauthorized, "there is no way to sign in: " + absent}.with_hint(
      "assign a managed identity, set up workload identity, run `az login`, or configure a "
      "credential");
}

auto CredentialChain::used() const -> std::string {
  const std::lock_guard lock{mutex_};
  return used_;
}

} // namespace sluice::identity
