// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/operators.hpp"
#include "kql/bind/row_functions.hpp"
#include "kql/bind/summarize_binder.hpp"

namespace sluice::kql {
namespace {

/// Without the columns that row functions added.
auto narrowed(PlanPtr plan, std::size_t width) -> PlanPtr {
  if (plan->output.columns.size() == width) {
    return plan;
  }
  std::vector<std::size_t> indexes(width);
  for (std::size_t i = 0; i < width; ++i) {
    indexes[i] = i;
  }
  return pick_columns(std::move(plan), indexes);
}

} // namespace

auto bind_where(PipelineBinder& binder, PlanPtr input, const ast::Where& op) -> PlanPtr {
  if (op.name && !binder.session().checks_alone) { // What the engine makes of it is not known.
    binder.report(
        *op.name, Code::not_supported, "`=` gives a name and compares nothing", "write `==`");
    return nullptr;
  }
  const auto before = input->output;
  const auto scope = binder.scope(before);
  RowFunctions row_functions{binder, scope, std::move(input)};
  auto condition = row_functions.bind_condition(*op.condition);
  auto plan = row_functions.take();
  if (condition == nullptr) {
    return narrowed(std::move(plan), before.columns.size());
  }
  auto output = plan->output;
  plan = make_plan(std::move(output), Filter{std::move(plan), std::move(condition)});
  return narrowed(std::move(plan), before.columns.size());
}

auto bind_sort(PipelineBinder& binder, PlanPtr input, const std::vector<const ast::Key*>& keys)
    -> PlanPtr {
  const auto scope = binder.scope(input->output);
  std::vector<SortKey> bound;
  bool failed = false;
  for (const auto* key : keys) {
    auto value = binder.expressions(scope).bind(*key->value);
    if (value != nullptr && value->type == Type::dynamic) {
      binder.report(key->value->span,
                    Code::type_not_allowed,
                    "a dynamic value has no order",
                    "convert it, for example with tostring()");
      value = nullptr;
    }
    failed = failed || value == nullptr;
    bound.push_back({std::move(value), key->descending, key->nulls_first});
  }
  if (failed) {
    return input;
  }
  auto output = input->output;
  return make_plan(std::move(output), Sort{std::move(input), std::move(bound)});
}

auto bind_take(PipelineBinder& binder, PlanPtr input, const ast::Expression& count) -> PlanPtr {
  const auto value = binder.constant(count);
  if (!value) {
    return input;
  }
  if (!is_integer(value->type()) || value->is_null() || value->as_integer() < 0) {
    binder.report(
        count.span, Code::not_integer, "the number of rows must be a whole number, 0 or more");
    return input;
  }
  auto output = input->output;
  return make_plan(std::move(output), Take{std::move(input), value->as_integer()});
}

auto bind_distinct(PipelineBinder& binder, PlanPtr input, const ast::Distinct& op, Span span)
    -> PlanPtr {
  const bool has_star = std::ranges::any_of(op.items, [](const ast::Item& item) {
    return std::holds_alternative<ast::Star>(item.value->node);
  });
  if (!has_star) {
    return SummarizeBinder{binder}.bind_keys(std::move(input), op.items);
  }
  std::vector<ast::Item> items;
  for (const auto index : visible_columns(input->output)) {
    auto name = std::make_unique<ast::Expression>();
    name->span = span;
    name->node = ast::Name{input->output.columns[index].name};
    items.push_back({{}, std::move(name)});
  }
  return SummarizeBinder{binder}.bind_keys(std::move(input), items);
}

auto bind_sample_distinct(PipelineBinder& binder, PlanPtr input, const ast::SampleDistinct& op)
    -> PlanPtr {
  const auto scope = binder.scope(input->output);
  auto value = binder.expressions(scope).bind(*op.of);
  if (value == nullptr) {
    return nullptr;
  }
  Schema output{{{automatic_name(*op.of).value_or("Column1"), value->type}}};
  Summarize summarize{std::move(input), {}, {}};
  summarize.keys.push_back(std::move(value));
  auto distinct = make_plan(std::move(output), std::move(summarize));
  return bind_take(binder, std::move(distinct), *op.count);
}

auto bind_count(PlanPtr input) -> PlanPtr {
  Summarize summarize{std::move(input), {}, {}};
  summarize.aggregations.push_back({find_aggregate("count"), {}, 1});
  return make_plan(Schema{{{"Count", Type::int64}}}, std::move(summarize));
}

} // namespace sluice::kql
