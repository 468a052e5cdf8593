// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "kql/function_table.hpp"
#include "kql/row_program.hpp"
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

struct Plan;
using PlanPtr = std::unique_ptr<Plan>;

/// The answer of a query of its own: `toscalar(T | count)`, `x in (T | project y)`.
struct Subquery {
  enum class Form : std::uint8_t {
    cell, ///< The first cell, null when there are no rows.
    list, ///< The first column as a dynamic array, nulls left out.
  };
  Form form = Form::cell;
  /// Shared, because copies of an expression ask the same question.
  std::shared_ptr<const Plan> plan;
};

struct Expression {
  Type type = Type::dynamic;
  Span span;
  std::variant<Literal, ColumnRef, Call, Subquery> node;
};

[[nodiscard]] auto clone(const Expression& expression) -> ExpressionPtr;
/// Whether the value is the same whatever the row, and needs no query to be told.
[[nodiscard]] auto is_constant(const Expression& expression) -> bool;
/// `and(==(RecordType, 40), has(Name, "phish"))`; columns by their names in `input`.
[[nodiscard]] auto to_text(const Expression& expression, const Schema& input) -> std::string;

/// All rows of a catalog's table, in the catalog's columns (the hidden one too).
struct Scan {
  std::string table;
};
/// The rows themselves: `datatable`; under `print`, one row without columns.
struct Values {
  std::vector<std::vector<Value>> rows;
};
/// `from`, `from + step`, ... up to `to`: numbers, datetimes or timespans, in one column.
struct Range {
  Value from;
  Value step;
  std::int64_t count = 0;
};
/// Inside an `Apply`: the one row of its input that is at hand.
struct Outer {
  std::size_t depth = 0; ///< Which `Apply`; the outermost is 0.
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
/// The rows have the order they happen to have; row functions may count on it.
struct Serialize {
  PlanPtr input;
};
/// Which pairs of rows a join gives, and which rows without a partner.
enum class JoinKind : std::uint8_t {
  inner,
  innerunique, ///< Of left rows with equal keys only the first.
  left_outer,
  right_outer,
  full_outer,
  left_semi,
  right_semi,
  left_anti,
  right_anti,
};
/// Output: the columns of both sides, or of one for semi and anti. Null keys equal each other.
struct Join {
  JoinKind kind = JoinKind::innerunique;
  PlanPtr left;
  PlanPtr right;
  std::vector<std::pair<ExpressionPtr, ExpressionPtr>> keys;
};
/// All rows of the inputs, one after another.
struct Union {
  /// What a column of the output is where the input has none: null.
  static constexpr auto absent = static_cast<std::uint32_t>(-1);

  std::vector<PlanPtr> inputs;
  /// For each input, for each column of the output: the input's column.
  std::vector<std::vector<std::uint32_t>> places;
};
/// A row for each item of the arrays side by side. Output: the input's columns, an index from 0 if
/// wanted, the items (dynamic). A null array gives one row, an empty one none; a shorter one is
/// filled up with nulls; a bag gives its members, each as a bag or as an array of two.
struct Expand {
  PlanPtr input;
  std::vector<ExpressionPtr> arrays;
  bool has_index = false;
  bool bags_to_arrays = false;
  std::int64_t limit = 0; ///< Items of one row at most.
};
/// For each row of the input the rows of the body, which reads that row as `Outer`. Output: the
/// input's columns, then the body's.
struct Apply {
  PlanPtr input;
  PlanPtr body;
  std::size_t depth = 0;
};
/// A function over the rows in their order: row_number, prev, next, ...
struct RowFunction {
  std::string_view name; ///< As in the table of row functions.
  std::vector<ExpressionPtr> arguments;
};
/// Output: the input's columns, then one for the function.
struct Window {
  PlanPtr input;
  RowFunction function;
  /// The function begins anew for each of their values.
  std::vector<ExpressionPtr> groups;
};
/// A program over the rows of each group. The first `keys` columns of the input make the groups;
/// the program sees the others. Output: the keys, then the program's columns. Without keys all rows
/// are one group, which there is even when it is empty.
struct Program {
  PlanPtr input;
  std::size_t keys = 0;
  std::shared_ptr<const RowProgram> program;
};
/// A step and, inside it, the steps that feed it.
struct Plan {
  /// Hidden columns may stand in inner steps, never in the outermost.
  Schema output;
  std::variant<Scan,
               Values,
               Range,
               Outer,
               Filter,
               Project,
               Summarize,
               Sort,
               Take,
               Serialize,
               Join,
               Union,
               Expand,
               Apply,
               Window,
               Program>
      node;
};

[[nodiscard]] auto clone(const Plan& plan) -> PlanPtr;
/// The steps that feed this one, in order; none for a source.
[[nodiscard]] auto inputs_of(const Plan& plan) -> std::vector<const Plan*>;
/// Whether the rows have an order that was asked for (`sort`, `serialize`, `range`).
[[nodiscard]] auto has_order(const Plan& plan) -> bool;

/// One line a step, the last step first, its input indented below it: what `--explain` prints.
[[nodiscard]] auto print_plan(const Plan& plan) -> std::string;

} // namespace sluice::kql
