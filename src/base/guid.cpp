// SPDX-License-Identifier: Apache-2.0
#include "base/guid.hpp"

#include <array>

#include <fmt/format.h>
#include <openssl/rand.h>

#include "base/check.hpp"

namespace sluice {

auto random_guid() -> std::string {
  std::array<unsigned char, 16> b{};
  CHECK(RAND_bytes(b.data(), static_cast<int>(b.size())) == 1);
  b[6] = static_cast<unsigned char>((b[6] & 0x0FU) | 0x40U);
  b[8] = static_cast<unsigned char>((b[8] & 0x3FU) | 0x80U);
  std::string out;
  for (std::size_t i = 0; i < b.size(); ++i) {
    out += i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "";
    out += fmt::format("{:02x}", b[i]);
  }
  return out;
}

} // namespace sluice
