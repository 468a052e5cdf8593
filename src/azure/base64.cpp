// SPDX-License-Identifier: Apache-2.0
#include "azure/base64.hpp"

#include <openssl/evp.h>

#include "base/check.hpp"

namespace sluice::azure {
namespace {

/// OpenSSL counts in int.
constexpr std::size_t most_bytes = 1U << 30U;
constexpr auto alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

auto bytes_of(std::string_view text) -> const unsigned char* {
  return reinterpret_cast<const unsigned char*>(text.data());
}

} // namespace

auto base64_encoded(std::string_view bytes) -> std::string {
  CHECK(bytes.size() <= most_bytes);
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0'); // One more for a zero at the end.
  const auto length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                      bytes_of(bytes),
                                      static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

auto base64_decoded(std::string_view text) -> std::optional<std::string> {
  const auto letters = text.substr(0, text.find('='));
  const auto padding = text.size() - letters.size();
  // OpenSSL would forgive blanks at the ends and padding in the middle.
  if (text.size() % 4 != 0 || text.size() > most_bytes || padding > 2 ||
      letters.find_first_not_of(alphabet) != std::string_view::npos ||
      text.substr(letters.size()).find_first_not_of('=') != std::string_view::npos) {
    return std::nullopt;
  }
  std::string bytes(text.size() / 4 * 3, '\0');
  const auto length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                      bytes_of(text),
                                      static_cast<int>(text.size()));
  CHECK(length >= 0);
  bytes.resize(static_cast<std::size_t>(length) - padding);
  return bytes;
}

} // namespace sluice::azure
