// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <s2/mutable_s2shape_index.h>
#include <s2/s2polygon.h>
#include <s2/s2polyline.h>

#include "kql/geo/geo_json.hpp"

/// Private to the library: lines and areas on the ball that the engine takes the earth for. It
/// computes with the S2 library, and so do we: the answers agree to the last digit (observed).
namespace sluice::kql {

using Line = std::unique_ptr<S2Polyline>;

[[nodiscard]] auto to_s2(const Place& place) -> S2Point;
[[nodiscard]] auto to_place(const S2Point& point) -> Place;
[[nodiscard]] auto to_angle(double metres) -> S1Angle;

/// The lines of a `LineString` or `MultiLineString`; nothing when one of them is none: it has fewer
/// than two places, or the same place twice in a row.
[[nodiscard]] auto read_lines(const Value& json) -> std::optional<std::vector<Line>>;
/// A `Polygon`, or all that a `MultiPolygon` covers. Of the two sides of a ring the smaller one is
/// meant. Null when it is no area: rings that are open, cross themselves or each other.
[[nodiscard]] auto read_polygon(const Value& json) -> std::unique_ptr<S2Polygon>;

[[nodiscard]] auto path_of(const S2Polyline& line) -> Path;
[[nodiscard]] auto areas_of(const S2Polygon& polygon) -> std::vector<Rings>;
/// As a `Polygon` or `MultiPolygon`; an empty one as an empty `GeometryCollection`.
[[nodiscard]] auto polygon_value(const S2Polygon& polygon) -> Value;
/// As a `LineString` or `MultiLineString`; none as an empty `GeometryCollection`.
[[nodiscard]] auto lines_value(const std::vector<Line>& lines) -> Value;

void add_lines(MutableS2ShapeIndex& index, const std::vector<Line>& lines);
void add_polygon(MutableS2ShapeIndex& index, const S2Polygon& polygon);

} // namespace sluice::kql
