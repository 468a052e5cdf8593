// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "kql/plan.hpp"
#include "kql/predicate.hpp"

namespace sluice::kql {

/// An expression made ready to be evaluated many times: constant parts are computed once, lists of
/// constants become sets, `and` and `or` stop at the first answer.
///
/// Threads: `evaluate` may be called by all at once, with rows and contexts of their own.
class Evaluator {
public:
  Evaluator(const Expression& expression, EvaluationContext context);
  Evaluator(Evaluator&&) noexcept;
  auto operator=(Evaluator&&) noexcept -> Evaluator&;
  ~Evaluator();

  /// The result may borrow from the row and from this.
  [[nodiscard]] auto evaluate(Row& row) const -> Value;
  /// Indexes of the columns that the expression names, ascending, each once.
  [[nodiscard]] auto columns_used() const noexcept -> std::span<const std::size_t>;

  class Node;

private:
  std::unique_ptr<Node> root_;
  std::vector<std::size_t> columns_;
  EvaluationContext context_;
};

/// The value of an expression without columns; it owns its text.
[[nodiscard]] auto evaluate_constant(const Expression& expression, EvaluationContext context)
    -> Value;

} // namespace sluice::kql
