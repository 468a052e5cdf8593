// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <stop_token>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "identity/environment.hpp"

namespace sluice::identity {

class Endings;
class KeyVault;

/// Reads the secrets that a configuration names:
///
/// | reference | where the secret is |
/// |---|---|
/// | `file:/absolute/path` | a file; one that others may read is used, and a warning logged |
/// | `cred:NAME` | a credential of the systemd unit: `$CREDENTIALS_DIRECTORY/NAME` |
/// | `keyvault:NAME` | the key vault, when there is one |
///
/// Threads: any.
class SecretReader {
public:
  /// `vault` and `endings`, when there are any, must outlive the reader. The ends of the vault's
  /// secrets are noted in `endings`.
  explicit SecretReader(Environment environment,
                        KeyVault* vault = nullptr,
                        Endings* endings = nullptr)
      : environment_{std::move(environment)},
        vault_{vault},
        endings_{endings} {}

  /// The secret, line ends after it cut unless it is binary.
  /// Errors: invalid_input when `reference` is no reference (its text is not repeated: it may be
  /// the secret itself), the file is missing, not readable, not a regular file, empty, or over 64
  /// KiB, or there is no vault; those of `KeyVault::secret`.
  [[nodiscard]] auto read(std::string_view reference, const std::stop_token& stop) const
      -> Result<Secret>;
  /// A certificate with its key. Of the vault it is the certificate of that name, which the vault's
  /// account of it must confirm; where there is none, or we may not see it, the secret of that
  /// name.
  /// Errors: as `read`; those of `KeyVault::certificate`.
  [[nodiscard]] auto read_certificate(std::string_view reference, const std::stop_token& stop) const
      -> Result<Secret>;

private:
  Environment environment_;
  KeyVault* vault_;
  Endings* endings_;
};

/// The same where no vault can be: for what is needed to reach one.
[[nodiscard]] auto resolve_secret(std::string_view reference) -> Result<Secret>;

} // namespace sluice::identity
