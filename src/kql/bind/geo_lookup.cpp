// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <numeric>

#include "kql/bind/columns.hpp"
#include "kql/bind/lookup_pairs.hpp"
#include "kql/bind/operators.hpp"
#include "kql/bind/plugins.hpp"

namespace sluice::kql {
namespace {

/// Binds `geo_polygon_lookup` and `geo_line_lookup`: each row with each shape of a table that its
/// place lies in or near.
class GeoLookupBinder {
public:
  GeoLookupBinder(PipelineBinder& binder, const ast::Evaluate& op)
      : binder_{binder},
        op_{op},
        arguments_{op.plugin},
        is_line_{op.plugin.function == "geo_line_lookup"} {}

  auto bind(PlanPtr input) -> PlanPtr {
    const auto span = op_.plugin.name_span;
    if (arguments_.find(6, "lookup_area_radius") != nullptr) {
      binder_.report(span, Code::not_supported, "an area around the shapes is not supported");
      return nullptr;
    }
    auto shapes = lookup_table(binder_, op_, "shapes");
    if (shapes == nullptr) {
      return nullptr;
    }
    const auto column = [&](const Schema& schema, std::size_t place, Type type) {
      return plugin_column(binder_, schema, arguments_.find(place, ""), type, span);
    };
    const auto shape = column(shapes->output, 1, Type::dynamic);
    const auto longitude = column(input->output, 2, Type::real);
    const auto latitude = column(input->output, 3, Type::real);
    const auto radius = number(4, "radius");
    const auto keeps_all = truth(5, "return_unmatched");
    const auto keeps_shape = truth(7, "return_lookup_key");
    if (!shape || !longitude || !latitude || !radius || !keeps_all || !keeps_shape) {
      return nullptr;
    }
    const std::vector keys{*longitude, *latitude};
    auto rows = *keeps_all ? binder_.copy_of(*input, span) : nullptr;
    const auto key = input->output.columns.size() + *shape;
    auto found = matched(all_pairs(std::move(input), std::move(shapes)), keys, key, *radius);
    if (*keeps_all) {
      found = with_unmatched(binder_, std::move(found), std::move(rows), keys, span);
    }
    return found == nullptr || *keeps_shape ? std::move(found) : without(std::move(found), key);
  }

private:
  auto constant(std::size_t place, std::string_view name, Value usual) -> std::optional<Value> {
    const auto* argument = arguments_.find(place, name);
    return argument == nullptr ? std::optional{std::move(usual)} : binder_.constant(*argument);
  }
  auto truth(std::size_t place, std::string_view name) -> std::optional<bool> {
    const auto value = constant(place, name, Value::boolean(false));
    return value ? std::optional{value->type() == Type::boolean && !value->is_null() &&
                                 value->as_boolean()}
                 : std::nullopt;
  }
  /// Null when it was left out, which a line's must not be.
  auto number(std::size_t place, std::string_view name) -> std::optional<Value> {
    auto value = constant(place, name, Value::null(Type::real));
    const bool is_given = arguments_.find(place, name) != nullptr;
    if (value && (is_given ? value->is_null() || !is_number(value->type()) : is_line_)) {
      binder_.report(op_.plugin.name_span, Code::not_number, "expected a radius in metres");
      return std::nullopt;
    }
    return value;
  }

  auto matched(PlanPtr pairs,
               const std::vector<std::size_t>& place,
               std::size_t shape,
               const Value& radius) -> PlanPtr {
    auto schema = pairs->output;
    std::vector<ExpressionPtr> operands;
    for (const auto column : {place[0], place[1], shape}) {
      operands.push_back(make_reference(schema, column));
    }
    ExpressionPtr fits;
    if (radius.is_null()) {
      fits = make_call("geo_point_in_polygon", Type::boolean, std::move(operands));
    } else {
      const auto* function =
          is_line_ ? "geo_distance_point_to_line" : "geo_distance_point_to_polygon";
      std::vector<ExpressionPtr> sides;
      sides.push_back(make_call(function, Type::real, std::move(operands)));
      sides.push_back(make_literal(Value::real(radius.as_real()), op_.plugin.name_span));
      fits = make_call("<=", Type::boolean, std::move(sides));
    }
    return make_plan(std::move(schema), Filter{std::move(pairs), std::move(fits)});
  }

  static auto without(PlanPtr plan, std::size_t column) -> PlanPtr {
    std::vector<std::size_t> kept(plan->output.columns.size());
    std::iota(kept.begin(), kept.end(), std::size_t{0});
    kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(column));
    return pick_columns(std::move(plan), kept);
  }

  PipelineBinder& binder_;
  const ast::Evaluate& op_;
  PluginArguments arguments_;
  bool is_line_;
};

} // namespace

auto bind_geo_lookup(PipelineBinder& binder, PlanPtr input, const ast::Evaluate& op) -> PlanPtr {
  return GeoLookupBinder{binder, op}.bind(std::move(input));
}

} // namespace sluice::kql
