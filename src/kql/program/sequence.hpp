// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "kql/evaluator.hpp"
#include "kql/row_program.hpp"

/// Private to the library.
namespace sluice::kql {

/// `scan`: follows sequences of rows through steps, as documented. A sequence moves to the next
/// step with a row that fits there, else stays in its step with a row that fits again.
///
/// The steps' expressions are over: the row, the declared columns (their first values), then for
/// each step the row that the sequence has kept there and its declared columns.
///
/// Rows that come in: any. Rows that go out: the row, the declared columns, the number of the
/// sequence if it is wanted.
class SequenceProgram final : public RowProgram {
public:
  /// Which of the rows that stay in a step go out. `last` is for the only step alone: there is one
  /// sequence then, and its last row goes out at the end.
  enum class Shown : std::uint8_t { all, last, none };
  struct Step {
    std::string name;
    Shown shown = Shown::all;
    Evaluator condition;
    /// The declared column by its place, and its value.
    std::vector<std::pair<std::size_t, Evaluator>> assignments;
  };
  struct Options {
    std::vector<Type> row;       ///< Types of the columns that come in.
    std::vector<Value> declared; ///< First values.
    bool has_number = false;
    std::vector<Step> steps;
  };
  explicit SequenceProgram(Options options) : options_{std::move(options)} {}

  [[nodiscard]] auto text() const -> std::string override;
  [[nodiscard]] auto run(Rows rows) const -> Rows override;

private:
  class Run;
  Options options_;
};

} // namespace sluice::kql
