// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <s2/s2cell.h>
#include <s2/s2latlng.h>
#include <s2/s2metrics.h>
#include <s2/s2region_coverer.h>
#include <s2/s2shape_index_buffered_region.h>
#include <s2/s2shape_index_region.h>
#include <s2/s2shape_measures.h>

#include "kql/function/families.hpp"
#include "kql/function/geo_arguments.hpp"
#include "kql/geo/sphere.hpp"

/// The cells of S2: squares of thirty sizes that cover the ball. They are written as tokens.
namespace sluice::kql {
namespace {

constexpr std::int64_t usual_level = 11;
/// More cells are null (documented).
constexpr std::size_t most_cells = 65536;

auto level_at(Arguments a, std::size_t at) -> std::optional<int> {
  const auto level = at >= a.size() ? usual_level : a[at].is_null() ? -1 : a[at].as_integer();
  return level >= 0 && level <= S2CellId::kMaxLevel ? std::optional{static_cast<int>(level)}
                                                    : std::nullopt;
}

auto cell_at(const Value& token) -> std::optional<S2CellId> {
  constexpr std::size_t longest = 16;
  const auto text = token.text();
  if (text.empty() || text.size() > longest) {
    return std::nullopt;
  }
  const auto cell = S2CellId::FromToken(std::string{text});
  return cell.is_valid() ? std::optional{cell} : std::nullopt;
}

auto tokens_of(const std::vector<S2CellId>& cells) -> Value {
  std::vector<std::string> tokens;
  for (const auto cell : cells) {
    tokens.push_back('"' + cell.ToToken() + '"');
  }
  return array_of(tokens);
}

auto to_cell(Arguments a, EvaluationContext&) -> Value {
  const auto place = place_at(a, 0);
  const auto level = level_at(a, 2);
  return Value::string(place && level ? S2CellId{to_s2(*place)}.parent(*level).ToToken() : "");
}

auto centre(Arguments a, EvaluationContext&) -> Value {
  const auto cell = cell_at(a[0]);
  return cell ? Value::dynamic(point_json(to_place(cell->ToPoint()))) : Value{};
}

auto polygon(Arguments a, EvaluationContext&) -> Value {
  const auto id = cell_at(a[0]);
  if (!id) {
    return {};
  }
  const S2Cell cell{*id};
  Path ring;
  for (const int corner : {0, 1, 2, 3, 0}) {
    ring.push_back(to_place(cell.GetVertex(corner)));
  }
  return Value::dynamic(areas_json({Rings{ring}}));
}

auto neighbors(Arguments a, EvaluationContext&) -> Value {
  const auto cell = cell_at(a[0]);
  if (!cell) {
    return {};
  }
  std::vector<S2CellId> all;
  cell->AppendAllNeighbors(cell->level(), &all);
  std::vector<S2CellId> once;
  for (const auto one : all) {
    if (std::ranges::find(once, one) == once.end()) {
      once.push_back(one);
    }
  }
  return tokens_of(once);
}

/// How many cells at least cover the shapes: refuses what would take long before it begins.
auto is_too_fine(const S2ShapeIndex& index, double radius_metres, int level) -> bool {
  const auto radius = to_angle(radius_metres).radians();
  const auto around_one_place = 2 * std::numbers::pi * (1 - std::cos(radius));
  double area = 0;
  double length = 0;
  for (int i = 0; i < index.num_shape_ids(); ++i) {
    const auto* shape = index.shape(i);
    area += S2::GetArea(*shape);
    length += (S2::GetPerimeter(*shape) + S2::GetLength(*shape)).radians();
  }
  const auto cells =
      std::max({area, length * radius, around_one_place}) / S2::kMaxArea.GetValue(level);
  return cells > most_cells || length / S2::kMaxDiag.GetValue(level) > most_cells;
}

auto covering(const S2ShapeIndex& index, double radius_metres, int level) -> Value {
  if (is_too_fine(index, radius_metres, level)) {
    return {};
  }
  S2RegionCoverer coverer;
  coverer.mutable_options()->set_fixed_level(level);
  std::vector<S2CellId> cells;
  if (radius_metres > 0) {
    const S2ShapeIndexBufferedRegion region{&index, S1ChordAngle{to_angle(radius_metres)}};
    coverer.GetCovering(region, &cells);
  } else {
    coverer.GetCovering(MakeS2ShapeIndexRegion(&index), &cells);
  }
  return cells.size() > most_cells ? Value{} : tokens_of(cells);
}

/// Level and radius behind a shape; nothing when one of them is out of range.
struct Fineness {
  int level = 0;
  double radius = 0;
};
auto fineness_of(Arguments a) -> std::optional<Fineness> {
  const auto level = level_at(a, 1);
  const auto radius = number_at(a, 2, 0);
  constexpr double farthest = 10'000'000;
  return level && radius && *radius >= 0 && *radius <= farthest
             ? std::optional{Fineness{*level, *radius}}
             : std::nullopt;
}

auto polygon_cells(Arguments a, EvaluationContext&) -> Value {
  const auto area = read_polygon(a[0]);
  const auto fineness = fineness_of(a);
  if (area == nullptr || !fineness) {
    return {};
  }
  MutableS2ShapeIndex index;
  add_polygon(index, *area);
  return covering(index, fineness->radius, fineness->level);
}

auto line_cells(Arguments a, EvaluationContext&) -> Value {
  const auto lines = read_lines(a[0]);
  const auto fineness = fineness_of(a);
  if (!lines || !fineness) {
    return {};
  }
  MutableS2ShapeIndex index;
  add_lines(index, *lines);
  return covering(index, fineness->radius, fineness->level);
}

} // namespace

auto geo_cell_functions() -> std::vector<Function> {
  constexpr auto geo = Family::geo;
  return {
      {"geo_point_to_s2cell",
       {},
       geo,
       "number, number, [integer] -> string",
       "The S2 cell of a place, of level 0 to 30, 11 if not said.",
       "geo_point_to_s2cell(0, 0, 0) => 1",
       to_cell},
      {"geo_s2cell_to_central_point",
       {},
       geo,
       "string -> dynamic",
       "The middle of an S2 cell as a GeoJSON point.",
       "",
       centre},
      {"geo_s2cell_to_polygon",
       {},
       geo,
       "string -> dynamic",
       "The area of an S2 cell as a GeoJSON polygon.",
       "",
       polygon},
      {"geo_s2cell_neighbors",
       {},
       geo,
       "string -> dynamic",
       "The S2 cells of that size around an S2 cell.",
       "",
       neighbors},
      {"geo_polygon_to_s2cells",
       {},
       geo,
       "dynamic, [integer], [number] -> dynamic",
       "The S2 cells of one level that cover an area and so many metres around it.",
       "",
       polygon_cells},
      {"geo_line_to_s2cells",
       {},
       geo,
       "dynamic, [integer], [number] -> dynamic",
       "The S2 cells of one level that cover a line and so many metres around it.",
       "",
       line_cells},
  };
}

} // namespace sluice::kql
