// SPDX-License-Identifier: Apache-2.0
#include "kql/rule/projection_push_down.hpp"

#include <algorithm>
#include <limits>

namespace sluice::kql {
namespace {

/// For each column of a step whether it is read.
using Read = std::vector<bool>;
/// For each column that a step had its place among those that it has now.
using Places = std::vector<std::size_t>;

constexpr auto gone = std::numeric_limits<std::size_t>::max();

auto prune(PlanPtr& plan, const Read& read) -> Places;

void mark(const Expression& expression, Read& read) {
  if (const auto* column = std::get_if<ColumnRef>(&expression.node)) {
    read[column->index] = true;
  } else if (const auto* call = std::get_if<Call>(&expression.node)) {
    for (const auto& argument : call->arguments) {
      mark(*argument, read);
    }
  }
}

void mark(const std::vector<ExpressionPtr>& expressions, Read& read) {
  for (const auto& expression : expressions) {
    mark(*expression, read);
  }
}

void move(Expression& expression, const Places& places) {
  if (auto* column = std::get_if<ColumnRef>(&expression.node)) {
    column->index = places[column->index];
  } else if (auto* call = std::get_if<Call>(&expression.node)) {
    for (auto& argument : call->arguments) {
      move(*argument, places);
    }
  }
}

void move(std::vector<ExpressionPtr>& expressions, const Places& places) {
  for (auto& expression : expressions) {
    move(*expression, places);
  }
}

auto all_of(const Plan& plan) -> Read {
  return Read(plan.output.columns.size(), true);
}

/// The places of what stays.
auto places_of(const Read& stays) -> Places {
  Places places(stays.size(), gone);
  std::size_t next = 0;
  for (std::size_t i = 0; i < stays.size(); ++i) {
    if (stays[i]) {
      places[i] = next++;
    }
  }
  return places;
}

template <class Item>
void keep(std::vector<Item>& items, const Read& stays) {
  std::vector<Item> kept;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (stays[i]) {
      kept.push_back(std::move(items[i]));
    }
  }
  items = std::move(kept);
}

/// Rows need one column at least.
auto one_at_least(Read read) -> Read {
  if (!read.empty() && std::ranges::find(read, true) == read.end()) {
    read.front() = true;
  }
  return read;
}

auto part(const Read& read, std::size_t from, std::size_t count) -> Read {
  const auto begin = read.begin() + static_cast<std::ptrdiff_t>(from);
  return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

/// Prunes a step and what feeds it. Steps of other kinds read all that they get.
struct Prune {
  Plan& plan;
  const Read& read;

  template <class Step>
  auto operator()(Step& step) const -> Places {
    if constexpr (requires { step.input; }) {
      static_cast<void>(prune(step.input, all_of(*step.input)));
    }
    return places_of(all_of(plan));
  }

  auto operator()(Filter& step) const -> Places {
    auto wanted = read;
    mark(*step.condition, wanted);
    auto places = passed(step.input, wanted);
    move(*step.condition, places);
    return places;
  }
  auto operator()(Sort& step) const -> Places {
    auto wanted = read;
    for (const auto& key : step.keys) {
      mark(*key.expression, wanted);
    }
    auto places = passed(step.input, wanted);
    for (auto& key : step.keys) {
      move(*key.expression, places);
    }
    return places;
  }
  auto operator()(Take& step) const -> Places { return passed(step.input, read); }
  auto operator()(Serialize& step) const -> Places { return passed(step.input, read); }

  auto operator()(Project& step) const -> Places {
    const auto stays = one_at_least(read);
    keep(step.columns, stays);
    keep(plan.output.columns, stays);
    if (!std::holds_alternative<Scan>(step.input->node)) {
      Read wanted(step.input->output.columns.size());
      mark(step.columns, wanted);
      move(step.columns, prune(step.input, wanted));
    }
    return places_of(stays);
  }

  auto operator()(Summarize& step) const -> Places {
    Read wanted(step.input->output.columns.size());
    mark(step.keys, wanted);
    for (const auto& aggregation : step.aggregations) {
      mark(aggregation.arguments, wanted);
    }
    const auto places = prune(step.input, wanted);
    move(step.keys, places);
    for (auto& aggregation : step.aggregations) {
      move(aggregation.arguments, places);
    }
    return places_of(all_of(plan));
  }

  auto operator()(Join& step) const -> Places {
    const auto width = step.left->output.columns.size();
    const bool has_left = step.kind != JoinKind::right_semi && step.kind != JoinKind::right_anti;
    const bool has_right = step.kind != JoinKind::left_semi && step.kind != JoinKind::left_anti;
    auto of_left = has_left ? part(read, 0, width) : Read(width);
    const auto right_width = step.right->output.columns.size();
    auto of_right = has_right ? part(read, has_left ? width : 0, right_width) : Read(right_width);
    for (const auto& [left, right] : step.keys) {
      mark(*left, of_left);
      mark(*right, of_right);
    }
    const auto left_places = prune(step.left, of_left);
    const auto right_places = prune(step.right, of_right);
    for (auto& [left, right] : step.keys) {
      move(*left, left_places);
      move(*right, right_places);
    }
    Read stays;
    for (const auto& [is_there, places] :
         {std::pair{has_left, &left_places}, std::pair{has_right, &right_places}}) {
      for (std::size_t i = 0; is_there && i < places->size(); ++i) {
        stays.push_back((*places)[i] != gone);
      }
    }
    keep(plan.output.columns, stays);
    return places_of(stays);
  }

  auto operator()(Union& step) const -> Places {
    const auto stays = one_at_least(read);
    for (std::size_t i = 0; i < step.inputs.size(); ++i) {
      auto& sources = step.places[i];
      keep(sources, stays);
      Read wanted(step.inputs[i]->output.columns.size());
      for (const auto source : sources) {
        if (source != Union::absent) {
          wanted[source] = true;
        }
      }
      const auto places = prune(step.inputs[i], wanted);
      for (auto& source : sources) {
        source = source == Union::absent ? source : static_cast<std::uint32_t>(places[source]);
      }
    }
    keep(plan.output.columns, stays);
    return places_of(stays);
  }

  auto operator()(Apply& step) const -> Places {
    static_cast<void>(prune(step.input, all_of(*step.input)));
    static_cast<void>(prune(step.body, all_of(*step.body)));
    return places_of(all_of(plan));
  }

private:
  /// For a step that gives the columns of its input.
  auto passed(PlanPtr& input, const Read& wanted) const -> Places {
    auto places = prune(input, wanted);
    plan.output = input->output;
    return places;
  }
};

/// Only the columns that are read, of a table.
auto chosen(PlanPtr& plan, const Read& read) -> Places {
  const auto stays = one_at_least(read);
  auto places = places_of(stays);
  if (std::ranges::find(stays, false) == stays.end()) {
    return places;
  }
  Schema output;
  std::vector<ExpressionPtr> columns;
  for (std::size_t i = 0; i < stays.size(); ++i) {
    if (stays[i]) {
      const auto& column = plan->output.columns[i];
      output.columns.push_back(column);
      columns.push_back(std::make_unique<Expression>(Expression{column.type, {}, ColumnRef{i}}));
    }
  }
  plan =
      std::make_unique<Plan>(Plan{std::move(output), Project{std::move(plan), std::move(columns)}});
  return places;
}

auto prune(PlanPtr& plan, const Read& read) -> Places {
  if (std::holds_alternative<Scan>(plan->node)) {
    return chosen(plan, read);
  }
  return std::visit(Prune{*plan, read}, plan->node);
}

} // namespace

void push_projections_down(PlanPtr& plan) {
  static_cast<void>(prune(plan, all_of(*plan)));
}

} // namespace sluice::kql
