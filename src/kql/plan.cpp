// SPDX-License-Identifier: Apache-2.0
#include "kql/plan.hpp"

#include <fmt/format.h>

namespace sluice::kql {
namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

auto list(const std::vector<ExpressionPtr>& expressions, const Schema& input) -> std::string {
  std::string text;
  for (const auto& expression : expressions) {
    text += text.empty() ? "" : ", ";
    text += to_text(*expression, input);
  }
  return text;
}

/// `name = expression`, or the name alone where a column passes through.
auto assignment(const Column& column, const Expression& value, const Schema& input) -> std::string {
  const auto text = to_text(value, input);
  return text == column.name ? text : column.name + " = " + text;
}

auto project_line(const Project& project, const Schema& output) -> std::string {
  std::string text = "project";
  for (std::size_t i = 0; i < project.columns.size(); ++i) {
    text += i > 0 ? ", " : " ";
    text += assignment(output.columns[i], *project.columns[i], project.input->output);
  }
  return text;
}

auto summarize_line(const Summarize& summarize, const Schema& output) -> std::string {
  const auto& input = summarize.input->output;
  std::string text = "summarize";
  auto column = summarize.keys.size();
  for (const auto& aggregation : summarize.aggregations) {
    text += column > summarize.keys.size() ? ", " : " ";
    for (std::size_t i = 0; i < aggregation.columns; ++i) {
      text += (i > 0 ? ", " : "") + output.columns[column++].name;
    }
    text +=
        fmt::format(" = {}({})", aggregation.aggregate->name, list(aggregation.arguments, input));
  }
  for (std::size_t i = 0; i < summarize.keys.size(); ++i) {
    text += i > 0 ? ", " : " by ";
    text += assignment(output.columns[i], *summarize.keys[i], input);
  }
  return text;
}

auto sort_line(const Sort& sort) -> std::string {
  std::string text = "sort";
  for (const auto& key : sort.keys) {
    text += &key == &sort.keys.front() ? " " : ", ";
    text += fmt::format("{} {} nulls {}",
                        to_text(*key.expression, sort.input->output),
                        key.descending ? "desc" : "asc",
                        key.nulls_first ? "first" : "last");
  }
  return text;
}

auto call_text(std::string_view name,
               const std::vector<ExpressionPtr>& arguments,
               const Schema& input) -> std::string {
  return fmt::format("{}({})", name, list(arguments, input));
}

auto kind_text(JoinKind kind) -> std::string_view {
  switch (kind) {
  case JoinKind::inner:
    return "inner";
  case JoinKind::innerunique:
    return "innerunique";
  case JoinKind::left_outer:
    return "leftouter";
  case JoinKind::right_outer:
    return "rightouter";
  case JoinKind::full_outer:
    return "fullouter";
  case JoinKind::left_semi:
    return "leftsemi";
  case JoinKind::right_semi:
    return "rightsemi";
  case JoinKind::left_anti:
    return "leftanti";
  case JoinKind::right_anti:
    return "rightanti";
  }
  return "";
}

auto join_line(const Join& join) -> std::string {
  std::string text = fmt::format("join {}", kind_text(join.kind));
  for (const auto& [left, right] : join.keys) {
    text += &left == &join.keys.front().first ? " on " : ", ";
    text += fmt::format(
        "{} == {}", to_text(*left, join.left->output), to_text(*right, join.right->output));
  }
  return text;
}

auto line_of(const Plan& plan) -> std::string {
  return std::visit(
      Overloaded{
          [&](const Scan& scan) { return "scan " + scan.table; },
          [&](const Values& values) {
            return fmt::format("values {} ({} rows)", to_text(plan.output), values.rows.size());
          },
          [&](const Range& range) {
            return fmt::format("range {} from {} step {} ({} rows)",
                               plan.output.columns.front().name,
                               to_literal(range.from),
                               to_literal(range.step),
                               range.count);
          },
          [&](const Outer& outer) { return fmt::format("outer row {}", outer.depth); },
          [&](const Filter& filter) {
            return "filter " + to_text(*filter.condition, filter.input->output);
          },
          [&](const Project& project) { return project_line(project, plan.output); },
          [&](const Summarize& summarize) { return summarize_line(summarize, plan.output); },
          [&](const Sort& sort) { return sort_line(sort); },
          [&](const Take& take) { return fmt::format("take {}", take.count); },
          [&](const Serialize&) { return std::string{"serialize"}; },
          [&](const Join& join) { return join_line(join); },
          [&](const Union&) { return std::string{"union"}; },
          [&](const Expand& expand) {
            return call_text("expand", expand.arrays, expand.input->output);
          },
          [&](const Apply& apply) { return fmt::format("apply {}", apply.depth); },
          [&](const Window& window) {
            const auto& schema = window.input->output;
            return "window " + call_text(window.function.name, window.function.arguments, schema) +
                   (window.groups.empty() ? "" : " by " + list(window.groups, schema));
          },
          [](const Program& program) { return program.program->text(); },
      },
      plan.node);
}

void print_step(const Plan& plan, std::size_t depth, std::string& text) {
  text += std::string(2 * depth, ' ') + line_of(plan) + "\n";
  for (const auto* input : inputs_of(plan)) {
    print_step(*input, depth + 1, text);
  }
}

} // namespace

auto to_text(const Expression& expression, const Schema& input) -> std::string {
  if (const auto* literal = std::get_if<Literal>(&expression.node)) {
    return to_literal(literal->value);
  }
  if (const auto* column = std::get_if<ColumnRef>(&expression.node)) {
    return input.columns[column->index].name;
  }
  if (const auto* subquery = std::get_if<Subquery>(&expression.node)) {
    return subquery->form == Subquery::Form::list ? "list of a query" : "cell of a query";
  }
  const auto& call = std::get<Call>(expression.node);
  if (call.function->name == "[]") {
    return fmt::format(
        "{}[{}]", to_text(*call.arguments[0], input), to_text(*call.arguments[1], input));
  }
  return fmt::format("{}({})", call.function->name, list(call.arguments, input));
}

auto print_plan(const Plan& plan) -> std::string {
  std::string text;
  print_step(plan, 0, text);
  return text;
}

} // namespace sluice::kql
