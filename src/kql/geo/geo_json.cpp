// SPDX-License-Identifier: Apache-2.0
#include "kql/geo/geo_json.hpp"

#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "kql/dynamic.hpp"

namespace sluice::kql {
namespace {

auto read_number(std::string_view json) -> std::optional<double> {
  double number = 0;
  const auto [end, error] = std::from_chars(json.data(), json.data() + json.size(), number);
  return error == std::errc{} && end == json.data() + json.size() ? std::optional{number}
                                                                  : std::nullopt;
}

/// Further numbers, such as a height, count for nothing.
auto read_place(std::string_view json) -> std::optional<Place> {
  if (json_kind(json) != JsonKind::array) {
    return std::nullopt;
  }
  const auto longitude = read_number(json_element(json, 0));
  const auto latitude = read_number(json_element(json, 1));
  return longitude && latitude ? std::optional{Place{*longitude, *latitude}} : std::nullopt;
}

template <class Item>
using Read = std::optional<Item> (*)(std::string_view json);

/// An array of which every item can be read, and at least one.
template <class Item>
auto read_all(std::string_view json, Read<Item> read) -> std::optional<std::vector<Item>> {
  if (json.empty() || json_kind(json) != JsonKind::array) {
    return std::nullopt;
  }
  std::vector<Item> items;
  for (JsonItems item{json}; item.next();) {
    auto one = read(item.value());
    if (!one) {
      return std::nullopt;
    }
    items.push_back(*std::move(one));
  }
  return items.empty() ? std::nullopt : std::optional{std::move(items)};
}

auto read_path(std::string_view json) -> std::optional<Path> {
  return read_all<Place>(json, read_place);
}

auto read_rings(std::string_view json) -> std::optional<Rings> {
  return read_all<Path>(json, read_path);
}

template <class Item>
auto read_geometry(const Value& value, std::string_view one, std::string_view many, Read<Item> read)
    -> std::optional<std::vector<Item>> {
  if (value.is_null() || json_kind(value.text()) != JsonKind::object) {
    return std::nullopt;
  }
  const auto type = json_to_text(json_member(value.text(), "type"));
  const auto coordinates = json_member(value.text(), "coordinates");
  if (type == many) {
    return read_all<Item>(coordinates, read);
  }
  auto item = type == one && !coordinates.empty() ? read(coordinates) : std::nullopt;
  if (!item) {
    return std::nullopt;
  }
  std::vector<Item> items;
  items.push_back(*std::move(item));
  return items;
}

auto coordinates_of(const Place& place) -> std::string {
  return fmt::format("[{},{}]", real_to_text(place.longitude), real_to_text(place.latitude));
}

template <class Item>
auto coordinates_of(const std::vector<Item>& items) -> std::string {
  std::string json = "[";
  for (const auto& item : items) {
    json += json.size() > 1 ? "," : "";
    json += coordinates_of(item);
  }
  return json + "]";
}

auto geometry(std::string_view type, std::string_view coordinates) -> std::string {
  return fmt::format(R"({{"type":"{}","coordinates":{}}})", type, coordinates);
}

} // namespace

auto read_paths(const Value& json) -> std::optional<std::vector<Path>> {
  return read_geometry<Path>(json, "LineString", "MultiLineString", read_path);
}

auto read_areas(const Value& json) -> std::optional<std::vector<Rings>> {
  return read_geometry<Rings>(json, "Polygon", "MultiPolygon", read_rings);
}

auto point_json(const Place& place) -> std::string {
  return geometry("Point", coordinates_of(place));
}

auto multi_point_json(const Path& places) -> std::string {
  return geometry("MultiPoint", coordinates_of(places));
}

auto multi_line_json(const std::vector<Path>& paths) -> std::string {
  return geometry("MultiLineString", coordinates_of(paths));
}

auto multi_area_json(const std::vector<Rings>& areas) -> std::string {
  return geometry("MultiPolygon", coordinates_of(areas));
}

auto geometries_json(const std::vector<std::string>& geometries) -> std::string {
  return fmt::format(R"({{"type":"GeometryCollection","geometries":[{}]}})",
                     fmt::join(geometries, ","));
}

auto points_json(const Path& places) -> std::string {
  return places.size() == 1 ? point_json(places.front()) : multi_point_json(places);
}

auto paths_json(const std::vector<Path>& paths) -> std::string {
  return paths.size() == 1 ? geometry("LineString", coordinates_of(paths.front()))
                           : multi_line_json(paths);
}

auto areas_json(const std::vector<Rings>& areas) -> std::string {
  return areas.size() == 1 ? geometry("Polygon", coordinates_of(areas.front()))
                           : multi_area_json(areas);
}

auto collection_json(const std::vector<std::string>& geometries) -> std::string {
  return geometries.size() == 1 ? geometries.front() : geometries_json(geometries);
}

} // namespace sluice::kql
