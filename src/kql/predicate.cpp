// SPDX-License-Identifier: Apache-2.0
#include "kql/predicate.hpp"

#include "base/check.hpp"
#include "kql/evaluator.hpp"

namespace sluice::kql {

class Predicate::Program {
public:
  explicit Program(Evaluator made) : evaluator{std::move(made)} {}
  Evaluator evaluator;
};

Predicate::Predicate(const Expression& condition, std::size_t columns, EvaluationContext context)
    : program_{std::make_unique<Program>(Evaluator{condition, context})} {
  CHECK(condition.type == Type::boolean);
  CHECK(columns_used().empty() || columns_used().back() < columns);
}
Predicate::Predicate(Predicate&&) noexcept = default;
auto Predicate::operator=(Predicate&&) noexcept -> Predicate& = default;
Predicate::~Predicate() = default;

auto Predicate::matches(Row& row) const -> bool {
  const auto value = program_->evaluator.evaluate(row);
  return !value.is_null() && value.as_boolean();
}

auto Predicate::columns_used() const noexcept -> std::span<const std::size_t> {
  return program_->evaluator.columns_used();
}

} // namespace sluice::kql
