// SPDX-License-Identifier: Apache-2.0
#include "simulator/guid.hpp"

#include <cstdint>

#include <fmt/format.h>

#include "base/random.hpp"

namespace sluice::simulator {

auto is_guid(std::string_view text) noexcept -> bool {
  constexpr std::string_view shape = "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh";
  if (text.size() != shape.size()) {
    return false;
  }
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (shape[i] == 'h' ? !hex : c != '-') {
      return false;
    }
  }
  return true;
}

auto guid_from(std::string_view seed) -> std::string {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const char c : seed) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  }
  auto random = Random{hash};
  const auto high = random.next();
  const auto low = random.next();
  return fmt::format("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
                     high >> 32U,
                     (high >> 16U) & 0xFFFFU,
                     high & 0xFFFU,
                     low >> 52U,
                     low & 0xFFFFFFFFFFFFU);
}

} // namespace sluice::simulator
