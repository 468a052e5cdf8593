// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kql/value.hpp"

/// Private to the library: places, lines and areas as the language writes them, in GeoJSON
/// (RFC 7946). What lies between two places is told in `sphere.hpp`.
namespace sluice::kql {

/// The earth is taken for a ball of this radius (observed).
inline constexpr double earth_radius_metres = 6'371'010;

/// In degrees.
struct Place {
  double longitude = 0;
  double latitude = 0;
};
using Path = std::vector<Place>;
/// An outline and the holes in it; the last place of each is the first again.
using Rings = std::vector<Path>;

/// The places of a `LineString` or `MultiLineString`; nothing when it is neither.
[[nodiscard]] auto read_paths(const Value& json) -> std::optional<std::vector<Path>>;
/// The areas of a `Polygon` or `MultiPolygon`; nothing when it is neither.
[[nodiscard]] auto read_areas(const Value& json) -> std::optional<std::vector<Rings>>;

[[nodiscard]] auto point_json(const Place& place) -> std::string;
[[nodiscard]] auto points_json(const Path& places) -> std::string;
/// A `LineString`, or of several paths a `MultiLineString`.
[[nodiscard]] auto paths_json(const std::vector<Path>& paths) -> std::string;
/// A `Polygon`, or of several areas a `MultiPolygon`.
[[nodiscard]] auto areas_json(const std::vector<Rings>& areas) -> std::string;
/// As their type says, of one too.
[[nodiscard]] auto multi_point_json(const Path& places) -> std::string;
[[nodiscard]] auto multi_line_json(const std::vector<Path>& paths) -> std::string;
[[nodiscard]] auto multi_area_json(const std::vector<Rings>& areas) -> std::string;
[[nodiscard]] auto geometries_json(const std::vector<std::string>& geometries) -> std::string;
/// The one geometry, or a `GeometryCollection` of none or several.
[[nodiscard]] auto collection_json(const std::vector<std::string>& geometries) -> std::string;

} // namespace sluice::kql
