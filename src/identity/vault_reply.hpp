// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/date_time.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "http/client.hpp"

namespace sluice::identity {

/// A secret of a key vault.
struct VaultSecret {
  Secret value;
  /// `application/x-pkcs12` or `application/x-pem-file` for the secret of a certificate.
  std::string content_type;
  std::optional<DateTime> expires;
};

/// What a key vault tells of a certificate: everything but its key (documented).
struct VaultCertificate {
  std::string der;
  std::string thumbprint;     ///< SHA-1 of `der`, twenty bytes.
  std::string secret_address; ///< `sid`: where certificate and key are, as a secret.
  bool is_enabled = true;
};

/// Errors: malformed.
[[nodiscard]] auto read_vault_secret(std::string_view body) -> Result<VaultSecret>;
/// Errors: malformed.
[[nodiscard]] auto read_vault_certificate(std::string_view body) -> Result<VaultCertificate>;

/// What an answer other than 200 means: unauthorized, forbidden, invalid_input when it is not
/// there, throttled, unavailable, malformed. The code is the vault's.
[[nodiscard]] auto vault_error(const http::Response& response, DateTime now) -> Error;

} // namespace sluice::identity
