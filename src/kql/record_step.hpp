// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "kql/evaluator.hpp"
#include "kql/plan.hpp"
#include "kql/record_pipeline.hpp"

/// Private to the pipeline over one record: its steps.
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

/// One column of a projection: another column, or something computed from them.
struct ProjectedColumn {
  std::optional<std::size_t> same;
  Evaluator evaluator;
};

/// Passes the rows for which the condition is true.
[[nodiscard]] auto filter_step(Evaluator condition) -> std::unique_ptr<RecordPipeline::Step>;
/// `width`: how many columns the input has.
[[nodiscard]] auto project_step(std::size_t width, std::vector<ProjectedColumn> columns)
    -> std::unique_ptr<RecordPipeline::Step>;
/// A row for each place of the arrays.
[[nodiscard]] auto expand_step(const Expand& expand, std::vector<Evaluator> arrays)
    -> std::unique_ptr<RecordPipeline::Step>;

} // namespace sluice::kql
