// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

/// One row for each operator of a pipeline. The parser and the documentation read these rows.
namespace sluice::kql {

struct OperatorRow {
  std::string_view name;
  /// One sentence; empty when the operator is refused by its name.
  std::string_view about;
};

[[nodiscard]] auto operator_rows() -> std::span<const OperatorRow>;
/// Null when the language has no such operator.
[[nodiscard]] auto find_operator(std::string_view name) -> const OperatorRow*;

} // namespace sluice::kql
