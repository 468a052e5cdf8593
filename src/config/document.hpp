// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/diagnostic.hpp"

namespace sluice::config {

/// A part of a YAML document, with the places that diagnostics need.
struct Node {
  enum class Kind : std::uint8_t { null, scalar, sequence, mapping };

  Kind kind = Kind::null;
  Place place{};
  /// Of a scalar, quotes and escapes undone.
  std::string text{};
  /// Of a mapping's child.
  std::string key{};
  Place key_place{};
  std::vector<Node> children{};

  /// The child of that key, or null.
  [[nodiscard]] auto find(std::string_view child_key) const noexcept -> const Node*;
};

/// Reads one YAML document of plain values. What only makes a configuration harder to read, or
/// dangerous, is a mistake: anchors and aliases, tags, keys twice, keys that are not text, nesting
/// over 16, over 20,000 values, a second document.
/// Nothing when it is no YAML at all; otherwise what could be read, even if mistakes were added to
/// `diagnostics`. An empty text is an empty mapping.
[[nodiscard]] auto read_document(std::string_view text, Diagnostics& diagnostics)
    -> std::optional<Node>;

} // namespace sluice::config
