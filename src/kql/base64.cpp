// SPDX-License-Identifier: Apache-2.0
#include "kql/base64.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace sluice::kql {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

} // namespace

auto to_base64(std::string_view bytes) -> std::string {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto size = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8U | (k < size ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text += k <= size ? alphabet[group >> (18 - 6 * k) & 63U] : '=';
    }
  }
  return text;
}

auto from_base64(std::string_view text) -> std::optional<std::string> {
  if (text.size() % 4 != 0) {
    return std::nullopt;
  }
  std::string bytes;
  std::uint32_t group = 0;
  std::size_t padding = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto value = alphabet.find(text[i]);
    padding += text[i] == '=' ? 1 : 0;
    if ((value == std::string_view::npos && text[i] != '=') || (padding > 0 && text[i] != '=') ||
        padding > 2) {
      return std::nullopt;
    }
    group = group << 6U | static_cast<std::uint32_t>(text[i] == '=' ? 0 : value);
    if (i % 4 == 3) {
      for (std::size_t k = 0; k < 3 - padding; ++k) {
        bytes += static_cast<char>(group >> (16 - 8 * k) & 255U);
      }
      group = 0;
    }
  }
  return bytes;
}

} // namespace sluice::kql
