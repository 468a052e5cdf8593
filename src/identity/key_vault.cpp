// SPDX-License-Identifier: Apache-2.0
#include "identity/key_vault.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "base/json_text.hpp"
#include "identity/vault_certificate.hpp"
#include "identity/vault_challenge.hpp"
#include "identity/vault_reply.hpp"

namespace sluice::identity {
namespace {

constexpr auto api_query = "api-version=7.4";
constexpr std::size_t max_reply_bytes = 256 * 1024;

auto is_object_name(std::string_view name) -> bool {
  return !name.empty() && name.size() <= 127 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

auto no_name() -> Error {
  return Error{ErrorKind::invalid_input, "this is no name in a key vault"}.with_hint(
      "such a name is up to 127 letters, digits and hyphens");
}

} // namespace

KeyVault::KeyVault(http::HttpClient& client, Clock& clock, Options options, SignInFor sign_in)
    : client_{client},
      clock_{clock},
      options_{std::move(options)},
      sign_in_{std::move(sign_in)} {}

auto KeyVault::secret(std::string_view name, const std::stop_token& stop) -> Result<VaultSecret> {
  if (!is_object_name(name)) {
    return no_name();
  }
  return secret_at(fmt::format("/secrets/{}", name), stop);
}

auto KeyVault::secret_at(const std::string& path, const std::stop_token& stop)
    -> Result<VaultSecret> {
  TRY(auto response, read(path, stop));
  auto secret = read_vault_secret(response.body);
  explicit_bzero(response.body.data(), response.body.size());
  return secret;
}

auto KeyVault::certificate(std::string_view name, const std::stop_token& stop)
    -> Result<VaultSecret> {
  if (!is_object_name(name)) {
    return no_name();
  }
  TRY(const auto response, read(fmt::format("/certificates/{}", name), stop));
  const auto check = [&]() -> Result<std::string> {
    TRY(const auto told, read_vault_certificate(response.body));
    TRY_DO(check_vault_certificate(told));
    return path_of_secret(told, name, options_.vault);
  };
  const auto doing = fmt::format("looking at the certificate {} of the key vault", name);
  TRY(const auto path, check().while_doing(doing));
  TRY(auto secret, secret_at(path, stop));
  TRY_DO(check_same_certificate(*read_vault_certificate(response.body), secret.value)
             .while_doing(doing));
  return secret;
}

auto KeyVault::read(const std::string& path, const std::stop_token& stop)
    -> Result<http::Response> {
  TRY(const auto url, options_.vault.with_target(path, api_query));
  return ask_patiently(url, stop).while_doing(
      fmt::format("reading {} of {}", path.substr(1), options_.vault.origin().host));
}

auto KeyVault::ask_patiently(const http::Url& url, const std::stop_token& stop)
    -> Result<http::Response> {
  http::RetryPolicy policy{options_.retry, static_cast<std::uint64_t>(clock_.steady().count())};
  for (int retry = 1;; ++retry) {
    auto response = ask(url, stop);
    if (response) {
      return response;
    }
    const auto wait = policy.wait_before(retry, response.error());
    if (!wait) {
      return response;
    }
    if (!clock_.wait(*wait, stop)) {
      return Error{ErrorKind::cancelled, "waiting to ask the key vault again"};
    }
  }
}

auto KeyVault::send(const http::Url& url,
                    std::optional<http::Bearer> bearer,
                    const std::stop_token& stop) -> Result<http::Response> {
  return client_.send({.url = url,
                       .headers = {{"Accept", "application/json"}},
                       .body = {},
                       .bearer = std::move(bearer),
                       .max_body_bytes = max_reply_bytes},
                      stop);
}

auto KeyVault::ask(const http::Url& url, const std::stop_token& stop) -> Result<http::Response> {
  const std::lock_guard lock{mutex_};
  if (!tokens_) {
    TRY(const auto challenged, send(url, std::nullopt, stop));
    if (challenged.head.status != 401) {
      return vault_error(challenged, clock_.now());
    }
    TRY_DO(answer(challenged));
  }
  for (bool is_first = true;; is_first = false) {
    TRY(const auto token, tokens_->token(stop));
    TRY(auto response, send(url, token, stop));
    if (response.head.status == 200) {
      return response;
    }
    if (response.head.status != 401 || !is_first) {
      return vault_error(response, clock_.now());
    }
    tokens_->invalidate(token);
  }
}

auto KeyVault::answer(const http::Response& challenged) -> Result<> {
  const auto header = challenged.head.headers.find("WWW-Authenticate").value_or("");
  TRY(const auto challenge, read_vault_challenge(header));
  TRY_DO(check_vault_domain(challenge, options_.vault));
  if (!options_.tenant.empty() && !http::equal_ignoring_case(options_.tenant, challenge.tenant)) {
    return Error{ErrorKind::invalid_input,
                 fmt::format("the key vault belongs to tenant {}, but we sign in to {}",
                             escape_control(challenge.tenant),
                             options_.tenant)}
        .with_hint("set the tenant of the key vault's credential");
  }
  TRY(auto issuer, sign_in_(challenge.resource));
  tokens_ = std::make_unique<CachedTokenSource>(std::move(issuer), options_.vault.origin(), clock_);
  return {};
}

} // namespace sluice::identity
