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
  std::vector<std::string> inputs; ///< SELECT items of the step below: `c3 AS a0_0`.
  std::string row; ///< Gathered first, if there is any: all columns of one row as one value.
  /// One expression for each column that it fills, over the groups or, where there is a row, over
  /// `row<place>`. Empty for a column that is not wanted.
  std::vector<std::string> outputs;
};

/// `place` makes its names unique among the step's aggregations; `order` is empty or an ORDER BY
/// over columns of the step below, for lists; `results` are the output columns' types; `wanted`,
/// which of them are asked for.
/// Errors: invalid_input when the store does not know the aggregate.
[[nodiscard]] auto aggregate_sql(const kql::Aggregation& aggregation,
                                 std::size_t place,
                                 const std::string& order,
                                 const std::vector<kql::Type>& results,
                                 const std::vector<bool>& wanted,
                                 ExpressionWriter& writer) -> Result<AggregateSql>;

} // namespace sluice::store
