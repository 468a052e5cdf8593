// SPDX-License-Identifier: Apache-2.0
#include "kql/program/narrow.hpp"

#include "kql/bind/columns.hpp"
#include "kql/bind/plugins.hpp"

namespace sluice::kql {

auto bind_narrow(PipelineBinder& binder, PlanPtr input, const ast::Evaluate& op) -> PlanPtr {
  if (!op.plugin.arguments.empty() || op.schema) {
    binder.report(op.plugin.name_span, Code::argument_count, "`narrow` takes no argument");
    return nullptr;
  }
  std::vector<std::string> names;
  for (const auto& column : input->output.columns) {
    names.push_back(column.name);
  }
  Schema output{{{"Row", Type::int64}, {"Column", Type::string}, {"Value", Type::string}}};
  return make_plan(
      std::move(output),
      Program{std::move(input), 0, std::make_shared<const NarrowProgram>(std::move(names))});
}

} // namespace sluice::kql
