// SPDX-License-Identifier: Apache-2.0
#include "identity/vault_certificate.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/sha.h>

#include "identity/key_pair.hpp"

namespace sluice::identity {
namespace {

auto sha1(std::string_view bytes) -> std::string {
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

auto der_of(X509& certificate) -> std::string {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(&certificate, &bytes);
  std::string der;
  if (size > 0) {
    der.assign(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  }
  OPENSSL_free(bytes);
  return der;
}

/// Versions are 32 hexadecimal digits (observed).
auto is_version(std::string_view text) -> bool {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

} // namespace

auto check_vault_certificate(const VaultCertificate& certificate) -> Result<> {
  if (!certificate.is_enabled) {
    return Error{ErrorKind::invalid_input, "the certificate is disabled"}.with_hint(
        "enable it in the key vault, or name another");
  }
  if (sha1(certificate.der) != certificate.thumbprint) {
    return Error{ErrorKind::untrusted, "the thumbprint is not that of the certificate"};
  }
  return {};
}

auto path_of_secret(const VaultCertificate& certificate,
                    std::string_view name,
                    const http::Url& vault) -> Result<std::string> {
  const auto untrusted = Error{ErrorKind::untrusted, "it names a secret that is not its own"};
  const auto address = http::Url::parse(certificate.secret_address);
  if (!address || address->origin() != vault.origin() || !address->query().empty()) {
    return untrusted;
  }
  const auto& path = address->path();
  const auto expected = fmt::format("/secrets/{}/", name);
  if (path.size() <= expected.size() ||
      !http::equal_ignoring_case(std::string_view{path}.substr(0, expected.size()), expected) ||
      !is_version(std::string_view{path}.substr(expected.size()))) {
    return untrusted;
  }
  return expected + path.substr(expected.size());
}

auto check_same_certificate(const VaultCertificate& certificate, const Secret& secret) -> Result<> {
  const auto pair = read_key_pair(secret, Secret{});
  if (!pair) {
    return Error{
        ErrorKind::invalid_input,
        fmt::format("its secret holds no certificate with key: {}", pair.error().message())}
        .with_hint("the certificate's policy must make the key exportable");
  }
  if (der_of(*pair->certificate) != certificate.der) {
    return Error{ErrorKind::untrusted, "its secret holds another certificate"};
  }
  return {};
}

} // namespace sluice::identity
