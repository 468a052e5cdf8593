// SPDX-License-Identifier: Apache-2.0
#pragma once

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

/// A certificate of the application and its key: each sign-in sends a short-lived assertion signed
/// with PS256 that names the certificate by `x5t#S256` (documented).
class ClientCertificate final : public ClientCredential {
public:
  /// `pem` holds one certificate and its unencrypted RSA key of at least 2,048 bits, in any order.
  /// Errors: invalid_input when either is missing, the key is too short or belongs to another
  /// certificate.
  [[nodiscard]] static auto from_pem(const Secret& pem)
      -> Result<std::unique_ptr<ClientCertificate>>;
  ~ClientCertificate() override;

  [[nodiscard]] auto form_fields(const http::Url& token_endpoint,
                                 std::string_view client_id,
                                 DateTime now) const -> Result<http::Parameters> override;

private:
  class Key;
  explicit ClientCertificate(std::unique_ptr<Key> key);
  const std::unique_ptr<Key> key_;
};

} // namespace sluice::identity
