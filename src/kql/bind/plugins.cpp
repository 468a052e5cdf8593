// SPDX-License-Identifier: Apache-2.0
#include "kql/bind/plugins.hpp"

#include <array>

#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/operators.hpp"
#include "kql/open_type.hpp"

namespace sluice::kql {
namespace {

struct Plugin {
  std::string_view name;
  PlanPtr (*bind)(PipelineBinder&, PlanPtr, const ast::Evaluate&);
};

constexpr auto plugins = std::to_array<Plugin>({
    {"bag_unpack", bind_unpack},
    {"pivot", bind_pivot},
    {"ipv4_lookup", bind_ip_lookup},
    {"ipv6_lookup", bind_ip_lookup},
    {"narrow", bind_narrow},
    {"geo_polygon_lookup", bind_geo_lookup},
    {"geo_line_lookup", bind_geo_lookup},
});

} // namespace

auto PluginArguments::find(std::size_t place, std::string_view name) const
    -> const ast::Expression* {
  const auto& names = call_.argument_names;
  for (std::size_t i = 0; i < names.size() && !name.empty(); ++i) {
    if (names[i] == name) {
      return call_.arguments[i].get();
    }
  }
  const bool is_named = place < names.size() && !names[place].empty();
  return place < call_.arguments.size() && !is_named ? call_.arguments[place].get() : nullptr;
}

auto plugin_column(PipelineBinder& binder,
                   const Schema& schema,
                   const ast::Expression* argument,
                   std::optional<Type> type,
                   Span span) -> std::optional<std::size_t> {
  const auto* name = argument == nullptr ? nullptr : std::get_if<ast::Name>(&argument->node);
  if (name == nullptr) {
    binder.report(
        argument == nullptr ? span : argument->span, Code::expected_column, "expected a column");
    return std::nullopt;
  }
  const auto index = schema.find(name->text);
  if (!index) {
    binder.infer(name->text);
    binder.report(
        argument->span, Code::unknown_name, fmt::format("unknown column `{}`", name->text));
  } else if (type && schema.columns[*index].type != *type &&
             schema.columns[*index].type != unknown_type) {
    binder.report(argument->span,
                  Code::wrong_type,
                  fmt::format("`{}` is a {}, expected a {}",
                              name->text,
                              to_text(schema.columns[*index].type),
                              to_text(*type)));
    return std::nullopt;
  }
  return index;
}

auto stays_open(PipelineBinder& binder, const ast::Evaluate& op) -> bool {
  const auto& session = binder.session();
  return !op.schema && session.checks_alone && session.probe == nullptr;
}

auto probed_rows(PipelineBinder& binder, const Plan& plan, Span span)
    -> std::optional<DataProbe::Rows> {
  const auto* probe = binder.session().probe;
  if (probe == nullptr || binder.depth() > 0) {
    binder.report(
        span,
        Code::needs_data,
        "which columns this gives, the rows alone can tell, and they are not at hand here",
        "write the columns behind it: `: (Name: string, Count: long)`");
    return std::nullopt;
  }
  auto rows = probe->rows(plan);
  if (!rows) {
    binder.report(span, Code::no_answer, "the rows could not be read: " + rows.error().message());
    return std::nullopt;
  }
  return *std::move(rows);
}

auto bind_evaluate(PipelineBinder& binder, PlanPtr input, const ast::Evaluate& op) -> PlanPtr {
  for (const auto& plugin : plugins) {
    if (plugin.name == op.plugin.function) {
      const auto visible = visible_columns(input->output);
      return plugin.bind(binder, pick_columns(std::move(input), visible), op);
    }
  }
  return bind_cluster_plugin(binder, std::move(input), op);
}

} // namespace sluice::kql
