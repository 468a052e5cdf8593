// SPDX-License-Identifier: Apache-2.0
#include "endpoint/base64.hpp"

#include <openssl/evp.h>

namespace sluice::endpoint {
namespace {

auto unsigned_bytes(std::string& text) -> unsigned char* {
  return reinterpret_cast<unsigned char*>(text.data()); // OpenSSL's type for bytes.
}

auto unsigned_bytes(std::string_view text) -> const unsigned char* {
  return reinterpret_cast<const unsigned char*>(text.data()); // The same.
}

} // namespace

auto encode_base64(std::string_view bytes) -> std::string {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size =
      EVP_EncodeBlock(unsigned_bytes(text), unsigned_bytes(bytes), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

auto decode_base64(std::string_view text) -> std::optional<std::string> {
  std::string bytes(text.size() / 4 * 3 + 1, '\0');
  const int size =
      EVP_DecodeBlock(unsigned_bytes(bytes), unsigned_bytes(text), static_cast<int>(text.size()));
  if (size < 0) {
    return std::nullopt;
  }
  bytes.resize(static_cast<std::size_t>(size)); // Padding counts as NULs.
  bytes.erase(bytes.find_last_not_of('\0') + 1);
  return bytes;
}

} // namespace sluice::endpoint
