// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kql/row_program.hpp"

/// Private to the library.
namespace sluice::kql {

/// `pivot`: the values of one group in columns of their own.
///
/// Rows that come in: the name of the column, its value. One row goes out.
class PivotProgram final : public RowProgram {
public:
  /// `missing`: what stands where there was no row. None: that is not known, and such a row ends
  /// the query.
  PivotProgram(std::vector<std::string> names, std::optional<Value> missing)
      : names_{std::move(names)},
        missing_{std::move(missing)} {}

  [[nodiscard]] auto text() const -> std::string override;
  [[nodiscard]] auto run(Rows rows) const -> Rows override;

private:
  std::vector<std::string> names_;
  std::optional<Value> missing_;
};

} // namespace sluice::kql
