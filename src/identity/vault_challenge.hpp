// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/url.hpp"

namespace sluice::identity {

/// What a vault asks for when it is shown no token (documented): where to sign in, and for what.
struct VaultChallenge {
  http::Url authority;  ///< `https://login.microsoftonline.com/TENANT`
  std::string tenant;   ///< The last part of its path.
  std::string resource; ///< `https://vault.azure.net`, without `/.default`.
};

/// Reads `Bearer authorization="...", resource="..."`, also with `scope` in place of `resource`.
/// Errors: malformed.
[[nodiscard]] auto read_vault_challenge(std::string_view header) -> Result<VaultChallenge>;

/// A vault may ask only for tokens of its own domain: `contoso.vault.azure.net` for
/// `https://vault.azure.net`. Otherwise a false vault would have us fetch a token for another
/// service and hand it over. A vault on a loopback address may ask for its own origin. Errors:
/// untrusted.
[[nodiscard]] auto check_vault_domain(const VaultChallenge& challenge, const http::Url& vault)
    -> Result<>;

} // namespace sluice::identity
