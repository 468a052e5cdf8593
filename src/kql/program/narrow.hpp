// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "kql/row_program.hpp"

/// Private to the library.
namespace sluice::kql {

/// `narrow`: a row for each cell: the number of its row from 0, the column's name, the value as
/// text.
class NarrowProgram final : public RowProgram {
public:
  explicit NarrowProgram(std::vector<std::string> columns) : columns_{std::move(columns)} {}

  [[nodiscard]] auto text() const -> std::string override { return "narrow"; }
  [[nodiscard]] auto run(Rows rows) const -> Rows override;

private:
  std::vector<std::string> columns_;
};

} // namespace sluice::kql
