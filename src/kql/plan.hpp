// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "kql/function_table.hpp"
#include "kql/schema.hpp"
#include "kql/span.hpp"
#include "kql/type.hpp"
#include "kql/value.hpp"

/// What a query means: typed expressions and relational steps, every name resolved. Made by the
/// binder, read by the evaluator and by the store, which turns it into SQL.
namespace sluice::kql {

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

struct Literal {
  Value value; ///< Owns its text.
};
/// The column at `index` of the input's schema (of the row, in a predicate).
struct ColumnRef {
  std::size_t index = 0;
};
/// A function or operator over arguments whose types fit its signature; the binder has put in the
/// conversions that the language does silently.
struct Call {
  const Function* function = nullptr;
  std::vector<ExpressionPtr> arguments;
};

struct Expression {
  Type type = Type::dynamic;
  Span span;
  std::variant<Literal, ColumnRef, Call> node;
};

[[nodiscard]] auto clone(const Expression& expression) -> ExpressionPtr;
/// `and(==(RecordType, 40), has(Name, "phish"))`; columns by their names in `input`.
[[nodiscard]] auto to_text(const Expression& expression, const Schema& input) -> std::string;

struct Plan;
using PlanPtr = std::unique_ptr<Plan>;

/// All rows of a catalog's table, in the catalog's columns (the hidden one too).
struct Scan {
  std::string table;
};
/// The rows themselves: `datatable`; under `print`, one row without columns.
struct Values {
  std::vector<std::vector<Value>> rows;
};
/// The rows for which the condition (a bool) is true; null is not true.
struct Filter {
  PlanPtr input;
  ExpressionPtr condition;
};
/// One expression for each column of the output: extend and all forms of project.
struct Project {
  PlanPtr input;
  std::vector<ExpressionPtr> columns;
};
/// Fills `columns` consecutive columns of the output: one, or with `arg_max(x, y, z)` as many as
/// arguments, all from one row.
struct Aggregation {
  const Aggregate* aggregate = nullptr;
  std::vector<ExpressionPtr> arguments;
  std::size_t columns = 1;
};
/// Output: the keys, then the aggregations in order. No keys: one row, over no rows too. No
/// aggregations: the distinct keys. Null keys form a group.
struct Summarize {
  PlanPtr input;
  std::vector<ExpressionPtr> keys;
  std::vector<Aggregation> aggregations;
};
struct SortKey {
  ExpressionPtr expression;
  bool descending = true;
  bool nulls_first = false;
};
struct Sort {
  PlanPtr input;
  std::vector<SortKey> keys;
};
struct Take {
  PlanPtr input;
  std::int64_t count = 0; ///< Not negative.
};

/// A step and, inside it, the steps that feed it.
struct Plan {
  /// Hidden columns may stand in inner steps, never in the outermost.
  Schema output;
  std::variant<Scan, Values, Filter, Project, Summarize, Sort, Take> node;
};

/// One line a step, the last step first, its input indented below it: what `--explain` prints.
[[nodiscard]] auto print_plan(const Plan& plan) -> std::string;

} // namespace sluice::kql
