// SPDX-License-Identifier: Apache-2.0
#include <numeric>

#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/operators.hpp"
#include "kql/bind/summarize_binder.hpp"

namespace sluice::kql {
namespace {

/// Binds `top-nested`. Level by level: rows are grouped by the keys so far, the greatest groups of
/// each parent stay, and are joined with the parents that have stayed themselves.
class TopNestedBinder {
public:
  TopNestedBinder(PipelineBinder& binder, const ast::TopNested& op, Span span)
      : binder_{binder},
        op_{op},
        span_{span} {}

  auto bind(PlanPtr input) -> PlanPtr {
    const auto visible = visible_columns(input->output);
    input = pick_columns(std::move(input), visible);
    PlanPtr kept;
    for (std::size_t level = 0; level < op_.levels.size(); ++level) {
      auto groups = greatest(*input, level);
      if (groups == nullptr) {
        return nullptr;
      }
      kept = kept == nullptr ? std::move(groups) : joined(std::move(kept), std::move(groups));
    }
    return kept;
  }

private:
  /// The keys up to this level, then the value that decides.
  auto greatest(const Plan& input, std::size_t level) -> PlanPtr {
    const auto& one = op_.levels[level];
    if (one.others != nullptr) {
      binder_.report(
          one.others->span, Code::not_supported, "`with others` in `top-nested` is not supported");
      return nullptr;
    }
    auto rows = binder_.copy_of(input, span_);
    std::vector<const ast::Item*> keys;
    for (std::size_t i = 0; i <= level; ++i) {
      keys.push_back(&op_.levels[i].of);
    }
    auto groups =
        rows == nullptr ? nullptr : SummarizeBinder{binder_}.bind(std::move(rows), keys, {&one.by});
    if (groups == nullptr) {
      return nullptr;
    }
    if (one.by.names.empty()) {
      auto& columns = groups->output.columns;
      columns.back().name = one.is_hitter ? "approximate_" + columns.back().name
                                          : "aggregated_" + columns[level].name;
      if (columns.back().name == "approximate_count_") {
        columns.back().name += columns[level].name;
      }
    }
    return one.count == nullptr ? std::move(groups) : cut(std::move(groups), level);
  }

  auto cut(PlanPtr groups, std::size_t level) -> PlanPtr {
    const auto& one = op_.levels[level];
    const auto count = binder_.constant(*one.count);
    if (!count || !is_integer(count->type()) || count->is_null() || count->as_integer() < 0) {
      binder_.report(
          one.count->span, Code::not_integer, "the number of groups must be a whole number");
      return nullptr;
    }
    const auto schema = groups->output;
    const auto width = schema.columns.size();
    if (schema.columns.back().type == Type::dynamic) {
      binder_.report(one.by.value->span, Code::not_orderable, "a dynamic value has no order");
      return nullptr;
    }
    std::vector<SortKey> order;
    order.push_back({make_reference(schema, width - 1), one.descending, !one.descending});
    if (one.is_hitter) { // Of equal sums the greater value goes first (observed).
      order.push_back({make_reference(schema, 0), true, false});
    }
    auto sorted = make_plan(schema, Sort{std::move(groups), std::move(order)});
    Window window{std::move(sorted), {"row_number", {}}, {}};
    for (std::size_t i = 0; i < level; ++i) {
      window.groups.push_back(make_reference(schema, i));
    }
    auto numbered_schema = schema;
    numbered_schema.columns.push_back({"$number", Type::int64});
    std::vector<ExpressionPtr> operands;
    operands.push_back(make_reference(numbered_schema, width));
    operands.push_back(make_literal(Value::int64(count->as_integer())));
    auto numbered = make_plan(numbered_schema, std::move(window));
    auto first =
        make_plan(numbered_schema,
                  Filter{std::move(numbered), make_call("<=", Type::boolean, std::move(operands))});
    std::vector<std::size_t> indexes(width);
    std::iota(indexes.begin(), indexes.end(), std::size_t{0});
    return pick_columns(std::move(first), indexes);
  }

  /// `kept` has a key and a value for each level above; `groups` the keys, its own last, a value.
  static auto joined(PlanPtr kept, PlanPtr groups) -> PlanPtr {
    const auto width = kept->output.columns.size();
    const auto own = groups->output.columns.size() - 2;
    auto schema = kept->output;
    schema.columns.insert(
        schema.columns.end(), groups->output.columns.begin(), groups->output.columns.end());
    Join join{JoinKind::inner, std::move(kept), std::move(groups), {}};
    for (std::size_t i = 0; i < own; ++i) {
      join.keys.emplace_back(make_reference(join.left->output, 2 * i),
                             make_reference(join.right->output, i));
    }
    std::vector<std::size_t> indexes(width);
    std::iota(indexes.begin(), indexes.end(), std::size_t{0});
    indexes.push_back(width + own);
    indexes.push_back(width + own + 1);
    return pick_columns(make_plan(std::move(schema), std::move(join)), indexes);
  }

  PipelineBinder& binder_;
  const ast::TopNested& op_;
  Span span_;
};

/// Two levels must not name a column alike.
auto has_clash(PipelineBinder& binder, const Schema& schema, Span span) -> bool {
  ColumnNames names;
  for (const auto& column : schema.columns) {
    if (!names.declare(column.name)) {
      binder.report(
          span, Code::duplicate_column, fmt::format("there are two columns `{}`", column.name));
      return true;
    }
  }
  return false;
}

} // namespace

auto bind_top_nested(PipelineBinder& binder, PlanPtr input, const ast::TopNested& op, Span span)
    -> PlanPtr {
  auto plan = TopNestedBinder{binder, op, span}.bind(std::move(input));
  return plan == nullptr || has_clash(binder, plan->output, span) ? nullptr : std::move(plan);
}

} // namespace sluice::kql
