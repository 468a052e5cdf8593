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

struct Line {
  std::string text;
  const Plan* input;
};

auto line_of(const Plan& plan) -> Line {
  return std::visit(
      Overloaded{
          [&](const Scan& scan) { return Line{"scan " + scan.table, nullptr}; },
          [&](const Values& values) {
            return Line{
                fmt::format("values {} ({} rows)", to_text(plan.output), values.rows.size()),
                nullptr};
          },
          [&](const Filter& filter) {
            return Line{"filter " + to_text(*filter.condition, filter.input->output),
                        filter.input.get()};
          },
          [&](const Project& project) {
            return Line{project_line(project, plan.output), project.input.get()};
          },
          [&](const Summarize& summarize) {
            return Line{summarize_line(summarize, plan.output), summarize.input.get()};
          },
          [&](const Sort& sort) { return Line{sort_line(sort), sort.input.get()}; },
          [&](const Take& take) {
            return Line{fmt::format("take {}", take.count), take.input.get()};
          },
      },
      plan.node);
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
  } else {
    copy->node = std::get<ColumnRef>(expression.node);
  }
  return copy;
}

auto to_text(const Expression& expression, const Schema& input) -> std::string {
  if (const auto* literal = std::get_if<Literal>(&expression.node)) {
    return to_literal(literal->value);
  }
  if (const auto* column = std::get_if<ColumnRef>(&expression.node)) {
    return input.columns[column->index].name;
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
  std::size_t depth = 0;
  for (const Plan* step = &plan; step != nullptr; ++depth) {
    const auto line = line_of(*step);
    text += std::string(2 * depth, ' ') + line.text + "\n";
    step = line.input;
  }
  return text;
}

} // namespace sluice::kql
