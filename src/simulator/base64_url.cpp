// SPDX-License-Identifier: Apache-2.0
#include "simulator/base64_url.hpp"

#include <cstdint>

namespace sluice::simulator {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

} // namespace

auto to_base64_url(std::string_view bytes) -> std::string {
  std::string out;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : bytes) {
    bits = (bits << 8U) | static_cast<unsigned char>(c);
    for (held += 8; held >= 6; held -= 6) {
      out += alphabet[(bits >> (held - 6)) & 63U];
    }
  }
  if (held > 0) {
    out += alphabet[(bits << (6 - held)) & 63U];
  }
  return out;
}

auto from_base64_url(std::string_view text) -> std::optional<std::string> {
  if (text.size() % 4 == 1) {
    return std::nullopt;
  }
  std::string out;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const auto digit = alphabet.find(c);
    if (digit == std::string_view::npos) {
      return std::nullopt;
    }
    bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
    held += 6;
    if (held >= 8) {
      held -= 8;
      out += static_cast<char>((bits >> held) & 255U);
    }
  }
  return out;
}

} // namespace sluice::simulator
