// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>

#include <s2/s2buffer_operation.h>
#include <s2/s2builderutil_s2polygon_layer.h>
#include <s2/s2edge_crossings.h>
#include <s2/s2edge_tessellator.h>
#include <s2/s2projections.h>

#include "kql/function/families.hpp"
#include "kql/function/geo_arguments.hpp"
#include "kql/geo/sphere.hpp"

/// Shapes made wider, and edges made dense.
namespace sluice::kql {
namespace {

/// The radius at `at` and the tolerance behind it, as S2 takes them.
auto buffer_options(Arguments a, std::size_t at) -> std::optional<S2BufferOperation::Options> {
  const auto radius = number_at(a, at, 0);
  const auto tolerance = number_at(a, at + 1, usual_tolerance_metres);
  if (!radius || !tolerance || *radius <= 0 || *tolerance <= 0 ||
      *radius > std::numbers::pi * earth_radius_metres) {
    return std::nullopt;
  }
  const auto fraction = *tolerance / *radius;
  if (fraction < S2BufferOperation::Options::kMinErrorFraction) {
    return std::nullopt;
  }
  S2BufferOperation::Options options{to_angle(*radius)};
  options.set_error_fraction(std::min(fraction, 1.0));
  return options;
}

template <class Add>
auto buffered(const S2BufferOperation::Options& options, const Add& add) -> Value {
  S2Polygon result;
  result.set_s2debug_override(S2Debug::DISABLE);
  S2BufferOperation operation{std::make_unique<s2builderutil::S2PolygonLayer>(&result), options};
  add(operation);
  S2Error error;
  return operation.Build(&error) ? polygon_value(result) : Value{};
}

auto point_buffer(Arguments a, EvaluationContext&) -> Value {
  const auto place = place_at(a, 0);
  const auto options = buffer_options(a, 2);
  return !place || !options ? Value{} : buffered(*options, [&](S2BufferOperation& operation) {
    operation.AddPoint(to_s2(*place));
  });
}

auto line_buffer(Arguments a, EvaluationContext&) -> Value {
  const auto lines = read_lines(a[0]);
  const auto options = buffer_options(a, 1);
  return !lines || !options ? Value{} : buffered(*options, [&](S2BufferOperation& operation) {
    for (const auto& line : *lines) {
      operation.AddPolyline(line->vertices_span());
    }
  });
}

auto polygon_buffer(Arguments a, EvaluationContext&) -> Value {
  const auto polygon = read_polygon(a[0]);
  const auto options = buffer_options(a, 1);
  return polygon == nullptr || !options ? Value{}
                                        : buffered(*options, [&](S2BufferOperation& operation) {
                                            operation.AddShape(S2Polygon::Shape{polygon.get()});
                                          });
}

/// A map of degrees that has an edge: a line from 170 to -170 goes over 0, as in the engine
/// (observed).
class FlatMap final : public S2::Projection {
public:
  [[nodiscard]] auto Project(const S2Point& p) const -> R2Point override { return map_.Project(p); }
  [[nodiscard]] auto Unproject(const R2Point& p) const -> S2Point override {
    constexpr auto radians = std::numbers::pi / 180;
    const auto longitude = p.x() * radians; // Beyond a turn too.
    const auto latitude = p.y() * radians;
    return {std::cos(longitude) * std::cos(latitude),
            std::sin(longitude) * std::cos(latitude),
            std::sin(latitude)};
  }
  [[nodiscard]] auto FromLatLng(const S2LatLng& place) const -> R2Point override {
    return map_.FromLatLng(place);
  }
  [[nodiscard]] auto ToLatLng(const R2Point& p) const -> S2LatLng override {
    return map_.ToLatLng(p);
  }
  [[nodiscard]] auto wrap_distance() const -> R2Point override { return {0, 0}; }

private:
  S2::PlateCarreeProjection map_{180};
};

/// The edges of a path follow straight lines on a map of degrees, as GeoJSON has it; what comes out
/// follows them on the ball.
auto dense(const Path& path, S1Angle tolerance) -> std::vector<S2Point> {
  const FlatMap map;
  const S2EdgeTessellator tessellator{&map, tolerance};
  std::vector<S2Point> points;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    tessellator.AppendUnprojected({path[i].longitude, path[i].latitude},
                                  {path[i + 1].longitude, path[i + 1].latitude},
                                  &points);
  }
  return points;
}

auto is_over_antimeridian(const Place& a, const Place& b) -> bool {
  constexpr double half_a_turn = 180;
  return std::abs(a.longitude - b.longitude) > half_a_turn;
}

/// As near to the antimeridian as the engine goes (observed).
constexpr double edge_of_the_map = 179.999999999999;

/// Where an edge reaches the edge of the map on the side of `from`.
auto at_edge(const Place& from, const Place& to) -> Place {
  constexpr double pole = 90;
  const auto longitude = std::copysign(edge_of_the_map, from.longitude);
  const auto a = to_s2(from);
  const auto b = to_s2(to);
  const auto south = to_s2({longitude, -pole});
  const auto equator = to_s2({longitude, 0});
  const auto north = to_s2({longitude, pole});
  for (const auto& end : {south, north}) {
    if (S2::CrossingSign(a, b, equator, end) > 0) {
      return {longitude, to_place(S2::GetIntersection(a, b, equator, end)).latitude};
    }
  }
  return {longitude, from.latitude};
}

/// Cuts where the path goes over the antimeridian.
auto cut(const std::vector<S2Point>& points) -> std::vector<Path> {
  std::vector<Path> paths(1);
  for (const auto& point : points) {
    const auto place = to_place(point);
    auto& path = paths.back();
    if (!path.empty() && is_over_antimeridian(path.back(), place)) {
      const auto before = path.back();
      path.push_back(at_edge(before, place));
      paths.push_back({at_edge(place, before)});
    }
    paths.back().push_back(place);
  }
  return paths;
}

/// The tolerance of a densification; it has a least and a greatest one (documented).
auto density(Arguments a) -> std::optional<S1Angle> {
  constexpr double least = 0.1;
  constexpr double most = 10000;
  const auto tolerance = number_at(a, 1, usual_tolerance_metres);
  return tolerance && *tolerance >= least && *tolerance <= most
             ? std::optional{to_angle(*tolerance)}
             : std::nullopt;
}

auto densify_line(Arguments a, EvaluationContext&) -> Value {
  const auto paths = read_lines(a[0]) ? read_paths(a[0]) : std::nullopt;
  const auto tolerance = density(a);
  if (!paths || !tolerance) {
    return {};
  }
  std::vector<Path> result;
  for (const auto& path : *paths) {
    std::ranges::move(cut(dense(path, *tolerance)), std::back_inserter(result));
  }
  return Value::dynamic(paths_json(result));
}

auto densify_polygon(Arguments a, EvaluationContext&) -> Value {
  auto areas = read_polygon(a[0]) != nullptr ? read_areas(a[0]) : std::nullopt;
  const auto tolerance = density(a);
  if (!areas || !tolerance) {
    return {};
  }
  for (auto& rings : *areas) {
    for (auto& ring : rings) {
      const auto points = dense(ring, *tolerance);
      ring.clear();
      std::ranges::transform(points, std::back_inserter(ring), to_place);
    }
  }
  return Value::dynamic(areas_json(*areas));
}

} // namespace

auto geo_shape_functions() -> std::vector<Function> {
  constexpr auto geo = Family::geo;
  return {
      {"geo_point_buffer",
       {},
       geo,
       "number, number, number, [number] -> dynamic",
       "What lies within so many metres of a place; the fourth argument says how exactly, in "
       "metres.",
       "",
       point_buffer},
      {"geo_line_buffer",
       {},
       geo,
       "dynamic, number, [number] -> dynamic",
       "What lies within so many metres of a line.",
       "",
       line_buffer},
      {"geo_polygon_buffer",
       {},
       geo,
       "dynamic, number, [number] -> dynamic",
       "What lies within so many metres of an area, and the area.",
       "",
       polygon_buffer},
      {"geo_line_densify",
       {},
       geo,
       "dynamic, [number] -> dynamic",
       "A line with further places, so that no edge is so many metres off the map's straight line.",
       "",
       densify_line},
      {"geo_polygon_densify",
       {},
       geo,
       "dynamic, [number] -> dynamic",
       "An area with further places on its outline.",
       "",
       densify_polygon},
  };
}

} // namespace sluice::kql
