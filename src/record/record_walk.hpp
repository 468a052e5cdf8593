// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "record/wanted_fields.hpp"

namespace sluice::record {

/// A window of content and where its structure is (see `StructuralIndex`).
struct Window {
  const char* text = nullptr;
  const std::uint32_t* positions = nullptr;
  std::size_t size = 0;  ///< Bytes of `text`; a NUL follows.
  std::size_t count = 0; ///< Positions; three times `size` follows.

  [[nodiscard]] auto at(std::size_t index) const noexcept -> char { return text[positions[index]]; }
};

/// How far a walk over one value came.
struct Walk {
  enum class Outcome : std::uint8_t { complete, incomplete, bad };
  Outcome outcome = Outcome::bad;
  std::size_t last = 0;    ///< Index of the position of the closing bracket, when complete.
  std::string_view reason; ///< When bad.
};

/// Walks over the object whose `{` is at `window.positions[index]`, putting the raw values of the
/// wanted fields into `fields`. Its top level is checked against JSON's grammar, what is deeper
/// only for balanced brackets.
[[nodiscard]] auto walk_record(const Window& window,
                               std::size_t index,
                               const WantedFields& wanted,
                               std::size_t max_depth,
                               std::span<std::string_view> fields) -> Walk;

/// Walks over the object or array that opens at `window.positions[index]`.
[[nodiscard]] auto walk_container(const Window& window, std::size_t index, std::size_t max_depth)
    -> Walk;

} // namespace sluice::record
