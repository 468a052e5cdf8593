// SPDX-License-Identifier: Apache-2.0
#include "kql/program/graph_nodes.hpp"

#include <set>
#include <stdexcept>

namespace sluice::kql {

auto GraphNodesProgram::run(Rows rows) const -> Rows {
  std::set<std::string> keys;
  Rows nodes;
  for (auto& row : rows) {
    if (row[0].as_boolean()) {
      if (!keys.emplace(row[key_ + 1].text()).second) {
        throw std::runtime_error{"two nodes of the graph have the same key"};
      }
      nodes.emplace_back(row.begin() + 1, row.end());
    }
  }
  for (const auto& row : rows) {
    if (!row[0].as_boolean() && !keys.contains(std::string{row[key_ + 1].text()})) {
      throw std::runtime_error{"an edge of the graph ends at no row of its nodes"};
    }
  }
  return nodes;
}

} // namespace sluice::kql
