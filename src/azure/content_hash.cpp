// SPDX-License-Identifier: Apache-2.0
#include "azure/content_hash.hpp"

#include <array>

#include <openssl/evp.h>

#include "azure/base64.hpp"
#include "base/check.hpp"

namespace sluice::azure {
namespace {

constexpr std::uint64_t reflected_polynomial = 0x9A6C9329AC4BC9B5U;

constexpr auto crc64_table = [] {
  std::array<std::uint64_t, 256> table{};
  for (std::uint64_t i = 0; i < table.size(); ++i) {
    auto value = i;
    for (int bit = 0; bit < 8; ++bit) {
      value = (value >> 1U) ^ ((value & 1U) != 0 ? reflected_polynomial : 0U);
    }
    table[i] = value;
  }
  return table;
}();

} // namespace

auto md5_base64(std::string_view bytes) -> std::string {
  std::array<unsigned char, 16> digest{};
  unsigned int size = 0;
  CHECK(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_md5(), nullptr) == 1);
  return base64_encoded({reinterpret_cast<const char*>(digest.data()), size});
}

auto crc64(std::string_view bytes) noexcept -> std::uint64_t {
  auto crc = ~std::uint64_t{0};
  for (const char c : bytes) {
    crc = crc64_table[(crc ^ static_cast<unsigned char>(c)) & 0xFFU] ^ (crc >> 8U);
  }
  return ~crc;
}

auto crc64_base64(std::string_view bytes) -> std::string {
  const auto crc = crc64(bytes);
  std::string little_endian;
  for (unsigned shift = 0; shift < 64; shift += 8) {
    little_endian += static_cast<char>((crc >> shift) & 0xFFU);
  }
  return base64_encoded(little_endian);
}

} // namespace sluice::azure
