// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "kql/plan.hpp"
#include "store/sql_expression.hpp"

/// Private to this library: the aggregates of `summarize` as SQL.
namespace sluice::store {

/// One aggregation, in two halves: what the step below it computes in each row, and what is
/// gathered from that.
struct AggregateSql {
  std::vector<std::string> inputs;  ///< SELECT items of the step below: `c3 AS a0_0`.
  std::vector<std::string> outputs; ///< One expression for each column that it fills.
};

/// `place` makes its names unique among the step's aggregations; `order` is empty or an ORDER BY
/// over columns of the step below, for lists; `results` are the output columns' types.
/// Errors: invalid_input when the store does not know the aggregate.
[[nodiscard]] auto aggregate_sql(const kql::Aggregation& aggregation,
                                 std::size_t place,
                                 const std::string& order,
                                 const std::vector<kql::Type>& results,
                                 ExpressionWriter& writer) -> Result<AggregateSql>;

} // namespace sluice::store
