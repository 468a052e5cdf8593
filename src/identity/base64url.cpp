// SPDX-License-Identifier: Apache-2.0
#include "identity/base64url.hpp"

#include <algorithm>
#include <cstdint>

namespace sluice::identity {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

} // namespace

auto base64url_encoded(std::string_view bytes) -> std::string {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : bytes) {
    bits = (bits << 8U) | static_cast<unsigned char>(c);
    held += 8;
    while (held >= 6) {
      held -= 6;
      out += alphabet[(bits >> static_cast<unsigned>(held)) & 63U];
    }
  }
  if (held > 0) {
    out += alphabet[(bits << static_cast<unsigned>(6 - held)) & 63U];
  }
  return out;
}

auto base64url_decoded(std::string_view text) -> std::optional<std::string> {
  while (text.ends_with('=')) {
    text.remove_suffix(1);
  }
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos) {
      return std::nullopt;
    }
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    held += 6;
    if (held >= 8) {
      held -= 8;
      out += static_cast<char>((bits >> static_cast<unsigned>(held)) & 255U);
    }
  }
  return out;
}

auto base64_decoded(std::string_view text) -> std::optional<std::string> {
  std::string other{text};
  std::ranges::replace(other, '+', '-');
  std::ranges::replace(other, '/', '_');
  return base64url_decoded(other);
}

} // namespace sluice::identity
