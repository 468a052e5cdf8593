// SPDX-License-Identifier: Apache-2.0
#include "identity/vault_reply.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/json_text.hpp"
#include "http/http_date.hpp"
#include "identity/base64url.hpp"

namespace sluice::identity {
namespace {

constexpr std::size_t max_sentence_bytes = 300;
constexpr std::int64_t end_of_time = 253'402'300'800; // The year 10000.

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
              "the vault does not accept the token: it has ended, or is for another tenant or "
              "service; check azure.tenant and azure.cloud"},
    StatusRow{403,
              ErrorKind::forbidden,
              "give the identity the role Key Vault Secrets User, for a certificate Key Vault "
              "Certificate User, and let this network through the vault's firewall"},
    StatusRow{404, ErrorKind::invalid_input, "check the name of what is read, and the vault"},
    StatusRow{429, ErrorKind::throttled, ""}};

} // namespace

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

auto read_vault_secret(std::string_view body) -> Result<VaultSecret> {
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
  if (object["attributes"]["exp"].get(end) == simdjson::SUCCESS && end > 0 && end < end_of_time) {
    secret.expires = DateTime{Ticks{DateTime::unix_epoch_ticks}} + std::chrono::seconds{end};
  }
  return secret;
}

auto read_vault_certificate(std::string_view body) -> Result<VaultCertificate> {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  std::string_view der;
  std::string_view thumbprint;
  std::string_view address;
  if (parser.parse(body.data(), body.size()).get(object) != simdjson::SUCCESS ||
      object["cer"].get(der) != simdjson::SUCCESS ||
      object["x5t"].get(thumbprint) != simdjson::SUCCESS ||
      object["sid"].get(address) != simdjson::SUCCESS) {
    return Error{ErrorKind::malformed, "the key vault gave no certificate"};
  }
  auto bytes = base64_decoded(der);
  auto digest = base64url_decoded(thumbprint);
  if (!bytes || !digest) {
    return Error{ErrorKind::malformed, "the key vault's certificate cannot be read"};
  }
  VaultCertificate certificate{.der = *std::move(bytes),
                               .thumbprint = *std::move(digest),
                               .secret_address = std::string{address}};
  bool enabled = true;
  if (object["attributes"]["enabled"].get(enabled) == simdjson::SUCCESS) {
    certificate.is_enabled = enabled;
  }
  return certificate;
}

} // namespace sluice::identity
