// SPDX-License-Identifier: Apache-2.0
#include "kql/record_pipeline.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "kql/dynamic.hpp"
#include "kql/evaluator.hpp"
#include "kql/rule/plan_walk.hpp"

namespace sluice::kql {

/// What happens to a row on its way.
class RecordPipeline::Step {
public:
  /// Takes a row of the step's output; true means that no more are wanted.
  using Next = std::function<bool(Row&)>;

  Step() = default;
  Step(const Step&) = delete;
  auto operator=(const Step&) -> Step& = delete;
  virtual ~Step() = default;
  [[nodiscard]] virtual auto pass(Row& row, const Next& next) const -> bool = 0;
  /// The columns of the input that are read when those of the output are.
  [[nodiscard]] virtual auto reads(const std::vector<bool>& output) const -> std::vector<bool> = 0;
};

namespace {

using Step = RecordPipeline::Step;
using Steps = std::vector<std::unique_ptr<Step>>;
constexpr std::size_t max_steps = 100;

void mark(std::vector<bool>& columns, const Evaluator& evaluator) {
  for (const auto column : evaluator.columns_used()) {
    columns[column] = true;
  }
}

class FilterStep final : public Step {
public:
  explicit FilterStep(Evaluator condition) : condition_{std::move(condition)} {}
  [[nodiscard]] auto pass(Row& row, const Next& next) const -> bool override {
    const auto value = condition_.evaluate(row);
    return !value.is_null() && value.as_boolean() && next(row);
  }
  [[nodiscard]] auto reads(const std::vector<bool>& output) const -> std::vector<bool> override {
    auto input = output;
    mark(input, condition_);
    return input;
  }

private:
  Evaluator condition_;
};

/// One column of a projection: another column, or something computed from them.
struct Projected {
  std::optional<std::size_t> same;
  Evaluator evaluator;
};

/// Computes a column when it is first asked for.
class ProjectedRow final : public Row {
public:
  ProjectedRow(const std::vector<Projected>& columns, Row& below)
      : columns_{columns},
        below_{below} {}
  [[nodiscard]] auto column(std::size_t index) -> Value override {
    const auto& column = columns_[index];
    if (column.same) {
      return below_.column(*column.same);
    }
    const auto kept = std::ranges::find(values_, index, &std::pair<std::size_t, Value>::first);
    if (kept != values_.end()) {
      return kept->second;
    }
    auto value = column.evaluator.evaluate(below_).owned_copy();
    values_.emplace_back(index, value);
    return value;
  }
  [[nodiscard]] auto parsed(std::size_t index) -> std::optional<Value>* override {
    return columns_[index].same ? below_.parsed(*columns_[index].same) : nullptr;
  }

private:
  const std::vector<Projected>& columns_;
  Row& below_;
  std::vector<std::pair<std::size_t, Value>> values_;
};

class ProjectStep final : public Step {
public:
  ProjectStep(std::size_t width, std::vector<Projected> columns)
      : width_{width},
        columns_{std::move(columns)} {}
  [[nodiscard]] auto pass(Row& row, const Next& next) const -> bool override {
    ProjectedRow made{columns_, row};
    return next(made);
  }
  [[nodiscard]] auto reads(const std::vector<bool>& output) const -> std::vector<bool> override {
    std::vector<bool> input(width_, false);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (output[i]) {
        mark(input, columns_[i].evaluator);
      }
    }
    return input;
  }

private:
  std::size_t width_;
  std::vector<Projected> columns_;
};

/// The row below with the items at one place of its arrays.
class ExpandedRow final : public Row {
public:
  ExpandedRow(Row& below, std::size_t width, std::vector<Value> more)
      : below_{below},
        width_{width},
        more_{std::move(more)} {}
  [[nodiscard]] auto column(std::size_t index) -> Value override {
    return index < width_ ? below_.column(index) : more_[index - width_];
  }
  [[nodiscard]] auto parsed(std::size_t index) -> std::optional<Value>* override {
    return index < width_ ? below_.parsed(index) : nullptr;
  }

private:
  Row& below_;
  std::size_t width_;
  std::vector<Value> more_;
};

class ExpandStep final : public Step {
public:
  ExpandStep(const Expand& expand, std::vector<Evaluator> arrays)
      : width_{expand.input->output.columns.size()},
        has_index_{expand.has_index},
        bags_to_arrays_{expand.bags_to_arrays},
        limit_{static_cast<std::size_t>(std::max<std::int64_t>(expand.limit, 0))},
        arrays_{std::move(arrays)} {}

  [[nodiscard]] auto pass(Row& row, const Next& next) const -> bool override {
    std::vector<std::vector<Value>> lists;
    std::size_t count = 0;
    for (const auto& array : arrays_) {
      lists.push_back(items_of(array.evaluate(row)));
      count = std::max(count, lists.back().size());
    }
    for (std::size_t i = 0; i < std::min(count, limit_); ++i) {
      std::vector<Value> more;
      if (has_index_) {
        more.push_back(Value::int64(static_cast<std::int64_t>(i)));
      }
      for (const auto& list : lists) {
        more.push_back(i < list.size() ? list[i] : Value{});
      }
      ExpandedRow made{row, width_, std::move(more)};
      if (next(made)) {
        return true;
      }
    }
    return false;
  }
  [[nodiscard]] auto reads(const std::vector<bool>& output) const -> std::vector<bool> override {
    std::vector<bool> input{output.begin(), output.begin() + static_cast<std::ptrdiff_t>(width_)};
    for (const auto& array : arrays_) {
      mark(input, array);
    }
    return input;
  }

private:
  [[nodiscard]] auto items_of(const Value& value) const -> std::vector<Value> {
    if (value.is_absent()) {
      return {Value::absent(Type::dynamic)};
    }
    std::vector<Value> items;
    const auto list = expanded(value, bags_to_arrays_);
    // More are never asked for: a record that makes them has matched by then.
    const auto most = std::min(limit_, RecordPipeline::max_rows + 1);
    for (JsonItems item{list.text()}; items.size() < most && item.next();) {
      items.push_back(Value::dynamic(std::string{item.value()}));
    }
    return items;
  }

  std::size_t width_;
  bool has_index_;
  bool bags_to_arrays_;
  std::size_t limit_;
  std::vector<Evaluator> arrays_;
};

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
    return std::make_unique<FilterStep>(evaluator(*filter.condition));
  }
  auto project(const Project& project) -> std::unique_ptr<Step> {
    std::vector<Projected> columns;
    for (const auto& column : project.columns) {
      const auto* reference = std::get_if<ColumnRef>(&column->node);
      columns.push_back({reference == nullptr ? std::nullopt : std::optional{reference->index},
                         evaluator(*column)});
    }
    return std::make_unique<ProjectStep>(project.input->output.columns.size(), std::move(columns));
  }
  auto expand(const Expand& expand) -> std::unique_ptr<Step> {
    std::vector<Evaluator> arrays;
    for (const auto& array : expand.arrays) {
      arrays.push_back(evaluator(*array));
    }
    return std::make_unique<ExpandStep>(expand, std::move(arrays));
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
