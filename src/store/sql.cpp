// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "store/sql_decimal.hpp"
#include "store/sql_expression.hpp"
#include "store/sql_generator.hpp"
#include "store/wide_table.hpp"

namespace sluice::store {

using kql::Plan;
using kql::Type;
using kql::Value;

namespace {

constexpr int max_steps = 600;

} // namespace

auto Relation::order_columns() const -> std::vector<std::string> {
  std::vector<std::string> columns;
  for (std::size_t i = 0; i < order.size(); ++i) {
    columns.push_back(fmt::format("s{}", i));
  }
  if (has_row_id) {
    columns.emplace_back("row_id");
  }
  return columns;
}

auto Relation::order_by() const -> std::string {
  std::string sql_text;
  for (std::size_t i = 0; i < order.size(); ++i) {
    sql_text += fmt::format("{}s{} {}", i == 0 ? "ORDER BY " : ", ", i, order[i]);
  }
  return sql_text;
}

auto needed_columns(const Needed& needed) -> std::vector<std::string> {
  std::vector<std::string> columns;
  for (std::size_t i = 0; i < needed.size(); ++i) {
    if (needed[i]) {
      columns.push_back(fmt::format("c{}", i));
    }
  }
  return columns;
}

auto slice(const Needed& needed, std::size_t from, std::size_t count) -> Needed {
  Needed part(count);
  for (std::size_t i = 0; i < count && from + i < needed.size(); ++i) {
    part[i] = needed[from + i];
  }
  return part;
}

void append(std::vector<std::string>& items, std::vector<std::string> more) {
  items.insert(
      items.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

auto select(const std::vector<std::string>& items, const std::string& from) -> std::string {
  return fmt::format("SELECT {} FROM {}",
                     items.empty() ? "1 AS z" : fmt::format("{}", fmt::join(items, ", ")),
                     from);
}

auto over(const Relation& input) -> std::string {
  return fmt::format("({}) AS input", input.sql);
}

Generator::Generator(const kql::EvaluationContext& context,
                     Computations& computations,
                     const kql::Catalog& named_tables,
                     Part part)
    : statement_{computations},
      writer_{statement_, context, [this](const kql::Subquery& inner) { return subquery(inner); }},
      named_tables_{named_tables},
      part_{part} {}

auto Generator::generate(const Plan& plan) && -> Result<Statement> {
  const Needed needed(plan.output.columns.size(), part_ != Part::row_ids);
  TRY(const auto relation, step(plan, needed));
  if (!failures_.empty()) {
    return failures_.front();
  }
  const auto items =
      part_ == Part::row_ids ? std::vector<std::string>{"row_id"} : needed_columns(needed);
  statement_.sql = select(items, over(relation));
  if (const auto order = relation.order_by(); !order.empty()) {
    statement_.sql += " " + order;
  }
  return std::move(statement_);
}

auto Generator::step(const Plan& plan, const Needed& needed) -> Result<Relation> {
  if (++steps_ > max_steps) {
    return Error{ErrorKind::invalid_input,
                 fmt::format("the query has more than {} steps", max_steps)};
  }
  return std::visit([&](const auto& node) { return write(plan, node, needed); }, plan.node);
}

auto Generator::subquery(const kql::Subquery& inner) -> std::string {
  const auto outer_part = std::exchange(part_, Part::all);
  auto relation = step(*inner.plan, Needed{true});
  part_ = outer_part;
  if (!relation) {
    failures_.push_back(std::move(relation).error());
    return "NULL";
  }
  const auto type = inner.plan->output.columns.front().type;
  if (inner.form == kql::Subquery::Form::cell) {
    const auto cell =
        fmt::format("(SELECT c0 FROM {} {} LIMIT 1)", over(*relation), relation->order_by());
    return type == Type::string ? fmt::format("coalesce({}, '')", cell) : cell;
  }
  const kql::Expression column{type, {}, kql::ColumnRef{0}};
  return fmt::format("(SELECT '[' || coalesce(string_agg(j, ','), '') || ']' FROM (SELECT {} AS j "
                     "FROM {}) AS listed)",
                     writer_.json(column),
                     over(*relation));
}

auto Generator::write(const Plan&, const kql::Filter& filter, const Needed& needed)
    -> Result<Relation> {
  auto wanted = needed;
  mark_columns(*filter.condition, wanted);
  TRY(auto input, step(*filter.input, wanted));
  auto items = needed_columns(needed);
  append(items, input.order_columns());
  input.sql = select(items, over(input)) + " WHERE " + writer_.condition(*filter.condition);
  return input;
}

auto Generator::write(const Plan&, const kql::Project& project, const Needed& needed)
    -> Result<Relation> {
  Needed wanted(project.input->output.columns.size());
  std::vector<std::string> items;
  for (std::size_t i = 0; i < needed.size(); ++i) {
    if (needed[i]) {
      mark_columns(*project.columns[i], wanted);
      items.push_back(fmt::format("{} AS c{}", writer_.value(*project.columns[i]), i));
    }
  }
  TRY(auto input, step(*project.input, wanted));
  append(items, input.order_columns());
  input.sql = select(items, over(input));
  return input;
}

/// NaN goes with the nulls (documented), so a real sorts by its class first.
auto Generator::write(const Plan&, const kql::Sort& sort, const Needed& needed)
    -> Result<Relation> {
  auto wanted = needed;
  for (const auto& key : sort.keys) {
    mark_columns(*key.expression, wanted);
  }
  TRY(const auto input, step(*sort.input, wanted));
  auto items = needed_columns(needed);
  Relation sorted;
  sorted.has_row_id = input.has_row_id;
  if (sorted.has_row_id) {
    items.emplace_back("row_id");
  }
  const auto add = [&](const std::string& value, std::string_view direction) {
    items.push_back(fmt::format("{} AS s{}", value, sorted.order.size()));
    sorted.order.emplace_back(direction);
  };
  for (const auto& key : sort.keys) {
    auto value = writer_.value(*key.expression);
    if (key.expression->type == Type::decimal) {
      value = decimal_order(writer_, value);
    }
    if (key.expression->type == Type::real) {
      add(fmt::format("CASE WHEN {0} IS NULL THEN 0 WHEN isnan({0}) THEN 1 ELSE 2 END", value),
          key.nulls_first ? "ASC" : "DESC");
    }
    add(value,
        fmt::format(
            "{} NULLS {}", key.descending ? "DESC" : "ASC", key.nulls_first ? "FIRST" : "LAST"));
  }
  sorted.sql = select(items, over(input));
  return sorted;
}

auto Generator::write(const Plan&, const kql::Take& take, const Needed& needed)
    -> Result<Relation> {
  TRY(auto input, step(*take.input, needed));
  auto items = needed_columns(needed);
  append(items, input.order_columns());
  input.sql =
      fmt::format("{} {} LIMIT {}", select(items, over(input)), input.order_by(), take.count);
  return input;
}

Statement::Statement(Statement&& other) noexcept
    : sql{std::move(other.sql)},
      computations_{other.computations_},
      numbers_{std::exchange(other.numbers_, {})} {}

Statement::~Statement() {
  for (const auto number : numbers_) {
    computations_->remove(number);
  }
}

auto sorts_table_rows(const Plan& plan) -> bool {
  bool sorts = false;
  const auto* step = &plan;
  while (!std::holds_alternative<kql::Scan>(step->node)) {
    const bool keeps_rows = std::holds_alternative<kql::Filter>(step->node) ||
                            std::holds_alternative<kql::Project>(step->node) ||
                            std::holds_alternative<kql::Sort>(step->node) ||
                            std::holds_alternative<kql::Take>(step->node);
    if (!keeps_rows) {
      return false;
    }
    sorts = sorts || std::holds_alternative<kql::Sort>(step->node);
    step = kql::inputs_of(*step).front();
  }
  return sorts && std::get<kql::Scan>(step->node).table == wide_table_name;
}

auto generate_sql(const Plan& plan,
                  const kql::EvaluationContext& context,
                  Computations& computations,
                  const kql::Catalog& named_tables,
                  Part part) -> Result<Statement> {
  return Generator{context, computations, named_tables, part}.generate(plan);
}

} // namespace sluice::store
