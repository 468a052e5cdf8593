// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/date_time.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace sluice::simulator {

/// A certificate that an app may sign its sign-in requests with.
class RegisteredCertificate {
public:
  /// Errors: invalid_input when the text is no X.509 certificate in PEM.
  [[nodiscard]] static auto from_pem(std::string_view pem) -> Result<RegisteredCertificate>;

  /// base64url of the SHA-1 of the DER form, the header `x5t`.
  [[nodiscard]] auto sha1_thumbprint() const -> std::string;
  /// base64url of the SHA-256 of the DER form, the header `x5t#S256`.
  [[nodiscard]] auto sha256_thumbprint() const -> std::string;
  /// Whether the certificate's key made `signature` over `text` by `algorithm`: `PS256` or
  /// `RS256`.
  [[nodiscard]] auto verifies(std::string_view algorithm,
                              std::string_view text,
                              std::string_view signature) const -> bool;

private:
  explicit RegisteredCertificate(std::shared_ptr<void> x509) : x509_{std::move(x509)} {}
  [[nodiscard]] auto der() const -> std::string;

  std::shared_ptr<void> x509_; ///< Shared because copies of an X509 would be the same bytes.
};

/// An app that administrators of the tenant have consented to.
struct AppRegistration {
  std::string client_id;
  Secret secret;               ///< Empty for none.
  bool secret_expired = false; ///< Signing in with it gives AADSTS7000222.
  std::vector<RegisteredCertificate> certificates;
  /// `ActivityFeed.Read`, `ActivityFeed.ReadDlp`, ...; with none, tokens are issued all the same.
  std::vector<std::string> roles;
};

/// Checks a `client_assertion` (documented: header, claims, algorithms). `endpoint` is the token
/// URL that was called.
/// Errors: invalid_input, with the number of the AADSTS error as code: 700027 for signature or
/// certificate, 700021 for another issuer, 700023 for another audience, 700024 for the times, 50027
/// when it is no JSON Web Token.
[[nodiscard]] auto check_assertion(std::string_view assertion,
                                   const AppRegistration& app,
                                   std::string_view endpoint,
                                   DateTime now) -> Result<>;

/// The client id that an assertion says it comes from, unchecked; empty when there is none.
[[nodiscard]] auto issuer_of_assertion(std::string_view assertion) -> std::string;

} // namespace sluice::simulator
