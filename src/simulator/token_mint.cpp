// SPDX-License-Identifier: Apache-2.0
#include "simulator/token_mint.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <simdjson.h>

#include "base/json_text.hpp"
#include "simulator/base64_url.hpp"

namespace sluice::simulator {
namespace {

// A token is valid from five minutes before it was issued (documented sample).
constexpr std::int64_t head_start_seconds = 300;

auto unix_seconds(DateTime time) -> std::int64_t {
  return std::chrono::duration_cast<std::chrono::seconds>(time.to_unix_ticks()).count();
}

auto payload_of(const TokenClaims& claims, std::uint64_t serial) -> std::string {
  std::string roles;
  for (const auto& role : claims.roles) {
    roles += fmt::format("{}{}", roles.empty() ? "" : ",", json_quoted(role));
  }
  // Real tokens are 1.2 to 2 KB; `rh` and `uti` are opaque there too.
  const auto opaque = to_base64_url(std::string(400, 's'));
  return fmt::format(
      R"({{"aud":{},"iss":"https://sts.windows.net/{}/","iat":{},"nbf":{},"exp":{},"aio":"{}",)"
      R"("appid":{},"appidacr":"{}","idp":"https://sts.windows.net/{}/","oid":{},"rh":"{}",)"
      R"({}"sub":{},"tid":{},"uti":"{}","ver":"1.0"}})",
      json_quoted(claims.audience),
      claims.tenant_id,
      unix_seconds(claims.issued),
      unix_seconds(claims.issued) - head_start_seconds,
      unix_seconds(claims.expires),
      opaque.substr(0, 120),
      json_quoted(claims.client_id),
      claims.by_certificate ? 2 : 1,
      claims.tenant_id,
      json_quoted(claims.client_id),
      opaque,
      roles.empty() ? "" : fmt::format(R"("roles":[{}],)", roles),
      json_quoted(claims.client_id),
      json_quoted(claims.tenant_id),
      serial);
}

auto text_at(const simdjson::dom::element& object, std::string_view key) -> std::string {
  std::string_view value;
  return object[key].get(value) == simdjson::SUCCESS ? std::string{value} : std::string{};
}

auto time_at(const simdjson::dom::element& object, std::string_view key) -> DateTime {
  std::int64_t value = 0;
  const bool present = object[key].get(value) == simdjson::SUCCESS;
  return present ? DateTime::from_unix(std::chrono::seconds{value}) : DateTime{};
}

auto claims_of(std::string_view payload) -> Result<TokenClaims> {
  simdjson::dom::parser parser;
  simdjson::dom::element object;
  const auto json = from_base64_url(payload);
  if (!json || parser.parse(*json).get(object) != simdjson::SUCCESS) {
    return Error{ErrorKind::unauthorized, "the token's claims are not JSON"};
  }
  auto claims = TokenClaims{.audience = text_at(object, "aud"),
                            .tenant_id = text_at(object, "tid"),
                            .client_id = text_at(object, "appid"),
                            .roles = {},
                            .by_certificate = text_at(object, "appidacr") == "2",
                            .issued = time_at(object, "iat"),
                            .expires = time_at(object, "exp")};
  simdjson::dom::array roles;
  if (object["roles"].get(roles) == simdjson::SUCCESS) {
    for (const auto role : roles) {
      std::string_view text;
      if (role.get(text) == simdjson::SUCCESS) {
        claims.roles.emplace_back(text);
      }
    }
  }
  return claims;
}

} // namespace

auto TokenMint::signature_of(std::string_view text) const -> std::string {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(),
       key_.data(),
       static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(text.data()),
       text.size(),
       digest.data(),
       &size);
  return to_base64_url({reinterpret_cast<const char*>(digest.data()), size});
}

auto TokenMint::issue(const TokenClaims& claims) -> std::string {
  const auto text =
      to_base64_url(R"({"typ":"JWT","alg":"RS256","x5t":"simulated","kid":"simulated"})") + "." +
      to_base64_url(payload_of(claims, serial_++));
  return text + "." + signature_of(text);
}

auto TokenMint::verify(std::string_view token, DateTime now) const -> Result<TokenClaims> {
  const auto last = token.rfind('.');
  const auto first = token.find('.');
  if (last == std::string_view::npos || first == last ||
      token.substr(last + 1) != signature_of(token.substr(0, last))) {
    return Error{ErrorKind::unauthorized, "the token was not issued here"};
  }
  {
    const std::lock_guard lock{mutex_};
    if (revoked_.contains(token.substr(last + 1))) {
      return Error{ErrorKind::unauthorized, "the token was revoked"};
    }
  }
  TRY(auto claims, claims_of(token.substr(first + 1, last - first - 1)));
  if (claims.expires <= now) {
    return Error{ErrorKind::unauthorized, "the token has expired"};
  }
  return claims;
}

void TokenMint::revoke(std::string_view token) {
  const std::lock_guard lock{mutex_};
  revoked_.emplace(token.substr(std::min(token.rfind('.') + 1, token.size())));
}

} // namespace sluice::simulator
