// SPDX-License-Identifier: Apache-2.0
#include "kql/rule/predicate_push_down.hpp"

#include <algorithm>
#include <functional>

namespace sluice::kql {
namespace {

/// More inputs of a union than these would make plans too long to read and to run.
constexpr std::size_t most_inputs = 16;

using Visit = std::function<bool(ExpressionPtr&)>;

/// Calls `visit` for each reference to a column until it says no; says whether it never did.
auto all_references(ExpressionPtr& expression, const Visit& visit) -> bool {
  if (std::holds_alternative<ColumnRef>(expression->node)) {
    return visit(expression);
  }
  auto* call = std::get_if<Call>(&expression->node);
  return call == nullptr || std::ranges::all_of(call->arguments, [&](ExpressionPtr& argument) {
           return all_references(argument, visit);
         });
}

auto index_of(const ExpressionPtr& reference) -> std::size_t {
  return std::get<ColumnRef>(reference->node).index;
}

/// The condition over the columns that `source` gives for those of now; null when one of them is
/// computed.
auto over(const Expression& condition, const std::function<const Expression*(std::size_t)>& source)
    -> ExpressionPtr {
  auto moved = clone(condition);
  const bool is_moved = all_references(moved, [&](ExpressionPtr& reference) {
    const auto* from = source(index_of(reference));
    if (from == nullptr || std::holds_alternative<Call>(from->node) ||
        std::holds_alternative<Subquery>(from->node)) {
      return false;
    }
    reference = clone(*from);
    return true;
  });
  return is_moved ? std::move(moved) : nullptr;
}

/// The condition with `shift` taken from each column, if all of them are in a row of `width` then.
auto shifted(const Expression& condition, std::size_t shift, std::size_t width) -> ExpressionPtr {
  auto moved = clone(condition);
  const bool is_moved = all_references(moved, [&](ExpressionPtr& reference) {
    const auto index = index_of(reference);
    if (index < shift || index - shift >= width) {
      return false;
    }
    reference->node = ColumnRef{index - shift};
    return true;
  });
  return is_moved ? std::move(moved) : nullptr;
}

auto parts_of(ExpressionPtr condition) -> std::vector<ExpressionPtr> {
  auto* call = std::get_if<Call>(&condition->node);
  if (call != nullptr && call->function->name == "and") {
    return std::move(call->arguments);
  }
  std::vector<ExpressionPtr> one;
  one.push_back(std::move(condition));
  return one;
}

auto together(std::vector<ExpressionPtr> parts) -> ExpressionPtr {
  if (parts.size() == 1) {
    return std::move(parts.front());
  }
  const auto span = parts.front()->span;
  return std::make_unique<Expression>(
      Expression{Type::boolean, span, Call{find_function("and"), std::move(parts)}});
}

auto sink(Plan& plan, const Expression& condition) -> bool;

/// As far below `at` as it goes, or else right above it.
void place(PlanPtr& at, ExpressionPtr condition) {
  if (!sink(*at, *condition)) {
    auto output = at->output;
    at = std::make_unique<Plan>(
        Plan{std::move(output), Filter{std::move(at), std::move(condition)}});
  }
}

auto place_if(PlanPtr& at, ExpressionPtr condition) -> bool {
  const bool has_meaning = condition != nullptr;
  if (has_meaning) {
    place(at, std::move(condition));
  }
  return has_meaning;
}

/// A condition goes below the choice of one left row for each key too: the engine takes the first
/// row that meets it (observed).
auto keeps_left(JoinKind kind) -> bool {
  return kind == JoinKind::inner || kind == JoinKind::innerunique || kind == JoinKind::left_outer ||
         kind == JoinKind::left_semi || kind == JoinKind::left_anti;
}

auto keeps_right(JoinKind kind) -> bool {
  return kind == JoinKind::inner || kind == JoinKind::innerunique ||
         kind == JoinKind::right_outer || kind == JoinKind::right_semi ||
         kind == JoinKind::right_anti;
}

/// Takes the condition below a step; false when it must stay above.
struct Sink {
  const Expression& condition;

  template <class Step>
  auto operator()(Step&) const -> bool {
    return false;
  }
  /// Two conditions in a row are one.
  auto operator()(Filter& step) const -> bool {
    if (!sink(*step.input, condition)) {
      auto parts = parts_of(std::move(step.condition));
      parts.push_back(clone(condition));
      step.condition = together(std::move(parts));
    }
    return true;
  }
  auto operator()(Sort& step) const -> bool { return place_if(step.input, clone(condition)); }
  auto operator()(Project& step) const -> bool {
    return place_if(step.input,
                    over(condition, [&](std::size_t index) { return step.columns[index].get(); }));
  }
  auto operator()(Summarize& step) const -> bool {
    return !step.keys.empty() && place_if(step.input, over(condition, [&](std::size_t index) {
                                            return index < step.keys.size() ? step.keys[index].get()
                                                                            : nullptr;
                                          }));
  }
  auto operator()(Expand& step) const -> bool {
    return place_if(step.input, shifted(condition, 0, step.input->output.columns.size()));
  }
  auto operator()(Join& step) const -> bool {
    const auto left = step.left->output.columns.size();
    const auto right = step.right->output.columns.size();
    const bool is_right_alone =
        step.kind == JoinKind::right_semi || step.kind == JoinKind::right_anti;
    return (keeps_left(step.kind) && place_if(step.left, shifted(condition, 0, left))) ||
           (keeps_right(step.kind) &&
            place_if(step.right, shifted(condition, is_right_alone ? 0 : left, right)));
  }
  auto operator()(Union& step) const -> bool;
};

auto Sink::operator()(Union& step) const -> bool {
  if (step.inputs.size() > most_inputs) {
    return false;
  }
  for (std::size_t i = 0; i < step.inputs.size(); ++i) {
    auto moved = clone(condition);
    static_cast<void>(all_references(moved, [&](ExpressionPtr& reference) {
      const auto from = step.places[i][index_of(reference)];
      if (from == Union::absent) {
        reference->node = Literal{Value::null(reference->type)};
      } else {
        reference->node = ColumnRef{from};
      }
      return true;
    }));
    place(step.inputs[i], std::move(moved));
  }
  return true;
}

auto sink(Plan& plan, const Expression& condition) -> bool {
  return std::visit(Sink{condition}, plan.node);
}

void push_here(PlanPtr& plan) {
  auto* filter = std::get_if<Filter>(&plan->node);
  if (filter == nullptr) {
    return;
  }
  std::vector<ExpressionPtr> staying;
  for (auto& part : parts_of(std::move(filter->condition))) {
    if (!sink(*filter->input, *part)) {
      staying.push_back(std::move(part));
    }
  }
  if (staying.empty()) {
    auto input = std::move(filter->input);
    plan = std::move(input);
  } else {
    filter->condition = together(std::move(staying));
  }
}

struct Inputs {
  template <class Step>
  void operator()(Step& step) const {
    if constexpr (requires { step.input; }) {
      push_predicates_down(step.input);
    }
  }
  void operator()(Join& step) const {
    push_predicates_down(step.left);
    push_predicates_down(step.right);
  }
  void operator()(Union& step) const { std::ranges::for_each(step.inputs, push_predicates_down); }
  void operator()(Apply& step) const {
    push_predicates_down(step.input);
    push_predicates_down(step.body);
  }
};

} // namespace

/// From the bottom, so that a condition that stops somewhere does not keep the next one up.
void push_predicates_down(PlanPtr& plan) {
  std::visit(Inputs{}, plan->node);
  push_here(plan);
}

} // namespace sluice::kql
