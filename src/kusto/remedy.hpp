// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"

namespace sluice::kusto {

/// What to do about rows that a cluster did not take.
enum class Remedy : std::uint8_t {
  retry,       ///< Send them again later, under the same tag.
  split,       ///< Something among them is wrong: send smaller pieces, to find what.
  dead_letter, ///< They will never be taken: set them aside.
  stop,        ///< Nothing will be taken until a person has mended table, mapping or rights.
};

/// By the service's own code (documented); nothing for a code that it does not list.
[[nodiscard]] auto remedy_for_code(std::string_view code) noexcept -> std::optional<Remedy>;

/// What the service calls passing is tried again; else by the code, else by the kind of error. What
/// is unknown and final stops: setting everything aside for a reason that nobody knows would be
/// worse.
[[nodiscard]] auto remedy_for(const Error& error) noexcept -> Remedy;

} // namespace sluice::kusto
