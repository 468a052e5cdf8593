// SPDX-License-Identifier: Apache-2.0
#include "kql/record_pipeline.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "kql/dynamic.hpp"
#include "kql/evaluator.hpp"
#include "kql/record_step.hpp"
#include "kql/rule/plan_walk.hpp"

namespace sluice::kql {

namespace {

using Step = RecordPipeline::Step;
using Steps = std::vector<std::unique_ptr<Step>>;
constexpr std::size_t max_steps = 100;

/// A row whose values are there.
class ReadyRow final : public Row {
public:
  explicit ReadyRow(const std::vector<Value>& values) : values_{values} {}
  [[nodiscard]] auto column(std::size_t index) -> Value override { return values_[index]; }

private:
  const std::vector<Value>& values_;
};

auto run(const Steps& steps, std::size_t at, Row& row, const Step::Next& end) -> bool {
  return at == steps.size()
             ? end(row)
             : steps[at]->pass(row, [&](Row& made) { return run(steps, at + 1, made, end); });
}

auto name_of(const Plan& plan) -> std::string {
  const auto text = print_plan(plan);
  return text.substr(0, text.find_first_of(" \n"));
}

using Made = tl::expected<Steps, std::string>;

/// The steps from `source` (a scan or values) up to the plan.
auto steps_of(const Plan& plan, const Plan*& source, EvaluationContext context) -> Made;

/// The rows of a query that asks no table, as its first column.
auto first_column(const Plan& plan, EvaluationContext context)
    -> tl::expected<std::vector<Value>, std::string> {
  const Plan* source = nullptr;
  const auto steps = steps_of(plan, source, context);
  if (!steps) {
    return tl::unexpected{steps.error()};
  }
  const auto* values = std::get_if<Values>(&source->node);
  if (values == nullptr) {
    return tl::unexpected<std::string>{"a rule looks at one record and can ask no other table"};
  }
  std::vector<Value> found;
  for (const auto& row : values->rows) {
    ReadyRow ready{row};
    const bool is_full = run(*steps, 0, ready, [&](Row& made) {
      found.push_back(made.column(0).owned_copy());
      return found.size() >= RecordPipeline::max_rows;
    });
    if (is_full) {
      return tl::unexpected<std::string>{"a query inside a rule gives too many rows"};
    }
  }
  return found;
}

/// Puts answers in the place of queries inside an expression.
auto answer(ExpressionPtr& expression, EvaluationContext context) -> std::optional<std::string> {
  if (auto* call = std::get_if<Call>(&expression->node)) {
    for (auto& argument : call->arguments) {
      if (auto mistake = answer(argument, context)) {
        return mistake;
      }
    }
  }
  const auto* subquery = std::get_if<Subquery>(&expression->node);
  if (subquery == nullptr) {
    return std::nullopt;
  }
  const auto values = first_column(*subquery->plan, context);
  if (!values) {
    return values.error();
  }
  if (subquery->form == Subquery::Form::cell) {
    expression->node = Literal{values->empty() ? Value::null(expression->type) : values->front()};
    return std::nullopt;
  }
  std::string json;
  for (const auto& value : *values) {
    json += value.is_null() ? "" : (json.empty() ? "" : ",") + to_json(value);
  }
  expression->node = Literal{Value::dynamic("[" + json + "]")};
  return std::nullopt;
}

class StepMaker {
public:
  explicit StepMaker(EvaluationContext context) : context_{context} {}

  auto evaluator(const Expression& expression) -> Evaluator {
    auto answered = clone(expression);
    if (auto mistake = answer(answered, context_)) {
      mistake_ = std::move(mistake);
      answered = std::make_unique<Expression>(
          Expression{expression.type, expression.span, Literal{Value::null(expression.type)}});
    }
    return Evaluator{*answered, context_};
  }

  auto filter(const Filter& filter) -> std::unique_ptr<Step> {
    return filter_step(evaluator(*filter.condition));
  }
  auto project(const Project& project) -> std::unique_ptr<Step> {
    std::vector<ProjectedColumn> columns;
    for (const auto& column : project.columns) {
      const auto* reference = std::get_if<ColumnRef>(&column->node);
      columns.push_back({reference == nullptr ? std::nullopt : std::optional{reference->index},
                         evaluator(*column)});
    }
    return project_step(project.input->output.columns.size(), std::move(columns));
  }
  auto expand(const Expand& expand) -> std::unique_ptr<Step> {
    std::vector<Evaluator> arrays;
    for (const auto& array : expand.arrays) {
      arrays.push_back(evaluator(*array));
    }
    return expand_step(expand, std::move(arrays));
  }
  [[nodiscard]] auto mistake() const -> const std::optional<std::string>& { return mistake_; }

private:
  EvaluationContext context_;
  std::optional<std::string> mistake_;
};

auto steps_of(const Plan& plan, const Plan*& source, EvaluationContext context) -> Made {
  StepMaker maker{context};
  Steps steps;
  const auto* at = &plan;
  for (; steps.size() <= max_steps; at = inputs_of(*at).front()) {
    if (const auto* filter = std::get_if<Filter>(&at->node)) {
      steps.push_back(maker.filter(*filter));
    } else if (const auto* project = std::get_if<Project>(&at->node)) {
      steps.push_back(maker.project(*project));
    } else if (const auto* expand = std::get_if<Expand>(&at->node)) {
      steps.push_back(maker.expand(*expand));
    } else {
      break;
    }
  }
  if (maker.mistake()) {
    return tl::unexpected{*maker.mistake()};
  }
  if (steps.size() > max_steps) {
    return tl::unexpected{fmt::format("a rule has at most {} steps", max_steps)};
  }
  const bool is_source =
      std::holds_alternative<Scan>(at->node) || std::holds_alternative<Values>(at->node);
  if (!is_source) {
    return tl::unexpected{fmt::format("a rule looks at one record: `{}` needs more", name_of(*at))};
  }
  source = at;
  std::ranges::reverse(steps);
  return steps;
}

} // namespace

RecordPipeline::RecordPipeline(RecordPipeline&&) noexcept = default;
auto RecordPipeline::operator=(RecordPipeline&&) noexcept -> RecordPipeline& = default;
RecordPipeline::~RecordPipeline() = default;

auto RecordPipeline::make(const Plan& plan, EvaluationContext context)
    -> tl::expected<RecordPipeline, std::string> {
  const Plan* source = nullptr;
  auto steps = steps_of(plan, source, context);
  if (!steps) {
    return tl::unexpected{steps.error()};
  }
  if (!std::holds_alternative<Scan>(source->node)) {
    return tl::unexpected<std::string>{"a rule asks about its record"};
  }
  RecordPipeline made;
  made.steps_ = *std::move(steps);
  std::vector<bool> read(plan.output.columns.size(), false);
  for (auto step = made.steps_.rbegin(); step != made.steps_.rend(); ++step) {
    read = (*step)->reads(read);
  }
  for (std::size_t i = 0; i < read.size(); ++i) {
    if (read[i]) {
      made.columns_.push_back(i);
    }
  }
  return made;
}

auto RecordPipeline::matches(Row& record) const -> bool {
  std::size_t rows = 0;
  // Rows are counted on their way, so that arrays of arrays end in time.
  const std::function<bool(std::size_t, Row&)> go = [&](std::size_t at, Row& row) -> bool {
    if (++rows > max_rows) {
      return true;
    }
    return at == steps_.size() ||
           steps_[at]->pass(row, [&](Row& made) { return go(at + 1, made); });
  };
  return go(0, record);
}

auto RecordPipeline::columns_used() const noexcept -> std::span<const std::size_t> {
  return columns_;
}

} // namespace sluice::kql
