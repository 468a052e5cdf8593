// SPDX-License-Identifier: Apache-2.0
#include "kql/geo/sphere.hpp"

#include <algorithm>
#include <cmath>

#include <s2/s2latlng.h>

namespace sluice::kql {
namespace {

auto is_finite(const Path& path) -> bool {
  return std::ranges::all_of(path, [](const Place& place) {
    return std::isfinite(place.longitude) && std::isfinite(place.latitude);
  });
}

auto points_of(const Path& path) -> std::vector<S2Point> {
  std::vector<S2Point> points;
  points.reserve(path.size());
  std::ranges::transform(path, std::back_inserter(points), to_s2);
  return points;
}

auto read_line(const Path& path) -> Line {
  constexpr std::size_t fewest = 2;
  if (path.size() < fewest || !is_finite(path)) {
    return nullptr;
  }
  auto line = std::make_unique<S2Polyline>(points_of(path), S2Debug::DISABLE);
  S2Error mistake;
  return line->FindValidationError(&mistake) ? nullptr : std::move(line);
}

auto read_loop(const Path& ring) -> std::unique_ptr<S2Loop> {
  constexpr std::size_t fewest = 4;
  if (ring.size() < fewest || !is_finite(ring)) {
    return nullptr;
  }
  auto points = points_of(ring);
  if (points.front() != points.back()) {
    return nullptr;
  }
  points.pop_back();
  auto loop = std::make_unique<S2Loop>(points, S2Debug::DISABLE);
  if (S2Error mistake; loop->FindValidationError(&mistake)) {
    return nullptr;
  }
  loop->Normalize();
  return loop;
}

auto read_area(const Rings& rings) -> std::unique_ptr<S2Polygon> {
  std::vector<std::unique_ptr<S2Loop>> loops;
  for (const auto& ring : rings) {
    loops.push_back(read_loop(ring));
    if (loops.back() == nullptr) {
      return nullptr;
    }
  }
  auto polygon = std::make_unique<S2Polygon>();
  polygon->set_s2debug_override(S2Debug::DISABLE);
  polygon->InitNested(std::move(loops));
  S2Error mistake;
  return polygon->FindValidationError(&mistake) ? nullptr : std::move(polygon);
}

auto ring_of(const S2Loop& loop) -> Path {
  Path ring;
  for (int i = 0; i <= loop.num_vertices(); ++i) {
    ring.push_back(to_place(loop.oriented_vertex(i % loop.num_vertices())));
  }
  return ring;
}

} // namespace

auto to_s2(const Place& place) -> S2Point {
  return S2LatLng::FromDegrees(place.latitude, place.longitude).Normalized().ToPoint();
}

auto to_place(const S2Point& point) -> Place {
  const S2LatLng place{point};
  return {place.lng().degrees(), place.lat().degrees()};
}

auto to_angle(double metres) -> S1Angle {
  return S1Angle::Radians(metres / earth_radius_metres);
}

auto read_lines(const Value& json) -> std::optional<std::vector<Line>> {
  const auto paths = read_paths(json);
  if (!paths) {
    return std::nullopt;
  }
  std::vector<Line> lines;
  for (const auto& path : *paths) {
    lines.push_back(read_line(path));
    if (lines.back() == nullptr) {
      return std::nullopt;
    }
  }
  return lines;
}

auto read_polygon(const Value& json) -> std::unique_ptr<S2Polygon> {
  const auto areas = read_areas(json);
  if (!areas) {
    return nullptr;
  }
  std::vector<std::unique_ptr<S2Polygon>> polygons;
  for (const auto& rings : *areas) {
    polygons.push_back(read_area(rings));
    if (polygons.back() == nullptr) {
      return nullptr;
    }
  }
  return polygons.size() == 1 ? std::move(polygons.front())
                              : S2Polygon::DestructiveUnion(std::move(polygons));
}

auto path_of(const S2Polyline& line) -> Path {
  Path path;
  for (int i = 0; i < line.num_vertices(); ++i) {
    path.push_back(to_place(line.vertex(i)));
  }
  return path;
}

auto areas_of(const S2Polygon& polygon) -> std::vector<Rings> {
  std::vector<Rings> areas;
  std::vector<std::size_t> area_of_loop;
  for (int i = 0; i < polygon.num_loops(); ++i) {
    const auto& loop = *polygon.loop(i);
    const auto parent = polygon.GetParent(i);
    const bool is_hole = loop.is_hole() && parent >= 0;
    if (!is_hole) {
      areas.emplace_back();
    }
    area_of_loop.push_back(is_hole ? area_of_loop[static_cast<std::size_t>(parent)]
                                   : areas.size() - 1);
    areas[area_of_loop.back()].push_back(ring_of(loop));
  }
  return areas;
}

auto polygon_value(const S2Polygon& polygon) -> Value {
  const auto areas = areas_of(polygon);
  return Value::dynamic(areas.empty() ? collection_json({}) : areas_json(areas));
}

auto lines_value(const std::vector<Line>& lines) -> Value {
  std::vector<Path> paths;
  for (const auto& line : lines) {
    paths.push_back(path_of(*line));
  }
  return Value::dynamic(paths.empty() ? collection_json({}) : paths_json(paths));
}

void add_lines(MutableS2ShapeIndex& index, const std::vector<Line>& lines) {
  for (const auto& line : lines) {
    index.Add(std::make_unique<S2Polyline::Shape>(line.get()));
  }
}

void add_polygon(MutableS2ShapeIndex& index, const S2Polygon& polygon) {
  index.Add(std::make_unique<S2Polygon::Shape>(&polygon));
}

} // namespace sluice::kql
