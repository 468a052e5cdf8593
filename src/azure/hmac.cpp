// SPDX-License-Identifier: Apache-2.0
#include "azure/hmac.hpp"

#include <array>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "azure/base64.hpp"
#include "base/check.hpp"

namespace sluice::azure {

auto hmac_sha256_base64(const Secret& key_base64, std::string_view text) -> Result<std::string> {
  auto decoded = base64_decoded(key_base64.reveal());
  if (!decoded || decoded->empty()) {
    return Error{ErrorKind::invalid_input, "the key of the storage account is not base64"}
        .with_hint("copy key1 or key2 as the portal shows it, with the = at the end");
  }
  const Secret key{*std::move(decoded)};
  std::array<unsigned char, 32> digest{};
  unsigned int size = 0;
  CHECK(HMAC(EVP_sha256(),
             key.reveal().data(),
             static_cast<int>(key.reveal().size()),
             reinterpret_cast<const unsigned char*>(text.data()),
             text.size(),
             digest.data(),
             &size) != nullptr);
  return base64_encoded({reinterpret_cast<const char*>(digest.data()), size});
}

} // namespace sluice::azure
