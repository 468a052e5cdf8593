// SPDX-License-Identifier: Apache-2.0
#include <s2/s2builderutil_snap_functions.h>
#include <s2/s2shape_measures.h>

#include "kql/function/families.hpp"
#include "kql/function/geo_arguments.hpp"
#include "kql/geo/sphere.hpp"

/// Areas on the earth.
namespace sluice::kql {
namespace {

auto contains(Arguments a, EvaluationContext&) -> Value {
  const auto place = place_at(a, 0);
  const auto polygon = place ? read_polygon(a[2]) : nullptr;
  return polygon == nullptr ? Value::null(Type::boolean)
                            : Value::boolean(polygon->Contains(to_s2(*place)));
}

auto distance(Arguments a, EvaluationContext&) -> Value {
  const auto place = place_at(a, 0);
  const auto polygon = place ? read_polygon(a[2]) : nullptr;
  return polygon == nullptr
             ? Value::null(Type::real)
             : Value::real(polygon->GetDistance(to_s2(*place)).radians() * earth_radius_metres);
}

auto closest_point(Arguments a, EvaluationContext&) -> Value {
  const auto place = place_at(a, 0);
  const auto polygon = place ? read_polygon(a[2]) : nullptr;
  return polygon == nullptr ? Value{}
                            : Value::dynamic(point_json(to_place(polygon->Project(to_s2(*place)))));
}

auto area(Arguments a, EvaluationContext&) -> Value {
  const auto polygon = read_polygon(a[0]);
  return polygon == nullptr
             ? Value::null(Type::real)
             : Value::real(polygon->GetArea() * earth_radius_metres * earth_radius_metres);
}

auto perimeter(Arguments a, EvaluationContext&) -> Value {
  const auto polygon = read_polygon(a[0]);
  return polygon == nullptr
             ? Value::null(Type::real)
             : Value::real(S2::GetPerimeter(S2Polygon::Shape{polygon.get()}).radians() *
                           earth_radius_metres);
}

auto centroid(Arguments a, EvaluationContext&) -> Value {
  const auto polygon = read_polygon(a[0]);
  return polygon == nullptr
             ? Value{}
             : Value::dynamic(point_json(to_place(polygon->GetCentroid().Normalize())));
}

auto simplify(Arguments a, EvaluationContext&) -> Value {
  const auto polygon = read_polygon(a[0]);
  const auto tolerance = number_at(a, 1, usual_tolerance_metres);
  const auto most = s2builderutil::IdentitySnapFunction::kMaxSnapRadius();
  if (polygon == nullptr || !tolerance || *tolerance < 0 || to_angle(*tolerance) > most) {
    return {};
  }
  S2Polygon simple;
  simple.set_s2debug_override(S2Debug::DISABLE);
  simple.InitToSimplified(*polygon, s2builderutil::IdentitySnapFunction{to_angle(*tolerance)});
  return simple.is_empty() ? Value{} : polygon_value(simple);
}

} // namespace

auto geo_polygon_functions() -> std::vector<Function> {
  constexpr auto geo = Family::geo;
  return {
      {"geo_point_in_polygon",
       {},
       geo,
       "number, number, dynamic -> bool",
       "Whether a place lies inside an area.",
       R"(geo_point_in_polygon(1, 1, dynamic({"type":"Polygon","coordinates":[[[0,0],[5,0],[0,5],[0,0]]]})) => true)",
       contains},
      {"geo_distance_point_to_polygon",
       {},
       geo,
       "number, number, dynamic -> real",
       "Metres from a place to an area; 0 inside it.",
       "",
       distance},
      {"geo_closest_point_on_polygon",
       {},
       geo,
       "number, number, dynamic -> dynamic",
       "The point of an area that is nearest to a place.",
       "",
       closest_point},
      {"geo_polygon_area",
       {},
       geo,
       "dynamic -> real",
       "The square metres of an area.",
       R"(round(geo_polygon_area(dynamic({"type":"Polygon","coordinates":[[[0,0],[90,0],[0,90],[0,0]]]})) / 1e9) => 63758.0)",
       area},
      {"geo_polygon_perimeter",
       {},
       geo,
       "dynamic -> real",
       "The metres around an area, its holes too.",
       "",
       perimeter},
      {"geo_polygon_centroid",
       {},
       geo,
       "dynamic -> dynamic",
       "The middle of an area, as a GeoJSON point.",
       "",
       centroid},
      {"geo_polygon_simplify",
       {},
       geo,
       "dynamic, [number] -> dynamic",
       "An area whose outline leaves out what lies within so many metres, ten if not said.",
       "",
       simplify},
  };
}

} // namespace sluice::kql
