// SPDX-License-Identifier: Apache-2.0
#include <s2/s2boolean_operation.h>
#include <s2/s2builderutil_closed_set_normalizer.h>
#include <s2/s2builderutil_s2point_vector_layer.h>
#include <s2/s2builderutil_s2polygon_layer.h>
#include <s2/s2builderutil_s2polyline_vector_layer.h>

#include "kql/function/families.hpp"
#include "kql/function/geo_arguments.hpp"
#include "kql/geo/sphere.hpp"

/// What lines and areas have in common, and what they are together.
namespace sluice::kql {
namespace {

using Operation = S2BooleanOperation::OpType;

/// A line or an area in S2's own form.
struct Shape {
  std::vector<Line> lines;
  std::unique_ptr<S2Polygon> polygon;
  MutableS2ShapeIndex index;
};
using ShapePtr = std::unique_ptr<Shape>;

auto read_line_shape(const Value& value) -> ShapePtr {
  auto lines = read_lines(value);
  if (!lines) {
    return nullptr;
  }
  auto shape = std::make_unique<Shape>();
  shape->lines = *std::move(lines);
  add_lines(shape->index, shape->lines);
  return shape;
}

auto read_polygon_shape(const Value& value) -> ShapePtr {
  auto polygon = read_polygon(value);
  if (polygon == nullptr) {
    return nullptr;
  }
  auto shape = std::make_unique<Shape>();
  shape->polygon = std::move(polygon);
  add_polygon(shape->index, *shape->polygon);
  return shape;
}

/// Each kind of geometry that came out, points first.
struct Parts {
  std::vector<S2Point> points;
  std::vector<Line> lines;
  S2Polygon polygon;

  [[nodiscard]] auto value() const -> Value {
    std::vector<std::string> geometries;
    if (!points.empty()) {
      Path places;
      std::ranges::transform(points, std::back_inserter(places), to_place);
      geometries.push_back(points_json(places));
    }
    if (!lines.empty()) {
      geometries.emplace_back(lines_value(lines).text());
    }
    if (!polygon.is_empty()) {
      geometries.emplace_back(polygon_value(polygon).text());
    }
    return Value::dynamic(collection_json(geometries));
  }
};

auto combine(Operation type, const S2ShapeIndex& a, const S2ShapeIndex& b) -> Value {
  Parts parts;
  parts.polygon.set_s2debug_override(S2Debug::DISABLE);
  using s2builderutil::S2PolylineVectorLayer;
  S2PolylineVectorLayer::Options of_lines;
  of_lines.set_s2debug_override(S2Debug::DISABLE);
  of_lines.set_duplicate_edges(S2PolylineVectorLayer::Options::DuplicateEdges::MERGE);
  s2builderutil::LayerVector layers;
  layers.push_back(std::make_unique<s2builderutil::S2PointVectorLayer>(&parts.points));
  layers.push_back(std::make_unique<S2PolylineVectorLayer>(&parts.lines, of_lines));
  layers.push_back(std::make_unique<s2builderutil::S2PolygonLayer>(&parts.polygon));
  S2BooleanOperation::Options options;
  options.set_polygon_model(S2BooleanOperation::PolygonModel::CLOSED);
  options.set_polyline_model(S2BooleanOperation::PolylineModel::CLOSED);
  S2BooleanOperation operation{type, s2builderutil::NormalizeClosedSet(std::move(layers)), options};
  S2Error error;
  return operation.Build(a, b, &error) ? parts.value() : Value{};
}

using ReadShape = ShapePtr (*)(const Value&);

template <ReadShape read_a, ReadShape read_b>
auto intersection(Arguments a, EvaluationContext&) -> Value {
  const auto one = read_a(a[0]);
  const auto other = read_b(a[1]);
  return one == nullptr || other == nullptr
             ? Value{}
             : combine(Operation::INTERSECTION, one->index, other->index);
}

template <ReadShape read_a, ReadShape read_b>
auto intersects(Arguments a, EvaluationContext&) -> Value {
  const auto one = read_a(a[0]);
  const auto other = read_b(a[1]);
  if (one == nullptr || other == nullptr) {
    return Value::null(Type::boolean);
  }
  S2BooleanOperation::Options options;
  options.set_polygon_model(S2BooleanOperation::PolygonModel::CLOSED);
  options.set_polyline_model(S2BooleanOperation::PolylineModel::CLOSED);
  return Value::boolean(S2BooleanOperation::Intersects(one->index, other->index, options));
}

auto union_of_lines(Arguments a, EvaluationContext&) -> Value {
  MutableS2ShapeIndex all;
  std::vector<Line> lines;
  for (const auto json : items_of(a[0])) {
    auto more = read_lines(Value::borrowed_dynamic(json));
    if (!more) {
      return {};
    }
    std::ranges::move(*more, std::back_inserter(lines));
  }
  add_lines(all, lines);
  return lines.empty() ? Value{} : combine(Operation::UNION, all, MutableS2ShapeIndex{});
}

auto union_of_polygons(Arguments a, EvaluationContext&) -> Value {
  std::vector<std::unique_ptr<S2Polygon>> polygons;
  for (const auto json : items_of(a[0])) {
    polygons.push_back(read_polygon(Value::borrowed_dynamic(json)));
    if (polygons.back() == nullptr) {
      return {};
    }
  }
  return polygons.empty() ? Value{}
                          : polygon_value(*S2Polygon::DestructiveUnion(std::move(polygons)));
}

} // namespace

auto geo_set_functions() -> std::vector<Function> {
  constexpr auto geo = Family::geo;
  constexpr auto two = "dynamic, dynamic -> dynamic";
  constexpr auto whether = "dynamic, dynamic -> bool";
  return {
      {"geo_intersection_2lines",
       {},
       geo,
       two,
       "What two lines have in common.",
       "",
       intersection<read_line_shape, read_line_shape>},
      {"geo_intersection_2polygons",
       {},
       geo,
       two,
       "What two areas have in common.",
       "",
       intersection<read_polygon_shape, read_polygon_shape>},
      {"geo_intersection_line_with_polygon",
       {},
       geo,
       two,
       "What of a line lies in an area.",
       "",
       intersection<read_line_shape, read_polygon_shape>},
      {"geo_intersects_2lines",
       {},
       geo,
       whether,
       "Whether two lines have a point in common.",
       "",
       intersects<read_line_shape, read_line_shape>},
      {"geo_intersects_2polygons",
       {},
       geo,
       whether,
       "Whether two areas have a point in common.",
       "",
       intersects<read_polygon_shape, read_polygon_shape>},
      {"geo_intersects_line_with_polygon",
       {},
       geo,
       whether,
       "Whether a line and an area have a point in common.",
       "",
       intersects<read_line_shape, read_polygon_shape>},
      {"geo_union_lines_array",
       {},
       geo,
       "dynamic -> dynamic",
       "The lines of an array together.",
       "",
       union_of_lines},
      {"geo_union_polygons_array",
       {},
       geo,
       "dynamic -> dynamic",
       "The areas of an array together.",
       "",
       union_of_polygons},
  };
}

} // namespace sluice::kql
