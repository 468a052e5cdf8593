// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace sluice::identity {

/// Frees what a library made with the library's own function.
template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* pointer) const noexcept {
    Free(pointer);
  }
};

/// A certificate and the private key that came with it; they need not fit.
struct KeyPair {
  std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>> key;
  std::unique_ptr<X509, FreeWith<X509_free>> certificate;
};

/// Reads PEM (key unencrypted), PFX, or PFX in base64; the first byte tells which.
/// Errors: invalid_input, whose message is the end of a sentence about the certificate.
[[nodiscard]] auto read_key_pair(const Secret& bytes, const Secret& password) -> Result<KeyPair>;

} // namespace sluice::identity
