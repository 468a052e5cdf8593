// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <optional>

#include "kql/dynamic.hpp"
#include "kql/function/arguments.hpp"
#include "kql/function/families.hpp"

/// Places on the earth, taken for a ball of 6,371,010 metres (observed).
namespace sluice::kql {
namespace {

constexpr double earth_radius_metres = 6'371'010;

/// In radians.
struct Place {
  double longitude, latitude;
};

auto is_place(double longitude, double latitude) -> bool {
  return std::abs(longitude) <= 180 && std::abs(latitude) <= 90;
}

auto place_of(Arguments a, std::size_t at) -> std::optional<Place> {
  if (a[at].is_null() || a[at + 1].is_null() || !is_place(a[at].as_real(), a[at + 1].as_real())) {
    return std::nullopt;
  }
  constexpr auto radians = std::numbers::pi / 180;
  return Place{a[at].as_real() * radians, a[at + 1].as_real() * radians};
}

auto metres_between(const Place& a, const Place& b) -> double {
  const auto square = [](double x) { return x * x; };
  const auto chord = square(std::sin((b.latitude - a.latitude) / 2)) +
                     std::cos(a.latitude) * std::cos(b.latitude) *
                         square(std::sin((b.longitude - a.longitude) / 2));
  return 2 * earth_radius_metres * std::asin(std::sqrt(std::min(chord, 1.0)));
}

auto distance(Arguments a, EvaluationContext&) -> Value {
  const auto from = place_of(a, 0);
  const auto to = place_of(a, 2);
  return from && to ? Value::real(metres_between(*from, *to)) : Value::null(Type::real);
}

/// Clockwise from north, in radians; none between a place and itself.
auto azimuth(Arguments a, EvaluationContext&) -> Value {
  const auto from = place_of(a, 0);
  const auto to = place_of(a, 2);
  if (!from || !to || metres_between(*from, *to) == 0) {
    return Value::null(Type::real);
  }
  const auto turn = to->longitude - from->longitude;
  const auto angle =
      std::atan2(std::sin(turn) * std::cos(to->latitude),
                 std::cos(from->latitude) * std::sin(to->latitude) -
                     std::sin(from->latitude) * std::cos(to->latitude) * std::cos(turn));
  return Value::real(angle < 0 ? angle + 2 * std::numbers::pi : angle);
}

auto is_in_circle(Arguments a, EvaluationContext&) -> Value {
  const auto place = place_of(a, 0);
  const auto centre = place_of(a, 2);
  if (!place || !centre || a[4].is_null() || a[4].as_real() < 0) {
    return Value::null(Type::boolean);
  }
  return Value::boolean(metres_between(*place, *centre) <= a[4].as_real());
}

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

auto to_geohash(Arguments a, EvaluationContext&) -> Value {
  constexpr std::int64_t usual = 5;
  constexpr std::int64_t most = 18;
  const auto length = a.size() < 3 ? usual : a[2].is_null() ? 0 : a[2].as_integer();
  if (!place_of(a, 0) || length < 1 || length > most) {
    return Value::string("");
  }
  Cell cell;
  std::string hash;
  std::size_t letter = 0;
  for (std::size_t bit = 0; hash.size() < static_cast<std::size_t>(length); ++bit) {
    auto& axis = cell.axis(bit);
    const bool upper = a[bit % 2].as_real() >= middle(axis);
    axis[upper ? 0 : 1] = middle(axis);
    letter = letter * 2 + (upper ? 1 : 0);
    if (bit % 5 == 4) {
      hash += geohash_letters[letter];
      letter = 0;
    }
  }
  return Value::string(std::move(hash));
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

auto point(double longitude, double latitude) -> std::string {
  return "[" + to_json(Value::real(longitude)) + "," + to_json(Value::real(latitude)) + "]";
}

auto geohash_centre(Arguments a, EvaluationContext&) -> Value {
  const auto cell = cell_of(a[0].text());
  return cell ? Value::dynamic(R"({"type":"Point","coordinates":)" +
                               point(middle(cell->longitude), middle(cell->latitude)) + "}")
              : Value{};
}

auto geohash_polygon(Arguments a, EvaluationContext&) -> Value {
  const auto cell = cell_of(a[0].text());
  if (!cell) {
    return Value{};
  }
  const auto [west, east] = cell->longitude;
  const auto [south, north] = cell->latitude;
  const std::array corners{point(west, south),
                           point(east, south),
                           point(east, north),
                           point(west, north),
                           point(west, south)};
  return Value::dynamic(R"({"type":"Polygon","coordinates":[)" +
                        std::string{array_of(corners).text()} + "]}");
}

} // namespace

auto geo_functions() -> std::vector<Function> {
  constexpr auto geo = Family::geo;
  return {
      {"geo_distance_2points",
       {},
       geo,
       "number, number, number, number -> real",
       "Metres between two places, each as longitude and latitude.",
       "round(geo_distance_2points(0, 0, 0, 1)) => 111195.0",
       distance},
      {"geo_azimuth",
       {},
       geo,
       "number, number, number, number -> real",
       "The direction from one place to the other, in radians clockwise from north.",
       "geo_azimuth(0, 0, 0, 1) => 0.0",
       azimuth},
      {"geo_point_in_circle",
       {},
       geo,
       "number, number, number, number, number -> bool",
       "Whether the place lies within so many metres of the other.",
       "geo_point_in_circle(0, 0, 0, 1, 120000) => true",
       is_in_circle},
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
  };
}

} // namespace sluice::kql
