// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace sluice::simulator {

/// A certificate with its key as a key vault keeps it (documented).
struct VaultCertificate {
  std::string der;          ///< The certificate alone.
  std::string thumbprint;   ///< base64url of its SHA-1, `x5t`.
  std::string version;      ///< 32 hexadecimal digits, the same for the same certificate.
  std::string secret;       ///< Certificate and key: PEM text, or PFX in base64.
  std::string content_type; ///< Of `secret`.
  std::string subject;      ///< `CN=application`
  int key_bits = 0;
  std::int64_t not_before = 0; ///< Seconds since 1970.
  std::int64_t expires = 0;    ///< Seconds since 1970.
};

/// Reads `NAME.pem` or `NAME.pfx`, which has no password, in `folder`.
/// Errors: gone when neither is there; invalid_input when there is no RSA key or certificate in it.
[[nodiscard]] auto read_vault_certificate(const std::filesystem::path& folder,
                                          std::string_view name) -> Result<VaultCertificate>;

/// Base64 with padding (RFC 4648 section 4).
[[nodiscard]] auto to_base64(std::string_view bytes) -> std::string;

} // namespace sluice::simulator
