// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <optional>

#include "kql/function/arguments.hpp"
#include "kql/geo/geo_json.hpp"

/// Private to the function table: what functions over places ask of their arguments.
namespace sluice::kql {

/// The longitude at `at` and the latitude behind it; nothing when they are no place.
[[nodiscard]] inline auto place_at(Arguments a, std::size_t at) -> std::optional<Place> {
  if (a[at].is_null() || a[at + 1].is_null()) {
    return std::nullopt;
  }
  const Place place{a[at].as_real(), a[at + 1].as_real()};
  const bool is_place = std::abs(place.longitude) <= 180 && std::abs(place.latitude) <= 90;
  return is_place ? std::optional{place} : std::nullopt;
}

/// The number at `at`, or `usual` when it was left out; nothing when it is null or no number.
[[nodiscard]] inline auto number_at(Arguments a, std::size_t at, double usual)
    -> std::optional<double> {
  if (at >= a.size()) {
    return usual;
  }
  const auto number = a[at].is_null() ? std::nan("") : a[at].as_real();
  return std::isfinite(number) ? std::optional{number} : std::nullopt;
}

/// What the engine tolerates where a query does not say (documented).
inline constexpr double usual_tolerance_metres = 10;

} // namespace sluice::kql
