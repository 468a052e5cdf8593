// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "kql/plan.hpp"
#include "kql/predicate.hpp"

namespace sluice::kql {

/// The steps of a query that look at one row at a time - where, extend, the forms of project,
/// parse, mv-expand - over one record: it matches when any row comes out at the end. Queries inside
/// its expressions are answered once, when it is made, if they ask constant rows (`datatable`).
///
/// Threads: `matches` may be called by all at once, with rows of their own.
class RecordPipeline {
public:
  /// Rows that one record may be expanded to; a record that makes more is taken to match.
  static constexpr std::size_t max_rows = 100'000;

  /// `plan`: its only table is the record. Errors: a sentence that names the step which needs more
  /// than one record.
  [[nodiscard]] static auto make(const Plan& plan, EvaluationContext context)
      -> tl::expected<RecordPipeline, std::string>;
  RecordPipeline(RecordPipeline&&) noexcept;
  auto operator=(RecordPipeline&&) noexcept -> RecordPipeline&;
  ~RecordPipeline();

  [[nodiscard]] auto matches(Row& record) const -> bool;
  /// Columns of the record that `matches` may ask for, ascending.
  [[nodiscard]] auto columns_used() const noexcept -> std::span<const std::size_t>;

  class Step;

private:
  RecordPipeline() = default;

  std::vector<std::unique_ptr<Step>> steps_; ///< The first one takes the record.
  std::vector<std::size_t> columns_;
};

} // namespace sluice::kql
