// SPDX-License-Identifier: Apache-2.0
#include "identity/token_facts.hpp"

#include <algorithm>

#include <simdjson.h>

#include "identity/base64url.hpp"

namespace sluice::identity {
namespace {

constexpr std::size_t max_token_bytes = 64 * 1024;

auto text_of(const simdjson::dom::object& claims, const char* name) -> std::string {
  std::string_view value;
  return claims[name].get(value) == simdjson::SUCCESS ? std::string{value} : std::string{};
}

} // namespace

auto TokenFacts::has_role(std::string_view role) const -> bool {
  return std::ranges::find(roles, role) != roles.end();
}

auto read_token_facts(std::string_view token) -> std::optional<TokenFacts> {
  const auto first = token.find('.');
  const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.size() > max_token_bytes) {
    return std::nullopt;
  }
  const auto payload = base64url_decoded(token.substr(first + 1, second - first - 1));
  simdjson::dom::parser parser;
  simdjson::dom::object claims;
  if (!payload || parser.parse(*payload).get(claims) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  TokenFacts facts{.audience = text_of(claims, "aud"),
                   .tenant = text_of(claims, "tid"),
                   .application = text_of(claims, "appid"),
                   .roles = {}};
  simdjson::dom::array roles;
  if (claims["roles"].get(roles) == simdjson::SUCCESS) {
    for (const auto role : roles) {
      std::string_view name;
      if (role.get(name) == simdjson::SUCCESS) {
        facts.roles.emplace_back(name);
      }
    }
  }
  return facts;
}

} // namespace sluice::identity
