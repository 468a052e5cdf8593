// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "record/columns.hpp"

namespace sluice::record {

/// A column of table Cases.
struct CaseColumn {
  std::string_view name;
  ColumnType type;
  std::string_view description; ///< Part of a sentence.
};

/// All columns of table Cases, in its order: one row is one version of one alert joined with one
/// investigation. The first are `CaseId`, `Version` and `EmittedTime`.
[[nodiscard]] auto case_columns() noexcept -> std::span<const CaseColumn>;

} // namespace sluice::record
