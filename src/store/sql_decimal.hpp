// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "store/sql_expression.hpp"

/// Private to this library: decimals lie in DuckDB as text, which neither sorts nor adds up.
namespace sluice::store {

/// SQL of a text that sorts as the decimal does; NULL of NULL.
[[nodiscard]] auto decimal_order(ExpressionWriter& writer, const std::string& decimal)
    -> std::string;

enum class DecimalTotal : bool { sum, mean };

/// SQL of the sum or the mean of a group's decimals, exact to 34 digits; `filter` as in
/// `FILTER (WHERE ...)` or empty. Nothing gathered: 0, or null for the mean.
[[nodiscard]] auto decimal_total(ExpressionWriter& writer,
                                 DecimalTotal total,
                                 const std::string& decimal,
                                 const std::string& filter) -> std::string;

} // namespace sluice::store
