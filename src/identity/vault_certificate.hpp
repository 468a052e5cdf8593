// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "http/url.hpp"
#include "identity/vault_reply.hpp"

namespace sluice::identity {

/// Whether a key vault's account of a certificate holds together.
/// Errors: invalid_input when it is disabled; untrusted when its thumbprint is another's.
[[nodiscard]] auto check_vault_certificate(const VaultCertificate& certificate) -> Result<>;

/// The path of the secret with the certificate's key, `/secrets/NAME/VERSION`. The address that the
/// vault tells is read and checked, not followed.
/// Errors: untrusted when it is not in `vault` or not the secret `name`.
[[nodiscard]] auto path_of_secret(const VaultCertificate& certificate,
                                  std::string_view name,
                                  const http::Url& vault) -> Result<std::string>;

/// Whether a secret, PEM or PFX, holds this certificate and a key.
/// Errors: invalid_input, when the policy lets nobody export the key; untrusted.
[[nodiscard]] auto check_same_certificate(const VaultCertificate& certificate, const Secret& secret)
    -> Result<>;

} // namespace sluice::identity
