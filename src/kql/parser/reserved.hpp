// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

/// Words of the grammar that may not be names unless bracketed (`['first']`); as the official
/// parser has them (observed).
namespace sluice::kql {

/// Whether the word cannot name a new column, variable or parameter.
[[nodiscard]] auto is_reserved_for_new(std::string_view word) noexcept -> bool;
/// Whether the word cannot stand for a column, or be a member behind a point.
[[nodiscard]] auto is_reserved_for_use(std::string_view word) noexcept -> bool;

} // namespace sluice::kql
