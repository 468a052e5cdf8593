// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "kql/plan.hpp"
#include "store/computation.hpp"

/// Private to this library: a plan as one SQL statement.
///
/// Each step is a SELECT over the step before it. SQL moves rows: it scans, filters, groups, sorts
/// and cuts. What is computed in a row is a call of `kql_...(number, columns...)`, see
/// `computation.hpp`. Columns are called c0, c1, ... by their place in the step's schema, so no
/// name that a person wrote is ever part of the statement, and k and K cannot meet.
namespace sluice::store {

/// A statement and what it needs while it runs.
class Statement {
public:
  /// `computations` must outlive the statement.
  explicit Statement(Computations& computations) : computations_{&computations} {}
  Statement(const Statement&) = delete;
  auto operator=(const Statement&) -> Statement& = delete;
  Statement(Statement&& other) noexcept;
  auto operator=(Statement&&) -> Statement& = delete;
  /// Removes its computations.
  ~Statement();

  /// Gives the number to call it by.
  template <class Work>
  [[nodiscard]] auto add(Work work) -> std::int64_t {
    return numbers_.emplace_back(computations_->add(std::move(work)));
  }

  std::string sql;

private:
  Computations* computations_;
  std::vector<std::int64_t> numbers_;
};

/// Which part of a query a statement gives.
enum class Part : std::uint8_t {
  all,
  row_ids,     ///< Instead of its rows, in their order, where they lie in the table: a BIGINT.
  chosen_rows, ///< Those of its rows that lie at $1, a list of such BIGINTs from $2 to $3.
};

/// Whether the query sorts rows of the table and gives them as they lie there, none of them made of
/// several. Then it can be run in two parts, and the sort holds its keys instead of whole rows.
[[nodiscard]] auto sorts_table_rows(const kql::Plan& plan) -> bool;

/// `plan` must outlive the statement; `context` is copied; `named_tables` are those that somebody
/// made. The parts are for plans of which
/// `sorts_table_rows` holds.
/// Errors: invalid_input for an aggregate that the store does not know, and for a query of more
/// than 600 steps.
[[nodiscard]] auto generate_sql(const kql::Plan& plan,
                                const kql::EvaluationContext& context,
                                Computations& computations,
                                const kql::Catalog& named_tables,
                                Part part = Part::all) -> Result<Statement>;

/// A text as an SQL literal. DuckDB ends a statement at a NUL, so there must be none in it.
[[nodiscard]] auto sql_quoted(std::string_view text) -> std::string;

} // namespace sluice::store
