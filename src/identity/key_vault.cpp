// SPDX-License-Identifier: Apache-2.0
#include "identity/key_vault.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/json_text.hpp"
#include "http/http_date.hpp"
#include "identity/vault_challenge.hpp"

namespace sluice::identity {
namespace {

constexpr auto api_query = "api-version=7.4";
constexpr std::size_t max_reply_bytes = 256 * 1024;
constexpr std::size_t max_sentence_bytes = 300;

auto is_secret_name(std::string_view name) -> bool {
  return !name.empty() && name.size() <= 127 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

struct Refusal {
  std::string code;
  std::string sentence;
};

auto read_refusal(std::string_view body) -> Refusal {
  simdjson::dom::parser parser;
  simdjson::dom::object error;
  std::string_view code;
  std::string_view sentence;
  if (parser.parse(body.data(), body.size())["error"].get(error) != simdjson::SUCCESS ||
      error["code"].get(code) != simdjson::SUCCESS ||
      error["message"].get(sentence) != simdjson::SUCCESS) {
    return {};
  }
  const auto line =
      sentence.substr(0, std::min(sentence.find_first_of("\r\n"), max_sentence_bytes));
  return {escape_control(code.substr(0, 64)), escape_control(line)};
}

struct StatusRow {
  int status;
  ErrorKind kind;
  std::string_view hint;
};

constexpr std::array status_rows{
    StatusRow{401,
              ErrorKind::unauthorized,
              "the vault does not accept the token: it has ended, or is of another tenant"},
    StatusRow{403,
              ErrorKind::forbidden,
              "give the identity the role Key Vault Secrets User, and let this network through the "
              "vault's firewall"},
    StatusRow{404, ErrorKind::invalid_input, "check the name of the secret and the vault"},
    StatusRow{429, ErrorKind::throttled, ""}};

auto vault_error(const http::Response& response, DateTime now) -> Error {
  const auto status = response.head.status;
  const auto said = read_refusal(response.body);
  const auto* row = std::ranges::find(status_rows, status, &StatusRow::status);
  const bool known = row != status_rows.end();
  const auto kind = known           ? row->kind
                    : status >= 500 ? ErrorKind::unavailable
                    : status >= 400 ? ErrorKind::invalid_input
                                    : ErrorKind::malformed;
  auto error = Error{kind,
                     fmt::format("the key vault answered HTTP {}{}{}",
                                 status,
                                 said.sentence.empty() ? "" : ": ",
                                 said.sentence)}
                   .with_code(said.code)
                   .with_hint(known ? std::string{row->hint} : std::string{});
  const auto wait = http::retry_after(response.head.headers, now);
  return wait ? std::move(error).with_retry_after(*wait) : error;
}

auto read_secret(std::string_view body) -> Result<VaultSecret> {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  std::string_view value;
  if (parser.parse(body.data(), body.size()).get(object) != simdjson::SUCCESS ||
      object["value"].get(value) != simdjson::SUCCESS) {
    return Error{ErrorKind::malformed, "the key vault gave no value"};
  }
  VaultSecret secret{.value = Secret{std::string{value}}, .content_type = {}, .expires = {}};
  std::string_view type;
  if (object["contentType"].get(type) == simdjson::SUCCESS) {
    secret.content_type = type;
  }
  std::int64_t end = 0;
  if (object["attributes"]["exp"].get(end) == simdjson::SUCCESS && end > 0 &&
      end < 253'402'300'800) {
    secret.expires = DateTime{Ticks{DateTime::unix_epoch_ticks}} + std::chrono::seconds{end};
  }
  return secret;
}

} // namespace

KeyVault::KeyVault(http::HttpClient& client, Clock& clock, Options options, SignInFor sign_in)
    : client_{client},
      clock_{clock},
      options_{std::move(options)},
      sign_in_{std::move(sign_in)} {}

auto KeyVault::secret(std::string_view name, const std::stop_token& stop) -> Result<VaultSecret> {
  if (!is_secret_name(name)) {
    return Error{ErrorKind::invalid_input, "this is not the name of a secret in a key vault"}
        .with_hint("such a name is up to 127 letters, digits and hyphens");
  }
  TRY(const auto url, options_.vault.with_target(fmt::format("/secrets/{}", name), api_query));
  auto response = ask_patiently(url, stop);
  if (!response) {
    return std::move(response).error().while_doing(
        fmt::format("reading the secret {} of {}", name, options_.vault.origin().host));
  }
  auto secret = read_secret(response->body);
  explicit_bzero(response->body.data(), response->body.size());
  return secret;
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
