// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

/// One row for each function over the rows in their order. The binder, the store's SQL and the
/// documentation read these rows.
namespace sluice::kql {

struct RowFunctionRow {
  std::string_view name;
  /// As in `Function`.
  std::string_view signature;
  std::string_view about;
  std::string_view example;
};

[[nodiscard]] auto row_functions() -> std::span<const RowFunctionRow>;
/// Null when there is none.
[[nodiscard]] auto find_row_function(std::string_view name) -> const RowFunctionRow*;

} // namespace sluice::kql
