// SPDX-License-Identifier: Apache-2.0
#include "ledger/record_key.hpp"

#include <optional>

#include "base/sha256.hpp"

namespace sluice::ledger {
namespace {

constexpr std::size_t guid_text_bytes = 36;
constexpr std::size_t guid_key_bytes = 16;

auto hex_value(char c) -> std::optional<unsigned> {
  if (c >= '0' && c <= '9') {
    return static_cast<unsigned>(c - '0');
  }
  const char lower = static_cast<char>(c | 0x20);
  if (lower >= 'a' && lower <= 'f') {
    return static_cast<unsigned>(lower - 'a') + 10U;
  }
  return std::nullopt;
}

auto guid_key(std::string_view text) -> std::optional<std::vector<std::byte>> {
  if (text.size() != guid_text_bytes) {
    return std::nullopt;
  }
  std::vector<std::byte> key;
  key.reserve(guid_key_bytes);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i] != '-') {
        return std::nullopt;
      }
      ++i;
    }
    const auto high = hex_value(text[i]);
    const auto low = hex_value(text[i + 1]);
    if (!high || !low) {
      return std::nullopt;
    }
    key.push_back(static_cast<std::byte>(*high << 4U | *low));
  }
  return key;
}

} // namespace

auto record_key(std::string_view record_id) -> std::vector<std::byte> {
  if (auto key = guid_key(record_id)) {
    return *std::move(key);
  }
  const auto digest = sha256(record_id);
  return {digest.begin(), digest.end()};
}

} // namespace sluice::ledger
