// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "kql/plan.hpp"

/// Private to this library: expressions that SQL computes exactly as the language does. All others
/// are calls of our own functions, which cost more for each row and which DuckDB cannot see
/// through.
namespace sluice::store {

/// The expression's value over the columns c0, c1, ...: a column, a `bin` of a time, or what
/// `native_condition` has. Nothing when SQL would not be exact.
[[nodiscard]] auto native_value(const kql::Expression& expression) -> std::optional<std::string>;

/// For WHERE: true where the expression is; false and null need not be told apart. Comparisons with
/// constants, lists of constants, and texts sought byte by byte. DuckDB skips blocks by them.
[[nodiscard]] auto native_condition(const kql::Expression& expression)
    -> std::optional<std::string>;

/// A condition that holds wherever the expression does, and costs less: asked first, it spares most
/// rows a call. Nothing when there is none.
[[nodiscard]] auto native_sieve(const kql::Expression& expression) -> std::optional<std::string>;

} // namespace sluice::store
