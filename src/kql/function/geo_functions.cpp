// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <optional>

#include "kql/function/families.hpp"
#include "kql/function/geo_arguments.hpp"
#include "kql/geo/well_known_text.hpp"

/// Places on the earth, taken for a ball of 6,371,010 metres (observed).
namespace sluice::kql {
namespace {

/// In radians.
auto place_of(Arguments a, std::size_t at) -> std::optional<Place> {
  constexpr auto radians = std::numbers::pi / 180;
  const auto place = place_at(a, at);
  return place ? std::optional{Place{place->longitude * radians, place->latitude * radians}}
               : std::nullopt;
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

/// Clockwise from north, in radians.
auto direction(const Place& from, const Place& to) -> double {
  const auto turn = to.longitude - from.longitude;
  return std::atan2(std::sin(turn) * std::cos(to.latitude),
                    std::cos(from.latitude) * std::sin(to.latitude) -
                        std::sin(from.latitude) * std::cos(to.latitude) * std::cos(turn));
}

auto positive(double angle) -> double {
  return angle < 0 ? angle + 2 * std::numbers::pi : angle;
}

/// None between a place and itself.
auto azimuth(Arguments a, EvaluationContext&) -> Value {
  const auto from = place_of(a, 0);
  const auto to = place_of(a, 2);
  return from && to && metres_between(*from, *to) != 0
             ? Value::real(positive(direction(*from, *to)))
             : Value::null(Type::real);
}

auto angle(Arguments a, EvaluationContext&) -> Value {
  const auto first = place_of(a, 0);
  const auto middle = place_of(a, 2);
  const auto last = place_of(a, 4);
  if (!first || !middle || !last || metres_between(*first, *middle) == 0 ||
      metres_between(*middle, *last) == 0) {
    return Value::null(Type::real);
  }
  return Value::real(positive(direction(*middle, *last) - direction(*middle, *first)));
}

auto is_in_circle(Arguments a, EvaluationContext&) -> Value {
  const auto place = place_of(a, 0);
  const auto centre = place_of(a, 2);
  if (!place || !centre || a[4].is_null() || a[4].as_real() < 0) {
    return Value::null(Type::boolean);
  }
  return Value::boolean(metres_between(*place, *centre) <= a[4].as_real());
}

auto from_wkt(Arguments a, EvaluationContext&) -> Value {
  auto json = well_known_text_to_json(a[0].text());
  return json ? Value::dynamic(*std::move(json)) : Value{};
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
      {"geo_angle",
       {},
       geo,
       "number, number, number, number, number, number -> real",
       "At the second of three places, the angle clockwise from the first to the third, in "
       "radians.",
       "geo_angle(0, 10, 0, 0, 0, -10) => 3.141592653589793",
       angle},
      {"geo_from_wkt",
       {},
       geo,
       "string -> dynamic",
       "The GeoJSON of a geometry that is written as well-known text.",
       "geo_from_wkt(\"POINT (1 2)\").coordinates => [1.0,2.0]",
       from_wkt},
  };
}

} // namespace sluice::kql
