// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/operators.hpp"

namespace sluice::kql {
namespace {

struct Input {
  PlanPtr plan;
  std::string name;
};

/// What `withsource` calls rows: a table's, a view's or an `as`'s name; what `let` names has none.
auto name_of(const PipelineBinder& binder, const ast::Expression& expression, std::size_t place)
    -> std::string {
  if (const auto* name = std::get_if<ast::Name>(&expression.node)) {
    const auto* frame = find_name(binder.environment(), name->text);
    if (frame == nullptr || !std::holds_alternative<LateBinding>(frame->meaning)) {
      return name->text;
    }
  }
  if (const auto* subquery = std::get_if<ast::Subquery>(&expression.node)) {
    for (const auto& op : subquery->pipeline->operators) {
      if (const auto* as = std::get_if<ast::As>(&op.node)) {
        return as->name;
      }
    }
  }
  return fmt::format("union_arg{}", place);
}

/// The name that `as` gave to just these rows.
auto name_by_as(const PipelineBinder& binder) -> std::string {
  const auto* newest = binder.environment().get();
  return newest != nullptr && std::holds_alternative<RowsBinding>(newest->meaning) ? newest->name
                                                                                   : "union_arg0";
}

auto visible(PlanPtr plan) -> PlanPtr {
  const auto indexes = visible_columns(plan->output);
  return indexes.size() == plan->output.columns.size() ? std::move(plan)
                                                       : pick_columns(std::move(plan), indexes);
}

class UnionBinder {
public:
  UnionBinder(PipelineBinder& binder, const ast::Union& op) : binder_{binder}, op_{op} {}

  auto gather(PlanPtr first) -> bool {
    if (first != nullptr) {
      inputs_.push_back({visible(std::move(first)), name_by_as(binder_)});
    }
    bool good = true;
    for (const auto& source : op_.sources) {
      const auto* pattern = std::get_if<ast::Pattern>(&source);
      good = (pattern != nullptr ? add_pattern(*pattern)
                                 : add(*std::get<ast::ExpressionPtr>(source))) &&
             good;
    }
    return good;
  }

  auto finish(Span span) -> PlanPtr {
    if (inputs_.empty()) {
      binder_.report(span, "unknown-table", "there are no rows to unite");
      return nullptr;
    }
    choose_columns();
    Union made;
    for (auto& input : inputs_) {
      made.inputs.push_back(shaped(std::move(input)));
    }
    auto schema = made.inputs.front()->output;
    return make_plan(std::move(schema), std::move(made));
  }

private:
  auto add_pattern(const ast::Pattern& pattern) -> bool {
    for (const auto& name : binder_.tables_like(pattern)) {
      auto plan = binder_.table(name, pattern.span);
      if (plan == nullptr) {
        return false;
      }
      inputs_.push_back({visible(std::move(plan)), name});
    }
    return true;
  }

  /// `isfuzzy` leaves out what cannot be found.
  auto add(const ast::Expression& expression) -> bool {
    const auto before = binder_.diagnostics().size();
    auto plan = binder_.rows_of(expression);
    if (plan == nullptr) {
      if (op_.is_fuzzy && only_unknown_tables(before)) {
        binder_.diagnostics().resize(before);
        return true;
      }
      return false;
    }
    inputs_.push_back({visible(std::move(plan)), name_of(binder_, expression, inputs_.size())});
    return true;
  }

  auto only_unknown_tables(std::size_t before) -> bool {
    const auto& all = binder_.diagnostics();
    return std::all_of(
        all.begin() + static_cast<std::ptrdiff_t>(before), all.end(), [](const Diagnostic& one) {
          return one.code == "unknown-table" || one.code == "unknown-function";
        });
  }

  /// Columns of one name and different types are kept apart: `x_long`, `x_string`.
  void choose_columns() {
    for (const auto& input : inputs_) {
      for (const auto& column : input.plan->output.columns) {
        if (std::ranges::find(columns_, column) == columns_.end() && is_wanted(column)) {
          columns_.push_back(column);
        }
      }
    }
    // Side by side where the first of them was.
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      auto end = columns_.begin() + static_cast<std::ptrdiff_t>(i) + 1;
      std::stable_partition(
          end, columns_.end(), [&](const Column& other) { return other.name == columns_[i].name; });
    }
  }

  auto is_wanted(const Column& column) -> bool {
    return !op_.is_inner || std::ranges::all_of(inputs_, [&](const Input& input) {
      return input.plan->output.find(column.name).has_value();
    });
  }

  /// One name for each of the columns; those that keep their own go first.
  auto final_names() -> std::vector<std::string> {
    ColumnNames taken;
    std::vector<std::string> names(columns_.size());
    for (const bool clashes : {false, true}) {
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        const auto& column = columns_[i];
        if ((std::ranges::count(columns_, column.name, &Column::name) > 1) == clashes) {
          names[i] = taken.make_unique(
              clashes ? fmt::format("{}_{}", column.name, to_text(column.type)) : column.name);
        }
      }
    }
    return names;
  }

  /// The input with all columns of the union.
  auto shaped(Input input) -> PlanPtr {
    Schema output;
    std::vector<ExpressionPtr> values;
    if (!op_.source_column.empty()) {
      output.columns.push_back({op_.source_column, Type::string});
      values.push_back(make_literal(Value::string(input.name)));
    }
    const auto& schema = input.plan->output;
    const auto names = final_names();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const auto& column = columns_[i];
      output.columns.push_back({names[i], column.type});
      const auto index = schema.find(column.name);
      const bool has = index && schema.columns[*index].type == column.type;
      values.push_back(has ? make_reference(schema, *index)
                           : make_literal(Value::null(column.type)));
    }
    return make_plan(std::move(output), Project{std::move(input.plan), std::move(values)});
  }

  PipelineBinder& binder_;
  const ast::Union& op_;
  std::vector<Input> inputs_;
  std::vector<Column> columns_;
};

} // namespace

auto bind_union(PipelineBinder& binder, PlanPtr input, const ast::Union& op, Span span) -> PlanPtr {
  UnionBinder made{binder, op};
  return made.gather(std::move(input)) ? made.finish(span) : nullptr;
}

} // namespace sluice::kql
