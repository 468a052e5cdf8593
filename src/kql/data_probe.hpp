// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/result.hpp"
#include "kql/value.hpp"

namespace sluice::kql {

struct Plan;

/// Answers questions about the rows while a query is compiled: which columns `bag_unpack` and
/// `pivot` give, the rows alone can tell.
///
/// The rows may be others when the query runs; what they bring that was not there before is left
/// out.
class DataProbe {
public:
  using Rows = std::vector<std::vector<Value>>;

  DataProbe() = default;
  DataProbe(const DataProbe&) = delete;
  auto operator=(const DataProbe&) -> DataProbe& = delete;
  virtual ~DataProbe() = default;

  /// All rows of a plan that gives few, their values owned.
  /// Errors: as running a query; invalid_input when there are too many.
  [[nodiscard]] virtual auto rows(const Plan& plan) const -> Result<Rows> = 0;
};

} // namespace sluice::kql
