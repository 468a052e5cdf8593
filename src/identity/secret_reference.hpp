// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <stop_token>
#include <string_view>

#include "base/date_time.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "identity/environment.hpp"

namespace sluice::identity {

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
  /// `vault`, when there is one, must outlive the reader.
  explicit SecretReader(Environment environment, KeyVault* vault = nullptr)
      : environment_{std::move(environment)},
        vault_{vault} {}

  /// The secret, line ends after it cut unless it is binary. A secret that ends within 30 days is
  /// told of in the log.
  /// Errors: invalid_input when `reference` is no reference (its text is not repeated: it may be
  /// the secret itself), the file is missing, not readable, not a regular file, empty, or over 64
  /// KiB, or there is no vault; those of `KeyVault::secret`.
  [[nodiscard]] auto read(std::string_view reference,
                          DateTime now,
                          const std::stop_token& stop) const -> Result<Secret>;

private:
  Environment environment_;
  KeyVault* vault_;
};

/// The same where no vault can be: for what is needed to reach one.
[[nodiscard]] auto resolve_secret(std::string_view reference) -> Result<Secret>;

/// Logs a warning when `what` ends within 30 days, an error from the last day on.
void warn_of_end(std::string_view what, DateTime end, DateTime now);

} // namespace sluice::identity
