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

/// `plan` must outlive the statement; `context` is copied.
/// Errors: invalid_input for an aggregate that the store does not know, and for a query of more
/// than 200 steps.
[[nodiscard]] auto generate_sql(const kql::Plan& plan,
                                const kql::EvaluationContext& context,
                                Computations& computations) -> Result<Statement>;

/// A text as an SQL literal. DuckDB ends a statement at a NUL, so there must be none in it.
[[nodiscard]] auto sql_quoted(std::string_view text) -> std::string;

} // namespace sluice::store
