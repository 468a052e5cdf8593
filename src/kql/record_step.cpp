// SPDX-License-Identifier: Apache-2.0
#include "kql/record_step.hpp"

#include <algorithm>
#include <utility>

#include "kql/dynamic.hpp"

namespace sluice::kql {
namespace {

using Step = RecordPipeline::Step;

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

/// Computes a column when it is first asked for.
class ProjectedRow final : public Row {
public:
  ProjectedRow(const std::vector<ProjectedColumn>& columns, Row& below)
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
  const std::vector<ProjectedColumn>& columns_;
  Row& below_;
  std::vector<std::pair<std::size_t, Value>> values_;
};

class ProjectStep final : public Step {
public:
  ProjectStep(std::size_t width, std::vector<ProjectedColumn> columns)
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
  std::vector<ProjectedColumn> columns_;
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

} // namespace

auto filter_step(Evaluator condition) -> std::unique_ptr<RecordPipeline::Step> {
  return std::make_unique<FilterStep>(std::move(condition));
}

auto project_step(std::size_t width, std::vector<ProjectedColumn> columns)
    -> std::unique_ptr<RecordPipeline::Step> {
  return std::make_unique<ProjectStep>(width, std::move(columns));
}

auto expand_step(const Expand& expand, std::vector<Evaluator> arrays)
    -> std::unique_ptr<RecordPipeline::Step> {
  return std::make_unique<ExpandStep>(expand, std::move(arrays));
}

} // namespace sluice::kql
