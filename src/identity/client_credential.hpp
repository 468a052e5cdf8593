// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/date_time.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "http/url.hpp"

namespace sluice::identity {

/// How an application proves who it is: the form fields that it adds to a token request.
///
/// Threads: any.
class ClientCredential {
public:
  ClientCredential() = default;
  ClientCredential(const ClientCredential&) = delete;
  auto operator=(const ClientCredential&) -> ClientCredential& = delete;
  virtual ~ClientCredential() = default;

  /// Errors: invalid_input when the key cannot sign.
  [[nodiscard]] virtual auto form_fields(const http::Url& token_endpoint,
                                         std::string_view client_id,
                                         DateTime now) const -> Result<http::Parameters> = 0;
};

/// A password of the application.
class ClientSecret final : public ClientCredential {
public:
  explicit ClientSecret(Secret secret) : secret_{std::move(secret)} {}

  [[nodiscard]] auto form_fields(const http::Url& token_endpoint,
                                 std::string_view client_id,
                                 DateTime now) const -> Result<http::Parameters> override;

private:
  const Secret secret_;
};

/// How an assertion is signed and names its certificate.
enum class AssertionForm : std::uint8_t {
  ps256, ///< PS256 with `x5t#S256` (documented).
  rs256, ///< RS256 with `x5t`, of SHA-1: for what does not know the other yet.
};

/// A certificate of the application and its key: each sign-in sends a short-lived signed assertion
/// that names the certificate.
class ClientCertificate final : public ClientCredential {
public:
  /// `bytes` hold one certificate and its RSA key of at least 2,048 bits: as PEM in any order, the
  /// key unencrypted; or as PFX (PKCS #12), also in base64 as Key Vault gives it, under `password`.
  /// Errors: invalid_input when either is missing, the password is wrong, the key is too short or
  /// belongs to another certificate.
  [[nodiscard]] static auto from_bytes(const Secret& bytes,
                                       const Secret& password = {},
                                       AssertionForm form = AssertionForm::ps256)
      -> Result<std::unique_ptr<ClientCertificate>>;
  ~ClientCertificate() override;

  [[nodiscard]] auto form_fields(const http::Url& token_endpoint,
                                 std::string_view client_id,
                                 DateTime now) const -> Result<http::Parameters> override;

  /// When the certificate ends.
  [[nodiscard]] auto expires() const -> DateTime;

private:
  class Key;
  explicit ClientCertificate(std::unique_ptr<Key> key);
  const std::unique_ptr<Key> key_;
};

/// Workload identity federation: a token that the platform writes to a file and renews there. The
/// file is read anew for each sign-in (documented).
class FederatedToken final : public ClientCredential {
public:
  explicit FederatedToken(std::filesystem::path file) : file_{std::move(file)} {}

  /// Errors: invalid_input when the file cannot be read.
  [[nodiscard]] auto form_fields(const http::Url& token_endpoint,
                                 std::string_view client_id,
                                 DateTime now) const -> Result<http::Parameters> override;

private:
  const std::filesystem::path file_;
};

} // namespace sluice::identity
