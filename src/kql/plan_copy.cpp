// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "kql/plan.hpp"

namespace sluice::kql {
namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

auto clones(const std::vector<ExpressionPtr>& expressions) -> std::vector<ExpressionPtr> {
  std::vector<ExpressionPtr> copies;
  for (const auto& expression : expressions) {
    copies.push_back(clone(*expression));
  }
  return copies;
}

auto copy(const Summarize& summarize) -> Summarize {
  Summarize made{clone(*summarize.input), clones(summarize.keys), {}};
  for (const auto& aggregation : summarize.aggregations) {
    made.aggregations.push_back(
        {aggregation.aggregate, clones(aggregation.arguments), aggregation.columns});
  }
  return made;
}

auto copy(const Sort& sort) -> Sort {
  Sort made{clone(*sort.input), {}};
  for (const auto& key : sort.keys) {
    made.keys.push_back({clone(*key.expression), key.descending, key.nulls_first});
  }
  return made;
}

auto copy(const Join& join) -> Join {
  Join made{join.kind, clone(*join.left), clone(*join.right), {}};
  for (const auto& [left, right] : join.keys) {
    made.keys.emplace_back(clone(*left), clone(*right));
  }
  return made;
}

auto copy(const Union& all) -> Union {
  Union made{{}, all.places};
  for (const auto& input : all.inputs) {
    made.inputs.push_back(clone(*input));
  }
  return made;
}

} // namespace

auto clone(const Expression& expression) -> ExpressionPtr {
  auto copy = std::make_unique<Expression>();
  copy->type = expression.type;
  copy->span = expression.span;
  if (const auto* call = std::get_if<Call>(&expression.node)) {
    Call copied{call->function, {}};
    for (const auto& argument : call->arguments) {
      copied.arguments.push_back(clone(*argument));
    }
    copy->node = std::move(copied);
  } else if (const auto* literal = std::get_if<Literal>(&expression.node)) {
    copy->node = *literal;
  } else if (const auto* subquery = std::get_if<Subquery>(&expression.node)) {
    copy->node = *subquery;
  } else {
    copy->node = std::get<ColumnRef>(expression.node);
  }
  return copy;
}

auto clone(const Plan& plan) -> PlanPtr {
  using Node = decltype(Plan::node);
  auto node = std::visit(
      Overloaded{
          [](const Scan& n) -> Node { return n; },
          [](const Values& n) -> Node { return n; },
          [](const Range& n) -> Node { return n; },
          [](const Outer& n) -> Node { return n; },
          [](const Filter& n) -> Node { return Filter{clone(*n.input), clone(*n.condition)}; },
          [](const Project& n) -> Node { return Project{clone(*n.input), clones(n.columns)}; },
          [](const Summarize& n) -> Node { return copy(n); },
          [](const Sort& n) -> Node { return copy(n); },
          [](const Take& n) -> Node { return Take{clone(*n.input), n.count}; },
          [](const Serialize& n) -> Node { return Serialize{clone(*n.input)}; },
          [](const Join& n) -> Node { return copy(n); },
          [](const Union& n) -> Node { return copy(n); },
          [](const Expand& n) -> Node {
            return Expand{
                clone(*n.input), clones(n.arrays), n.has_index, n.bags_to_arrays, n.limit};
          },
          [](const Apply& n) -> Node { return Apply{clone(*n.input), clone(*n.body), n.depth}; },
          [](const Window& n) -> Node {
            return Window{
                clone(*n.input), {n.function.name, clones(n.function.arguments)}, clones(n.groups)};
          },
          [](const Program& n) -> Node { return Program{clone(*n.input), n.keys, n.program}; },
      },
      plan.node);
  return std::make_unique<Plan>(Plan{plan.output, std::move(node)});
}

auto inputs_of(const Plan& plan) -> std::vector<const Plan*> {
  return std::visit(
      [](const auto& node) -> std::vector<const Plan*> {
        using Step = std::remove_cvref_t<decltype(node)>;
        if constexpr (std::is_same_v<Step, Join>) {
          return {node.left.get(), node.right.get()};
        } else if constexpr (std::is_same_v<Step, Union>) {
          std::vector<const Plan*> inputs;
          for (const auto& input : node.inputs) {
            inputs.push_back(input.get());
          }
          return inputs;
        } else if constexpr (std::is_same_v<Step, Apply>) {
          return {node.input.get(), node.body.get()};
        } else if constexpr (requires { node.input; }) {
          return {node.input.get()};
        } else {
          return {};
        }
      },
      plan.node);
}

auto has_order(const Plan& plan) -> bool {
  if (std::holds_alternative<Sort>(plan.node) || std::holds_alternative<Serialize>(plan.node) ||
      std::holds_alternative<Range>(plan.node) || std::holds_alternative<Window>(plan.node)) {
    return true;
  }
  if (const auto* program = std::get_if<Program>(&plan.node)) {
    return program->keys == 0 && has_order(*program->input);
  }
  const bool passes_on =
      std::holds_alternative<Filter>(plan.node) || std::holds_alternative<Project>(plan.node) ||
      std::holds_alternative<Take>(plan.node) || std::holds_alternative<Expand>(plan.node);
  return passes_on && has_order(*inputs_of(plan).front());
}

auto is_constant(const Expression& expression) -> bool {
  if (const auto* call = std::get_if<Call>(&expression.node)) {
    return std::ranges::all_of(call->arguments, [](const auto& one) { return is_constant(*one); });
  }
  return std::holds_alternative<Literal>(expression.node);
}

} // namespace sluice::kql
