// SPDX-License-Identifier: Apache-2.0
#include "kql/predicate.hpp"

#include <variant>

#include "base/check.hpp"
#include "kql/evaluator.hpp"
#include "kql/record_pipeline.hpp"

namespace sluice::kql {

class Predicate::Program {
public:
  explicit Program(std::variant<Evaluator, RecordPipeline> made) : way{std::move(made)} {}
  std::variant<Evaluator, RecordPipeline> way;
};

Predicate::Predicate(const Expression& condition, std::size_t columns, EvaluationContext context)
    : program_{std::make_unique<Program>(Evaluator{condition, context})} {
  CHECK(condition.type == Type::boolean);
  CHECK(columns_used().empty() || columns_used().back() < columns);
}
Predicate::Predicate(RecordPipeline pipeline)
    : program_{std::make_unique<Program>(std::move(pipeline))} {}
Predicate::Predicate(Predicate&&) noexcept = default;
auto Predicate::operator=(Predicate&&) noexcept -> Predicate& = default;
Predicate::~Predicate() = default;

auto Predicate::matches(Row& row) const -> bool {
  if (const auto* pipeline = std::get_if<RecordPipeline>(&program_->way)) {
    return pipeline->matches(row);
  }
  const auto value = std::get<Evaluator>(program_->way).evaluate(row);
  return !value.is_null() && value.as_boolean();
}

auto Predicate::columns_used() const noexcept -> std::span<const std::size_t> {
  return std::visit([](const auto& way) { return way.columns_used(); }, program_->way);
}

} // namespace sluice::kql
