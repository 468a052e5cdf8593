// SPDX-License-Identifier: Apache-2.0
#include "identity/vault_challenge.hpp"

#include <optional>

#include <fmt/format.h>

#include "base/json_text.hpp"

namespace sluice::identity {
namespace {

constexpr std::string_view scheme = "Bearer ";
constexpr std::string_view all_permissions = "/.default";

/// The value of `name="..."`.
auto parameter(std::string_view header, std::string_view name) -> std::optional<std::string_view> {
  const auto mark = fmt::format("{}=\"", name);
  const auto at = header.find(mark);
  if (at == std::string_view::npos || (at > 0 && header[at - 1] != ' ' && header[at - 1] != ',')) {
    return std::nullopt;
  }
  const auto begin = at + mark.size();
  const auto end = header.find('"', begin);
  return end == std::string_view::npos ? std::nullopt
                                       : std::optional{header.substr(begin, end - begin)};
}

} // namespace

auto read_vault_challenge(std::string_view header) -> Result<VaultChallenge> {
  auto authority = parameter(header, "authorization");
  authority = authority ? authority : parameter(header, "authorization_uri");
  auto resource = parameter(header, "resource");
  resource = resource ? resource : parameter(header, "scope");
  if (!header.starts_with(scheme) || !authority || !resource) {
    return Error{ErrorKind::malformed, "the vault's challenge is not what it should be"};
  }
  TRY(auto url, http::Url::parse(*authority).while_doing("the vault's challenge"));
  auto tenant = url.path().substr(url.path().rfind('/') + 1);
  if (resource->ends_with(all_permissions)) {
    resource->remove_suffix(all_permissions.size());
  }
  while (resource->ends_with('/')) {
    resource->remove_suffix(1);
  }
  return VaultChallenge{std::move(url), std::move(tenant), std::string{*resource}};
}

auto check_vault_domain(const VaultChallenge& challenge, const http::Url& vault) -> Result<> {
  const auto resource = http::Url::parse(challenge.resource);
  const auto& host = vault.origin().host;
  const bool is_own =
      resource && (host.ends_with("." + resource->origin().host) ||
                   (vault.origin().is_loopback() && resource->origin() == vault.origin()));
  if (!is_own || (resource->origin().scheme != "https" && !vault.origin().is_loopback())) {
    return Error{ErrorKind::untrusted,
                 fmt::format("the vault {} asks for a token for {}, which is not its domain",
                             host,
                             escape_control(challenge.resource))}
        .with_hint("check the address of the key vault");
  }
  return {};
}

} // namespace sluice::identity
