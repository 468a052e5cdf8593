// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

/// Private to the library: units of what can be measured, those whose size the engine is known to
/// agree on.
namespace sluice::kql {

enum class Quantity { angle, energy, force, length, mass, speed, temperature, volume };

/// A unit in units of its quantity's base: `value * factor + offset`.
struct Unit {
  double factor = 1;
  double offset = 0;
};

/// By its name, such as `KilowattHour`; nothing when there is none.
[[nodiscard]] auto find_unit(Quantity quantity, std::string_view name) -> std::optional<Unit>;

/// What the function `convert_length` and its like convert; nothing of other functions.
[[nodiscard]] auto converted_quantity(std::string_view function) -> std::optional<Quantity>;

} // namespace sluice::kql
