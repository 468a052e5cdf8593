// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "kql/plan.hpp"
#include "store/sql.hpp"
#include "store/sql_expression.hpp"

/// Private to this library.
namespace sluice::store {

/// A step as a SELECT that has the columns c0, c1, ... that were asked for and, when its rows are
/// sorted, the columns s0, s1, ... that sort them. The order travels in those columns because SQL
/// does not keep it from one SELECT to the next.
struct Relation {
  std::string sql;
  std::vector<std::string> order; ///< `DESC NULLS LAST`, one for each s column.
  bool has_row_id = false;        ///< There is a column row_id too.

  [[nodiscard]] auto order_columns() const -> std::vector<std::string>;
  /// `ORDER BY s0 DESC NULLS LAST`, or nothing.
  [[nodiscard]] auto order_by() const -> std::string;
};

/// Which columns of a step the steps above it read.
using Needed = std::vector<bool>;

[[nodiscard]] auto needed_columns(const Needed& needed) -> std::vector<std::string>;
/// Those of `needed` from `from` on, `count` of them.
[[nodiscard]] auto slice(const Needed& needed, std::size_t from, std::size_t count) -> Needed;
void append(std::vector<std::string>& items, std::vector<std::string> more);
/// A SELECT must have a column.
[[nodiscard]] auto select(const std::vector<std::string>& items, const std::string& from)
    -> std::string;
[[nodiscard]] auto over(const Relation& input) -> std::string;
/// The columns of a step, and no rows.
[[nodiscard]] auto no_rows(const kql::Plan& plan, const Needed& needed) -> Relation;

/// Writes a plan, one method for each kind of step. The methods of one heading lie in one file.
class Generator {
public:
  Generator(const kql::EvaluationContext& context,
            Computations& computations,
            const kql::Catalog& named_tables,
            Part part);
  Generator(const Generator&) = delete;
  auto operator=(const Generator&) -> Generator& = delete;

  auto generate(const kql::Plan& plan) && -> Result<Statement>;

private:
  auto step(const kql::Plan& plan, const Needed& needed) -> Result<Relation>;
  /// The answer of a query inside an expression, as an SQL expression.
  auto subquery(const kql::Subquery& subquery) -> std::string;

  // sql_source.cpp
  auto write(const kql::Plan& plan, const kql::Scan& scan, const Needed& needed)
      -> Result<Relation>;
  auto write(const kql::Plan& plan, const kql::Values& values, const Needed& needed)
      -> Result<Relation>;
  auto write(const kql::Plan& plan, const kql::Range& range, const Needed& needed)
      -> Result<Relation>;
  /// Whether a table is known by its columns alone.
  [[nodiscard]] auto is_empty_table(const std::string& name) const -> bool;
  /// Whether there can be no rows, whatever lies in the store.
  [[nodiscard]] auto gives_nothing(const kql::Plan& plan) const -> bool;

  // sql.cpp
  auto write(const kql::Plan& plan, const kql::Filter& filter, const Needed& needed)
      -> Result<Relation>;
  auto write(const kql::Plan& plan, const kql::Project& project, const Needed& needed)
      -> Result<Relation>;
  auto write(const kql::Plan& plan, const kql::Summarize& summarize, const Needed& needed)
      -> Result<Relation>;
  auto write(const kql::Plan& plan, const kql::Sort& sort, const Needed& needed)
      -> Result<Relation>;
  auto write(const kql::Plan& plan, const kql::Take& take, const Needed& needed)
      -> Result<Relation>;

  // sql_combination.cpp
  auto write(const kql::Plan& plan, const kql::Join& join, const Needed& needed)
      -> Result<Relation>;
  auto write(const kql::Plan& plan, const kql::Union& all, const Needed& needed)
      -> Result<Relation>;
  auto write(const kql::Plan& plan, const kql::Outer& outer, const Needed& needed)
      -> Result<Relation>;
  auto write(const kql::Plan& plan, const kql::Expand& expand, const Needed& needed)
      -> Result<Relation>;
  auto write(const kql::Plan& plan, const kql::Apply& apply, const Needed& needed)
      -> Result<Relation>;
  auto join_side(const kql::Plan& plan,
                 const std::vector<const kql::Expression*>& keys,
                 const Needed& needed,
                 bool is_unique) -> Result<std::string>;

  // sql_program.cpp
  auto write(const kql::Plan& plan, const kql::Program& program, const Needed& needed)
      -> Result<Relation>;

  // sql_window.cpp
  auto write(const kql::Plan& plan, const kql::Serialize& serialize, const Needed& needed)
      -> Result<Relation>;
  auto write(const kql::Plan& plan, const kql::Window& window, const Needed& needed)
      -> Result<Relation>;
  auto numbered(Relation input, const Needed& needed, std::vector<std::string> more) -> Relation;

  Statement statement_;
  ExpressionWriter writer_;
  /// Tables that somebody made: their columns lie on disk as c0, c1, ...
  const kql::Catalog& named_tables_;
  Part part_;
  int steps_ = 0;
  /// The first failure inside an expression, which has no way to return it.
  std::vector<Error> failures_;
};

} // namespace sluice::store
