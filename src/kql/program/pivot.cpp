// SPDX-License-Identifier: Apache-2.0
#include "kql/program/pivot.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace sluice::kql {

auto PivotProgram::text() const -> std::string {
  return fmt::format("pivot to {}", fmt::join(names_, ", "));
}

auto PivotProgram::run(Rows rows) const -> Rows {
  if (rows.empty()) {
    return {};
  }
  std::vector<Value> cells;
  for (const auto& name : names_) {
    const auto found =
        std::ranges::find_if(rows, [&](const auto& row) { return row[0].text() == name; });
    if (found == rows.end() && !missing_) {
      throw std::runtime_error{
          fmt::format("pivot has no value for `{}` in some row, and this aggregate says not what "
                      "stands there then",
                      name)};
    }
    cells.push_back(found == rows.end() ? *missing_ : (*found)[1]);
  }
  return {std::move(cells)};
}

} // namespace sluice::kql
