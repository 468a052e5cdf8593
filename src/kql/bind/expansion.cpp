// SPDX-License-Identifier: Apache-2.0
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/operators.hpp"
#include "kql/open_type.hpp"

namespace sluice::kql {
namespace {

constexpr std::int64_t old_limit = 128; // Documented, for the spelling `mvexpand`.

auto visible(PlanPtr plan) -> PlanPtr {
  const auto indexes = visible_columns(plan->output);
  return pick_columns(std::move(plan), indexes);
}

/// Opens the arrays over the rows of `plan` and puts each column in its place.
class ExpandBinder {
public:
  ExpandBinder(PipelineBinder& binder, const ast::MvExpand& op) : binder_{binder}, op_{op} {}

  auto bind(PlanPtr input) -> PlanPtr {
    width_ = input->output.columns.size();
    if (!bind_arrays(*input) || !bind_limit()) {
      return nullptr;
    }
    auto output = input->output;
    if (!op_.index_column.empty()) {
      output.columns.push_back({op_.index_column, Type::int64});
    }
    for (const auto& name : names_) {
      output.columns.push_back({name, Type::dynamic});
    }
    auto opened = make_plan(std::move(output),
                            Expand{std::move(input),
                                   std::move(arrays_),
                                   !op_.index_column.empty(),
                                   op_.bags_to_arrays,
                                   limit_});
    return placed(std::move(opened));
  }

  /// Whether the column was an array that its items have taken the place of.
  [[nodiscard]] auto replaces(std::string_view name) const -> bool {
    for (const auto& one : names_) {
      if (one == name) {
        return true;
      }
    }
    return false;
  }

private:
  auto bind_arrays(const Plan& input) -> bool {
    const auto scope = binder_.scope(input.output);
    ColumnNames names;
    bool good = true;
    for (const auto& one : op_.items) {
      auto value = binder_.expressions(scope).bind(*one.item.value);
      auto name = name_item(binder_, one.item, names);
      if (value != nullptr && value->type != Type::dynamic && value->type != unknown_type) {
        binder_.report(one.item.value->span,
                       Code::wrong_expression_type,
                       fmt::format("only a dynamic value can be expanded, this is a {}",
                                   to_text(value->type)));
        value = nullptr;
      }
      good = good && value != nullptr && !name.empty();
      arrays_.push_back(std::move(value));
      names_.push_back(std::move(name));
    }
    return good;
  }

  auto bind_limit() -> bool {
    limit_ = op_.old_spelling ? old_limit : std::numeric_limits<std::int64_t>::max();
    if (op_.limit == nullptr) {
      return true;
    }
    const auto value = binder_.constant(*op_.limit);
    if (!value || !is_integer(value->type()) || value->is_null() || value->as_integer() < 0) {
      binder_.report(op_.limit->span, Code::not_integer, "the limit must be a whole number");
      return false;
    }
    limit_ = value->as_integer();
    return true;
  }

  /// Items go where a column of their name was, else behind the others; each in its type.
  auto placed(PlanPtr opened) -> PlanPtr {
    const auto& schema = opened->output;
    Schema output;
    std::vector<ExpressionPtr> columns;
    for (std::size_t i = 0; i < width_; ++i) {
      output.columns.push_back(schema.columns[i]);
      columns.push_back(make_reference(schema, i));
    }
    auto at = width_ + (op_.index_column.empty() ? 0 : 1);
    for (std::size_t i = 0; i < names_.size(); ++i, ++at) {
      const auto type = op_.items[i].type.value_or(Type::dynamic);
      set_column(output,
                 columns,
                 names_[i],
                 ExpressionBinder::converted(make_reference(schema, at), type));
    }
    if (!op_.index_column.empty()) {
      set_column(output, columns, op_.index_column, make_reference(schema, width_));
    }
    return make_plan(std::move(output), Project{std::move(opened), std::move(columns)});
  }

  PipelineBinder& binder_;
  const ast::MvExpand& op_;
  std::size_t width_ = 0;
  std::int64_t limit_ = 0;
  std::vector<ExpressionPtr> arrays_;
  std::vector<std::string> names_;
};

/// What mv-apply gives: the input's columns, those that the body makes anew taken from it, then the
/// rest of the body's. `outer` are those of the input that stay.
auto merged(PlanPtr applied, std::size_t width, const std::vector<std::size_t>& outer) -> PlanPtr {
  const auto& schema = applied->output;
  std::vector<std::size_t> indexes;
  std::vector<bool> used(schema.columns.size());
  for (const auto index : outer) {
    auto chosen = index;
    for (auto i = width; i < schema.columns.size(); ++i) {
      chosen = schema.columns[i].name == schema.columns[index].name ? i : chosen;
    }
    used[chosen] = true;
    indexes.push_back(chosen);
  }
  for (auto i = width; i < schema.columns.size(); ++i) {
    if (!used[i]) {
      indexes.push_back(i);
    }
  }
  return pick_columns(std::move(applied), indexes);
}

auto apply(PlanPtr input, PlanPtr body, std::size_t depth) -> PlanPtr {
  auto output = input->output;
  output.columns.insert(
      output.columns.end(), body->output.columns.begin(), body->output.columns.end());
  return make_plan(std::move(output), Apply{std::move(input), std::move(body), depth});
}

} // namespace

auto bind_expand(PipelineBinder& binder, PlanPtr input, const ast::MvExpand& op) -> PlanPtr {
  return ExpandBinder{binder, op}.bind(std::move(input));
}

auto bind_apply(PipelineBinder& binder, PlanPtr input, const ast::MvApply& op) -> PlanPtr {
  input = visible(std::move(input));
  const auto schema = input->output;
  const auto depth = binder.depth();
  auto inside = binder.inside_apply();
  ExpandBinder expand{inside, op.expand};
  auto opened = expand.bind(make_plan(schema, Outer{depth}));
  if (opened == nullptr) {
    return nullptr;
  }
  auto body = inside.bind(*op.subquery, std::move(opened));
  if (body == nullptr) {
    return nullptr;
  }
  std::vector<std::size_t> outer;
  for (std::size_t i = 0; i < schema.columns.size(); ++i) {
    if (!expand.replaces(schema.columns[i].name)) {
      outer.push_back(i);
    }
  }
  return merged(
      apply(std::move(input), visible(std::move(body)), depth), schema.columns.size(), outer);
}

/// For each value of the key, the body over the rows that have it.
auto bind_partition(PipelineBinder& binder, PlanPtr input, const ast::Partition& op) -> PlanPtr {
  if (!std::holds_alternative<ast::NoSource>(op.subquery->source)) {
    binder.report(op.key->span,
                  Code::not_supported,
                  "`partition` with a query in `{}` is not supported",
                  "write the operators in round brackets");
    return nullptr;
  }
  input = visible(std::move(input));
  const auto scope = binder.scope(input->output);
  auto key = binder.expressions(scope).bind(*op.key);
  if (key == nullptr || !std::holds_alternative<ColumnRef>(key->node) ||
      key->type == Type::dynamic) {
    binder.report(op.key->span, Code::expected_column, "`partition by` wants a column");
    return nullptr;
  }
  const auto depth = binder.depth();
  const Schema keys{{{"key", key->type}}};
  Summarize distinct{binder.copy_of(*input, op.key->span), {}, {}};
  if (distinct.input == nullptr) {
    return nullptr;
  }
  distinct.keys.push_back(clone(*key));
  Join part{JoinKind::inner, std::move(input), make_plan(keys, Outer{depth}), {}};
  part.keys.emplace_back(std::move(key), make_reference(keys, 0));
  auto schema = part.left->output;
  std::vector<std::size_t> columns(schema.columns.size());
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  schema.columns.push_back(keys.columns.front());
  auto rows = pick_columns(make_plan(std::move(schema), std::move(part)), columns);
  auto inside = binder.inside_apply();
  auto body = inside.bind(*op.subquery, std::move(rows));
  if (body == nullptr) {
    return nullptr;
  }
  return merged(
      apply(make_plan(keys, std::move(distinct)), visible(std::move(body)), depth), 1, {});
}

} // namespace sluice::kql
