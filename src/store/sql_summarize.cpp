// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "store/sql_aggregate.hpp"
#include "store/sql_generator.hpp"

namespace sluice::store {
namespace {

using kql::Plan;
using kql::Type;

auto is_any(const Needed& part) -> bool {
  return std::ranges::find(part, true) != part.end();
}

/// The columns that the aggregations read for what is asked of them.
void mark_arguments(const kql::Summarize& summarize, const Needed& needed, Needed& wanted) {
  auto column = summarize.keys.size();
  for (const auto& aggregation : summarize.aggregations) {
    const auto part = slice(needed, column, aggregation.columns);
    column += aggregation.columns;
    const bool is_asked = is_any(part);
    for (std::size_t i = 0; is_asked && i < aggregation.arguments.size(); ++i) {
      const bool comes_along = i > 0 && aggregation.columns == aggregation.arguments.size();
      if (!comes_along || part[i]) {
        mark_columns(*aggregation.arguments[i], wanted);
      }
    }
  }
}

auto types_of(const kql::Schema& schema, std::size_t from, std::size_t count) -> std::vector<Type> {
  std::vector<Type> types;
  for (auto place = from; place < from + count; ++place) {
    types.push_back(schema.columns[place].type);
  }
  return types;
}

/// The lists of up to three SELECTs, one over the other: what is computed in each row, what is
/// gathered in each group, and what takes gathered rows apart again.
class Grouping {
public:
  explicit Grouping(const Relation& input) : input_{input}, computed_{input.order_columns()} {}

  void add_key(const std::string& value) {
    const auto place = keys_.size();
    keys_.push_back(fmt::format("k{}", place));
    computed_.push_back(fmt::format("{} AS k{}", value, place));
    gathered_.push_back(fmt::format("k{0} AS c{0}", place));
    taken_apart_.push_back(fmt::format("c{}", place));
  }

  /// The aggregation `number`, whose wanted columns are `part`, the first of them `first`.
  void add(AggregateSql sql, std::size_t number, std::size_t first, const Needed& part) {
    append(computed_, std::move(sql.inputs));
    const bool is_row = !sql.row.empty();
    if (is_row) {
      has_rows_ = true;
      gathered_.push_back(fmt::format("{} AS row{}", sql.row, number));
    }
    for (std::size_t place = 0; place < part.size(); ++place) {
      if (!part[place]) {
        continue;
      }
      const auto name = fmt::format("c{}", first + place);
      const auto value = fmt::format("{} AS {}", sql.outputs[place], name);
      taken_apart_.push_back(is_row ? value : name);
      if (!is_row) {
        gathered_.push_back(value);
      }
    }
  }

  [[nodiscard]] auto sql() const -> std::string {
    if (keys_.empty() && gathered_.empty()) {
      return "SELECT 1 AS z"; // One row of nothing.
    }
    // A step that passes nothing on costs a pass over the rows all the same.
    auto grouped =
        select(gathered_,
               computed_.empty() ? over(input_)
                                 : fmt::format("({}) AS grouped", select(computed_, over(input_))));
    if (!keys_.empty()) {
      grouped += fmt::format(" GROUP BY {}", fmt::join(keys_, ", "));
    }
    return has_rows_ ? select(taken_apart_, fmt::format("({}) AS rowed", grouped)) : grouped;
  }

private:
  const Relation& input_;
  std::vector<std::string> keys_;
  std::vector<std::string> computed_;
  std::vector<std::string> gathered_;
  std::vector<std::string> taken_apart_;
  bool has_rows_ = false;
};

} // namespace

auto Generator::write(const Plan& plan, const kql::Summarize& summarize, const Needed& needed)
    -> Result<Relation> {
  Needed wanted(summarize.input->output.columns.size());
  for (const auto& key : summarize.keys) {
    mark_columns(*key, wanted);
  }
  mark_arguments(summarize, needed, wanted);
  TRY(const auto input, step(*summarize.input, wanted));
  Grouping grouping{input};
  for (const auto& key : summarize.keys) {
    grouping.add_key(writer_.value(*key));
  }
  auto column = summarize.keys.size();
  for (std::size_t i = 0; i < summarize.aggregations.size(); ++i) {
    const auto& aggregation = summarize.aggregations[i];
    const auto part = slice(needed, column, aggregation.columns);
    if (is_any(part)) {
      const auto types = types_of(plan.output, column, aggregation.columns);
      TRY(auto sql, aggregate_sql(aggregation, i, input.order_by(), types, part, writer_));
      grouping.add(std::move(sql), i, column, part);
    }
    column += aggregation.columns;
  }
  return Relation{grouping.sql(), {}, false};
}

} // namespace sluice::store
