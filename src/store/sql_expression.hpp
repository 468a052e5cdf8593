// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "kql/plan.hpp"
#include "store/sql.hpp"

/// Private to this library: one expression as SQL over the columns c0, c1, ... of a step.
namespace sluice::store {

/// Marks the columns that the expression reads.
void mark_columns(const kql::Expression& expression, std::vector<bool>& used);

/// Writes the expressions of one step.
///
/// Use:     short-lived; what it adds lives in the statement.
class ExpressionWriter {
public:
  /// Writes the answer of a query inside an expression.
  using SubqueryWriter = std::function<std::string(const kql::Subquery&)>;

  ExpressionWriter(Statement& statement,
                   const kql::EvaluationContext& context,
                   SubqueryWriter subqueries)
      : statement_{statement},
        context_{context},
        subqueries_{std::move(subqueries)} {}

  /// The expression's value.
  [[nodiscard]] auto value(const kql::Expression& expression) -> std::string;
  /// Its value as JSON text, null for a null: what lists and sets are gathered from.
  [[nodiscard]] auto json(const kql::Expression& expression) -> std::string;
  /// Its value, an array, as a list of the JSON texts that `mv-expand` makes rows of.
  [[nodiscard]] auto items(const kql::Expression& expression, bool bags_to_arrays) -> std::string;
  /// For WHERE: true where the expression is; false and null need not be told apart. Comparisons of
  /// a column with a constant become SQL's own, so that DuckDB can skip blocks by them.
  [[nodiscard]] auto condition(const kql::Expression& expression) -> std::string;
  /// A call of `compute` with one text.
  [[nodiscard]] auto computed_text(std::function<kql::Value(std::span<const kql::Value>)> compute,
                                   const std::string& argument) -> std::string;

private:
  using Finish = auto (*)(const kql::Value&) -> kql::Value;
  [[nodiscard]] auto call(const kql::Expression& expression,
                          kql::Type result,
                          Finish finish,
                          std::string_view function) -> std::string;

  Statement& statement_;
  const kql::EvaluationContext& context_;
  SubqueryWriter subqueries_;
};

} // namespace sluice::store
