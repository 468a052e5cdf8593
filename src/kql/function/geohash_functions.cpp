// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "kql/function/families.hpp"
#include "kql/function/geo_arguments.hpp"

/// Geohashes: rectangles of the map, each letter cuts them into 32.
namespace sluice::kql {
namespace {

constexpr std::string_view geohash_letters = "0123456789bcdefghjkmnpqrstuvwxyz";

/// The part of the map that a geohash stands for, in degrees.
struct Cell {
  std::array<double, 2> longitude{-180, 180};
  std::array<double, 2> latitude{-90, 90};

  /// The halves take turns, the longitude first.
  auto axis(std::size_t bit) -> std::array<double, 2>& {
    return bit % 2 == 0 ? longitude : latitude;
  }
};

auto middle(const std::array<double, 2>& axis) -> double {
  return (axis[0] + axis[1]) / 2;
}

auto geohash_of(const Place& place, std::size_t length) -> std::string {
  Cell cell;
  std::string hash;
  std::size_t letter = 0;
  for (std::size_t bit = 0; hash.size() < length; ++bit) {
    auto& axis = cell.axis(bit);
    const bool upper = (bit % 2 == 0 ? place.longitude : place.latitude) >= middle(axis);
    axis[upper ? 0 : 1] = middle(axis);
    letter = letter * 2 + (upper ? 1 : 0);
    if (bit % 5 == 4) {
      hash += geohash_letters[letter];
      letter = 0;
    }
  }
  return hash;
}

auto to_geohash(Arguments a, EvaluationContext&) -> Value {
  constexpr std::int64_t usual = 5;
  constexpr std::int64_t most = 18;
  const auto length = a.size() < 3 ? usual : a[2].is_null() ? 0 : a[2].as_integer();
  const auto place = place_at(a, 0);
  return Value::string(place && length >= 1 && length <= most
                           ? geohash_of(*place, static_cast<std::size_t>(length))
                           : "");
}

auto cell_of(std::string_view geohash) -> std::optional<Cell> {
  constexpr std::size_t most = 18;
  if (geohash.empty() || geohash.size() > most) {
    return std::nullopt;
  }
  Cell cell;
  std::size_t bit = 0;
  for (const char c : geohash) {
    const auto letter = geohash_letters.find(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
    if (letter == std::string_view::npos) {
      return std::nullopt;
    }
    for (int place = 4; place >= 0; --place, ++bit) {
      auto& axis = cell.axis(bit);
      axis[(letter >> place & 1U) != 0 ? 0 : 1] = middle(axis);
    }
  }
  return cell;
}

auto geohash_centre(Arguments a, EvaluationContext&) -> Value {
  const auto cell = cell_of(a[0].text());
  return cell ? Value::dynamic(point_json({middle(cell->longitude), middle(cell->latitude)}))
              : Value{};
}

auto geohash_polygon(Arguments a, EvaluationContext&) -> Value {
  const auto cell = cell_of(a[0].text());
  if (!cell) {
    return Value{};
  }
  const auto [west, east] = cell->longitude;
  const auto [south, north] = cell->latitude;
  const Path ring{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}};
  return Value::dynamic(areas_json({Rings{ring}}));
}

auto neighbours(Arguments a, EvaluationContext&) -> Value {
  const auto cell = cell_of(a[0].text());
  if (!cell) {
    return {};
  }
  const auto width = cell->longitude[1] - cell->longitude[0];
  const auto height = cell->latitude[1] - cell->latitude[0];
  constexpr std::array<std::array<int, 2>, 8> steps{
      {{-1, 0}, {-1, -1}, {0, -1}, {1, -1}, {1, 1}, {1, 0}, {0, 1}, {-1, 1}}};
  std::vector<std::string> hashes;
  for (const auto& [east, north] : steps) {
    const auto latitude = middle(cell->latitude) + north * height;
    if (std::abs(latitude) < 90) {
      const auto longitude = std::remainder(middle(cell->longitude) + east * width, 360.0);
      hashes.push_back('"' + geohash_of({longitude, latitude}, a[0].text().size()) + '"');
    }
  }
  return array_of(hashes);
}

} // namespace

auto geohash_functions() -> std::vector<Function> {
  constexpr auto geo = Family::geo;
  return {
      {"geo_point_to_geohash",
       {},
       geo,
       "number, number, [integer] -> string",
       "The geohash of a place, of 1 to 18 letters, five if not said.",
       "geo_point_to_geohash(0, 0, 3) => s00",
       to_geohash},
      {"geo_geohash_to_central_point",
       {},
       geo,
       "string -> dynamic",
       "The middle of a geohash as a GeoJSON point.",
       "geo_geohash_to_central_point(\"s\").coordinates => [22.5,22.5]",
       geohash_centre},
      {"geo_geohash_to_polygon",
       {},
       geo,
       "string -> dynamic",
       "The area of a geohash as a GeoJSON polygon.",
       "",
       geohash_polygon},
      {"geo_geohash_neighbors",
       {},
       geo,
       "string -> dynamic",
       "The geohashes of that length around a geohash.",
       "geo_geohash_neighbors(\"s\")[0] => e",
       neighbours},
  };
}

} // namespace sluice::kql
