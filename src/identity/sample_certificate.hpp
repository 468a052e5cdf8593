// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include "identity/key_pair.hpp"

/// For tests.
namespace sluice::identity {

/// A self-signed certificate of one hour and its key.
inline auto make_sample_certificate() -> KeyPair {
  KeyPair pair;
  pair.key.reset(EVP_RSA_gen(2'048));
  pair.certificate.reset(X509_new());
  X509_set_pubkey(pair.certificate.get(), pair.key.get());
  X509_gmtime_adj(X509_getm_notBefore(pair.certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(pair.certificate.get()), 3'600);
  EXPECT_GT(X509_sign(pair.certificate.get(), pair.key.get(), EVP_sha256()), 0);
  return pair;
}

} // namespace sluice::identity
