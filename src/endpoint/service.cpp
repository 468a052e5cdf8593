// SPDX-License-Identifier: Apache-2.0
#include "endpoint/service.hpp"

#include <array>

#include <fmt/format.h>
#include <sys/random.h>

#include "base/check.hpp"

namespace sluice::endpoint {

auto new_guid() -> std::string {
  std::array<std::uint8_t, 16> bytes{};
  CHECK(::getentropy(bytes.data(), bytes.size()) == 0); // It never fails for so few bytes.
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x40U);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
  std::string guid;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    guid += i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "";
    guid += fmt::format("{:02x}", bytes[i]);
  }
  return guid;
}

} // namespace sluice::endpoint
