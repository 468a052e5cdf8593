// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "kql/ast.hpp"
#include "kql/bind/pipeline_binder.hpp"
#include "kql/plan.hpp"

/// Private to the binder: the plugins of `evaluate`.
namespace sluice::kql {

/// What stands in the brackets of a plugin: arguments by place or by name.
class PluginArguments {
public:
  explicit PluginArguments(const ast::Call& call) : call_{call} {}
  /// Null when there is none. An empty name means by place alone.
  [[nodiscard]] auto find(std::size_t place, std::string_view name) const -> const ast::Expression*;
  [[nodiscard]] auto size() const -> std::size_t { return call_.arguments.size(); }

private:
  const ast::Call& call_;
};

/// The column that an argument names, of that type if any is wanted; nothing after a mistake was
/// reported.
[[nodiscard]] auto plugin_column(PipelineBinder& binder,
                                 const Schema& schema,
                                 const ast::Expression* argument,
                                 std::optional<Type> type,
                                 Span span) -> std::optional<std::size_t>;
/// Whether what columns the plugin gives cannot be told and need not be: in checks, without rows
/// and without a schema behind the plugin.
[[nodiscard]] auto stays_open(PipelineBinder& binder, const ast::Evaluate& op) -> bool;
/// The rows that the plan gives now; nothing after a mistake was reported.
[[nodiscard]] auto probed_rows(PipelineBinder& binder, const Plan& plan, Span span)
    -> std::optional<DataProbe::Rows>;

// cluster_plugins.cpp: in checks alone; else it is refused by its name.
[[nodiscard]] auto
bind_cluster_plugin(PipelineBinder& binder, PlanPtr input, const ast::Evaluate& op) -> PlanPtr;
// unpack.cpp
[[nodiscard]] auto bind_unpack(PipelineBinder& binder, PlanPtr input, const ast::Evaluate& op)
    -> PlanPtr;
// pivot.cpp
[[nodiscard]] auto bind_pivot(PipelineBinder& binder, PlanPtr input, const ast::Evaluate& op)
    -> PlanPtr;
// ip_lookup.cpp
[[nodiscard]] auto bind_ip_lookup(PipelineBinder& binder, PlanPtr input, const ast::Evaluate& op)
    -> PlanPtr;
// narrow.cpp
[[nodiscard]] auto bind_narrow(PipelineBinder& binder, PlanPtr input, const ast::Evaluate& op)
    -> PlanPtr;
// geo_lookup.cpp
[[nodiscard]] auto bind_geo_lookup(PipelineBinder& binder, PlanPtr input, const ast::Evaluate& op)
    -> PlanPtr;

} // namespace sluice::kql
