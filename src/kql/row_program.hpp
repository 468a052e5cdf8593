// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "kql/value.hpp"

namespace sluice::kql {

/// Work over many rows at once that is neither a relational step nor an expression: filling the
/// gaps of a series, following a sequence of steps.
///
/// Use:     made by the binder, part of a plan, run by whoever runs plans.
/// Threads: `run` may be called by all at once.
class RowProgram {
public:
  using Rows = std::vector<std::vector<Value>>;

  RowProgram() = default;
  RowProgram(const RowProgram&) = delete;
  auto operator=(const RowProgram&) -> RowProgram& = delete;
  virtual ~RowProgram() = default;

  /// As it is shown in plans.
  [[nodiscard]] virtual auto text() const -> std::string = 0;
  /// The rows that come out, their values owned. `rows` are in the input's order.
  /// Throws std::length_error when there would be too many.
  [[nodiscard]] virtual auto run(Rows rows) const -> Rows = 0;
};

} // namespace sluice::kql
