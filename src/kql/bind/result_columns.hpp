// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kql/ast.hpp"
#include "kql/bind/expression_binder.hpp"
#include "kql/plan.hpp"

/// Private to the binder: functions that give several columns (`series_stats`), and functions that
/// only a cluster computes, of which checks know the types.
namespace sluice::kql {

struct ResultColumn {
  std::string_view name; ///< Behind the function's and the argument's: `series_stats_x_min`.
  Type type = Type::dynamic;
};

struct ColumnsFunction {
  std::string_view name;
  std::span<const ResultColumn> columns;
  /// The function that gives the same as a bag, whose keys are the columns' names. Empty: checks
  /// alone may call it.
  std::string_view as_bag;
};

/// The function that the expression calls, when it is one with several columns.
[[nodiscard]] auto columns_function(const ast::Expression& expression) -> const ColumnsFunction*;

/// What an unnamed column of the call is called.
[[nodiscard]] auto column_name(const ColumnsFunction& function,
                               const ast::Call& call,
                               std::size_t column) -> std::string;

/// One value for each of its columns; none after a mistake was reported.
[[nodiscard]] auto bind_columns_call(ExpressionBinder& binder,
                                     PipelineBinder& queries,
                                     const ColumnsFunction& function,
                                     const ast::Call& call) -> std::vector<ExpressionPtr>;

/// The type that a function has on a cluster, when it is one that is not computed here.
[[nodiscard]] auto cluster_function(std::string_view name) -> std::optional<Type>;

} // namespace sluice::kql
