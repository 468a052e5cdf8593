// SPDX-License-Identifier: Apache-2.0
#include "kql/bind/lookup_pairs.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "kql/bind/column_names.hpp"
#include "kql/bind/columns.hpp"
#include "kql/bind/plugins.hpp"

namespace sluice::kql {

auto lookup_table(PipelineBinder& binder, const ast::Evaluate& op, const std::string& what)
    -> PlanPtr {
  const auto* table = PluginArguments{op.plugin}.find(0, "");
  if (table == nullptr || op.schema) {
    binder.report(op.plugin.name_span,
                  table == nullptr ? Code::argument_range : Code::not_supported,
                  fmt::format("expected a table of {}, and no schema behind", what));
    return nullptr;
  }
  auto rows = binder.rows_of(*table);
  if (rows == nullptr) {
    return nullptr;
  }
  const auto visible = visible_columns(rows->output);
  return pick_columns(std::move(rows), visible);
}

auto all_pairs(PlanPtr rows, PlanPtr others) -> PlanPtr {
  auto schema = rows->output;
  ColumnNames names;
  for (const auto& column : schema.columns) {
    static_cast<void>(names.declare(column.name));
  }
  for (const auto& column : others->output.columns) {
    schema.columns.push_back({names.make_unique(column.name), column.type});
  }
  return make_plan(std::move(schema),
                   Join{JoinKind::inner, std::move(rows), std::move(others), {}});
}

auto with_unmatched(PipelineBinder& binder,
                    PlanPtr found,
                    PlanPtr rows,
                    const std::vector<std::size_t>& keys,
                    Span span) -> PlanPtr {
  auto again = binder.copy_of(*found, span);
  if (rows == nullptr || again == nullptr) {
    return nullptr;
  }
  const auto output = found->output;
  const auto schema = rows->output;
  Join anti{JoinKind::left_anti, std::move(rows), std::move(again), {}};
  for (const auto key : keys) {
    anti.keys.emplace_back(make_reference(schema, key), make_reference(output, key));
  }
  auto rest = make_plan(schema, std::move(anti));
  std::vector<std::uint32_t> places(output.columns.size());
  std::iota(places.begin(), places.end(), 0U);
  Union both;
  both.inputs.push_back(std::move(found));
  both.places.push_back(places);
  both.inputs.push_back(std::move(rest));
  std::fill(places.begin() + static_cast<std::ptrdiff_t>(schema.columns.size()),
            places.end(),
            Union::absent);
  both.places.push_back(std::move(places));
  return make_plan(output, std::move(both));
}

} // namespace sluice::kql
