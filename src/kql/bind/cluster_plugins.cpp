// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/plugins.hpp"
#include "kql/unserved.hpp"

/// Plugins that a cluster alone computes: checks know what columns they give.
namespace sluice::kql {
namespace {

using Columns = std::vector<Column>;

auto column_of(PipelineBinder& binder, const Schema& schema, const ast::Expression& argument)
    -> std::optional<Column> {
  const auto index = plugin_column(binder, schema, &argument, std::nullopt, argument.span);
  return index ? std::optional{schema.columns[*index]} : std::nullopt;
}

/// `basket`, `autocluster`: what segments of rows have in common.
auto segments(PipelineBinder&, const Schema& schema, const ast::Call&) -> std::optional<Columns> {
  Columns columns{{"SegmentId", Type::int64}, {"Count", Type::int64}, {"Percent", Type::real}};
  columns.insert(columns.end(), schema.columns.begin(), schema.columns.end());
  return columns;
}

/// `activity_counts_metrics(id, time, from, to, window, dimension...)`
auto activity_counts(PipelineBinder& binder, const Schema& schema, const ast::Call& call)
    -> std::optional<Columns> {
  constexpr std::size_t first_dimension = 5;
  if (call.arguments.size() < first_dimension) {
    binder.report(call.name_span, Code::argument_count, "it takes five arguments and dimensions");
    return std::nullopt;
  }
  Columns columns;
  for (std::size_t i = 1; i < call.arguments.size(); i += i == 1 ? first_dimension - 1 : 1) {
    const auto column = column_of(binder, schema, *call.arguments[i]);
    if (!column) {
      return std::nullopt;
    }
    columns.push_back(*column);
  }
  for (const auto* name : {"count", "dcount", "new_dcount", "aggregated_dcount"}) {
    columns.push_back({name, Type::int64});
  }
  return columns;
}

/// `sequence_detect(time, step, span, name = condition..., dimension...)`
auto sequences(PipelineBinder& binder, const Schema& schema, const ast::Call& call)
    -> std::optional<Columns> {
  constexpr std::size_t first_condition = 3;
  Columns dimensions;
  Columns times;
  for (std::size_t i = first_condition; i < call.arguments.size(); ++i) {
    if (i < call.argument_names.size() && !call.argument_names[i].empty()) {
      times.push_back({call.argument_names[i] + "_", Type::datetime});
      continue;
    }
    const auto column = column_of(binder, schema, *call.arguments[i]);
    if (!column) {
      return std::nullopt;
    }
    dimensions.push_back(*column);
  }
  const auto time =
      call.arguments.empty() ? std::nullopt : column_of(binder, schema, *call.arguments.front());
  for (auto& column : times) {
    column.name += time ? time->name : "";
  }
  dimensions.insert(dimensions.end(), times.begin(), times.end());
  dimensions.push_back({"Duration", Type::timespan});
  return time ? std::optional{std::move(dimensions)} : std::nullopt;
}

struct ClusterPlugin {
  std::string_view name;
  std::optional<Columns> (*columns)(PipelineBinder&, const Schema&, const ast::Call&);
};

constexpr auto plugins = std::to_array<ClusterPlugin>({
    {"basket", segments},
    {"autocluster", segments},
    {"activity_counts_metrics", activity_counts},
    {"sequence_detect", sequences},
});

} // namespace

auto bind_cluster_plugin(PipelineBinder& binder, PlanPtr input, const ast::Evaluate& op)
    -> PlanPtr {
  for (const auto& plugin : plugins) {
    if (plugin.name != op.plugin.function || !binder.session().checks_alone) {
      continue;
    }
    auto columns = plugin.columns(binder, input->output, op.plugin);
    return columns ? make_plan(Schema{*std::move(columns)}, Values{}) : nullptr;
  }
  const bool is_known = std::ranges::binary_search(unserved_plugins(), op.plugin.function);
  binder.report(op.plugin.name_span,
                is_known ? Code::not_supported : Code::unknown_plugin,
                is_known ? fmt::format("the plugin `{}` is not supported", op.plugin.function)
                         : fmt::format("there is no plugin `{}`", op.plugin.function));
  return nullptr;
}

} // namespace sluice::kql
