// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Unicode without regard to case: *simple* folding (one code point to one), no normalization, as
/// the engine was observed to compare: `CAFÉ =~ café` but not `Straße =~ STRASSE`.
namespace sluice::kql {

[[nodiscard]] auto fold(char32_t code_point) noexcept -> char32_t;

/// The code point that `text` begins with and its length in bytes (at least 1). A byte that is not
/// UTF-8 is a code point of its own, beyond Unicode, so that no two texts fall together.
struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 0;
};
[[nodiscard]] auto decode(std::string_view text) noexcept -> CodePoint;
/// The one that `text` ends with.
[[nodiscard]] auto decode_last(std::string_view text) noexcept -> CodePoint;
[[nodiscard]] auto code_point_count(std::string_view text) noexcept -> std::size_t;

[[nodiscard]] auto equal_folded(std::string_view a, std::string_view b) noexcept -> bool;
[[nodiscard]] auto to_lower(std::string_view text) -> std::string;
[[nodiscard]] auto to_upper(std::string_view text) -> std::string;
/// A key that is equal for two texts just when `equal_folded` holds.
[[nodiscard]] auto folded(std::string_view text) -> std::string;
/// A letter or a decimal digit of any script.
[[nodiscard]] auto is_letter_or_digit(char32_t code_point) noexcept -> bool;

} // namespace sluice::kql
