// SPDX-License-Identifier: Apache-2.0
#include <numbers>

#include <s2/s2polyline.h>

#include "kql/function/families.hpp"
#include "kql/function/geo_arguments.hpp"
#include "kql/geo/sphere.hpp"

/// Lines on the earth.
namespace sluice::kql {
namespace {

auto length(Arguments a, EvaluationContext&) -> Value {
  const auto lines = read_lines(a[0]);
  if (!lines) {
    return Value::null(Type::real);
  }
  double radians = 0;
  for (const auto& line : *lines) {
    radians += line->GetLength().radians();
  }
  return Value::real(radians * earth_radius_metres);
}

auto centroid(Arguments a, EvaluationContext&) -> Value {
  const auto lines = read_lines(a[0]);
  if (!lines) {
    return {};
  }
  S2Point sum;
  for (const auto& line : *lines) {
    sum += line->GetCentroid();
  }
  return Value::dynamic(point_json(to_place(sum.Normalize())));
}

/// The place on one of the lines that is nearest.
auto nearest(const std::vector<Line>& lines, const S2Point& point) -> S2Point {
  S2Point best;
  auto distance = S1Angle::Infinity();
  for (const auto& line : lines) {
    int next = 0;
    const auto candidate = line->Project(point, &next);
    if (const S1Angle its{point, candidate}; its < distance) {
      best = candidate;
      distance = its;
    }
  }
  return best;
}

auto distance(Arguments a, EvaluationContext&) -> Value {
  const auto place = place_at(a, 0);
  const auto lines = place ? read_lines(a[2]) : std::nullopt;
  if (!lines) {
    return Value::null(Type::real);
  }
  const auto point = to_s2(*place);
  return Value::real(S1Angle{point, nearest(*lines, point)}.radians() * earth_radius_metres);
}

auto closest_point(Arguments a, EvaluationContext&) -> Value {
  const auto place = place_at(a, 0);
  const auto lines = place ? read_lines(a[2]) : std::nullopt;
  return lines ? Value::dynamic(point_json(to_place(nearest(*lines, to_s2(*place))))) : Value{};
}

/// Nothing when it is no single line.
auto read_single(const Value& value) -> Line {
  auto lines = read_lines(value);
  return lines && lines->size() == 1 ? std::move(lines->front()) : nullptr;
}

auto interpolate(Arguments a, EvaluationContext&) -> Value {
  const auto line = read_single(a[0]);
  const auto fraction = number_at(a, 1, 0);
  if (line == nullptr || !fraction || *fraction < 0 || *fraction > 1) {
    return {};
  }
  return Value::dynamic(point_json(to_place(line->Interpolate(*fraction))));
}

auto locate(Arguments a, EvaluationContext&) -> Value {
  const auto line = read_single(a[0]);
  const auto place = place_at(a, 1);
  if (line == nullptr || !place) {
    return Value::null(Type::real);
  }
  int next = 0;
  const auto point = line->Project(to_s2(*place), &next);
  return Value::real(line->UnInterpolate(point, next));
}

/// Whether an edge goes so far around the ball that any line to its end would be as near to it.
auto is_endless(const S2Polyline& line, S1Angle tolerance) -> bool {
  for (int i = 0; i + 1 < line.num_vertices(); ++i) {
    if (S1Angle{line.vertex(i), line.vertex(i + 1)}.radians() + tolerance.radians() >=
        std::numbers::pi) {
      return true;
    }
  }
  return false;
}

auto simplify(Arguments a, EvaluationContext&) -> Value {
  auto lines = read_lines(a[0]);
  const auto tolerance = number_at(a, 1, usual_tolerance_metres);
  if (!lines || !tolerance || *tolerance < 0) {
    return {};
  }
  for (auto& line : *lines) {
    if (is_endless(*line, to_angle(*tolerance))) {
      return {};
    }
    std::vector<int> kept;
    line->SubsampleVertices(to_angle(*tolerance), &kept);
    std::vector<S2Point> points;
    for (const int at : kept) {
      points.push_back(line->vertex(at));
    }
    line = std::make_unique<S2Polyline>(points, S2Debug::DISABLE);
  }
  return lines_value(*lines);
}

} // namespace

auto geo_line_functions() -> std::vector<Function> {
  constexpr auto geo = Family::geo;
  return {
      {"geo_line_length",
       {},
       geo,
       "dynamic -> real",
       "The metres along a line or several.",
       R"(round(geo_line_length(dynamic({"type":"LineString","coordinates":[[0,0],[0,1]]}))) => 111195.0)",
       length},
      {"geo_line_centroid",
       {},
       geo,
       "dynamic -> dynamic",
       "The middle of a line or several, as a GeoJSON point.",
       "",
       centroid},
      {"geo_distance_point_to_line",
       {},
       geo,
       "number, number, dynamic -> real",
       "Metres from a place to the nearest point of a line.",
       "",
       distance},
      {"geo_closest_point_on_line",
       {},
       geo,
       "number, number, dynamic -> dynamic",
       "The point of a line that is nearest to a place.",
       "",
       closest_point},
      {"geo_line_interpolate_point",
       {},
       geo,
       "dynamic, number -> dynamic",
       "The point that lies so far along a line; 0 is its begin, 1 its end.",
       "",
       interpolate},
      {"geo_line_locate_point",
       {},
       geo,
       "dynamic, number, number -> real",
       "How far along a line lies what is nearest to a place, from 0 to 1.",
       "",
       locate},
      {"geo_line_simplify",
       {},
       geo,
       "dynamic, [number] -> dynamic",
       "A line without places that lie within so many metres of it, ten if not said.",
       "",
       simplify},
  };
}

} // namespace sluice::kql
