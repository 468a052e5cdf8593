// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kql/plan.hpp"
#include "store/store.hpp"
#include "store/wide_table.hpp"

/// For tests of this library: queries as short texts.
namespace sluice::store {

/// Keeps every row as one text: literals of the language, separated by `|`.
class CollectedRows final : public RowSink {
public:
  auto begin(const kql::Schema&) -> Result<> override { return {}; }
  auto row(std::span<const kql::Value> values) -> Result<> override {
    std::string text;
    for (const auto& value : values) {
      text += (text.empty() ? "" : "|") + kql::to_literal(value);
    }
    rows.push_back(text);
    return {};
  }

  std::vector<std::string> rows;
};

/// `AuditRecords | project first, second, ...`
[[nodiscard]] inline auto project_plan(const std::vector<std::string_view>& names) -> kql::Plan {
  const auto& table = wide_table_schema();
  kql::Project project;
  project.input = std::make_unique<kql::Plan>();
  project.input->output = table;
  project.input->node = kql::Scan{std::string{wide_table_name}};
  kql::Plan plan;
  for (const auto name : names) {
    std::size_t index = 0;
    while (table.columns[index].name != name) {
      ++index;
    }
    auto column = std::make_unique<kql::Expression>();
    column->type = table.columns[index].type;
    column->node = kql::ColumnRef{index};
    project.columns.push_back(std::move(column));
    plan.output.columns.push_back({std::string{name}, table.columns[index].type});
  }
  plan.node = std::move(project);
  return plan;
}

} // namespace sluice::store
