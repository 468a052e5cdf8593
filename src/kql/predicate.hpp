// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "kql/function_table.hpp"
#include "kql/plan.hpp"
#include "kql/value.hpp"

namespace sluice::kql {

class RecordPipeline;

/// One record, asked for its columns one at a time and only as needed.
class Row {
public:
  Row() = default;
  Row(const Row&) = delete;
  auto operator=(const Row&) -> Row& = delete;
  virtual ~Row() = default;

  /// The column at `index` of the schema that the expression was compiled over, in that column's
  /// type. May borrow from the row. A field that the record does not have, or has as JSON null, is
  /// `Value::absent`.
  [[nodiscard]] virtual auto column(std::size_t index) -> Value = 0;

  /// Where what `parse_json` makes of that column is kept, empty until it was made: rules ask for
  /// it again and again. A row that has such a place empties it when it becomes another record, and
  /// is shown to predicates of the same options only. Null: the row keeps nothing.
  [[nodiscard]] virtual auto parsed(std::size_t /*index*/) -> std::optional<Value>* {
    return nullptr;
  }
};

/// A compiled condition over one record: `RecordType == 40 and Name has "phish"`; or a query over
/// it
/// (`record_pipeline.hpp`), which holds when a row comes out of it.
///
/// Decision: what a record lacks.
/// A rule must not keep a record *by accident*, that is only because the record has not got the
/// field which the rule names. In a query, Kusto reads a missing string as "" and a missing number
/// as null, and then `ResultStatus != "Success"` or `PolicyId !in (...)` is true for every record
/// of a workload that knows no such field. So a predicate compiled with `missing_is_unknown` uses
/// logic of three values: whatever is computed from an absent field (also `parse_json(Data).x`
/// where Data or its member x is missing, and functions of it) is itself absent; a comparison with
/// it, positive or negated, is unknown; `and`, `or`, `not` follow (unknown or true is true, unknown
/// and false is false, not unknown is unknown); a predicate that comes out unknown does not pass.
/// Who wants to ask about the absence does so by intention: isempty, isnotempty, isnull, isnotnull
/// and coalesce see an absent field as empty. Without the option, the language's own semantics
/// hold, as in the store.
///
/// Threads: `matches` may be called by all at once, with rows of their own.
class Predicate {
public:
  /// `condition` is of type bool; `columns` is the number of columns of its schema.
  Predicate(const Expression& condition, std::size_t columns, EvaluationContext context);
  explicit Predicate(RecordPipeline pipeline);
  Predicate(Predicate&&) noexcept;
  auto operator=(Predicate&&) noexcept -> Predicate&;
  ~Predicate();

  /// True when the condition is true: null and unknown do not pass.
  [[nodiscard]] auto matches(Row& row) const -> bool;

  /// Indexes of the columns that `matches` may ask for, ascending.
  [[nodiscard]] auto columns_used() const noexcept -> std::span<const std::size_t>;

private:
  class Program;
  std::unique_ptr<Program> program_;
};

} // namespace sluice::kql
