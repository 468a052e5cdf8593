// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/operators.hpp"

namespace sluice::kql {
namespace {

/// Columns times tables: what a union of everything may cost in memory.
constexpr std::size_t max_cells = 500'000;

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
    if (columns_.size() * inputs_.size() > max_cells) {
      binder_.report(span, "too-deep", "too many tables with too many columns in one union");
      return nullptr;
    }
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

  /// Columns of one name and different types are kept apart, side by side where the first of them
  /// was: `x_long`, `x_string`.
  void choose_columns() {
    std::vector<std::vector<Column>> groups; // One for each name.
    std::unordered_map<std::string_view, std::size_t> group_of;
    for (const auto& input : inputs_) {
      for (const auto& column : input.plan->output.columns) {
        const auto [place, is_new] = group_of.try_emplace(column.name, groups.size());
        if (is_new) {
          groups.emplace_back();
        }
        auto& group = groups[place->second];
        if (std::ranges::find(group, column) == group.end() && is_wanted(column)) {
          group.push_back(column);
        }
      }
    }
    for (const auto& group : groups) {
      columns_.insert(columns_.end(), group.begin(), group.end());
      clashes_.insert(clashes_.end(), group.size(), group.size() > 1);
    }
    name_columns();
  }

  auto is_wanted(const Column& column) -> bool {
    return !op_.is_inner || std::ranges::all_of(inputs_, [&](const Input& input) {
      return input.plan->output.find(column.name).has_value();
    });
  }

  /// One name for each of the columns; those that keep their own go first.
  void name_columns() {
    ColumnNames taken;
    names_.resize(columns_.size());
    for (const bool clashes : {false, true}) {
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        const auto& column = columns_[i];
        if (clashes_[i] == clashes) {
          names_[i] = taken.make_unique(
              clashes ? fmt::format("{}_{}", column.name, to_text(column.type)) : column.name);
        }
      }
    }
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
    std::unordered_map<std::string_view, std::size_t> place_of;
    for (std::size_t i = 0; i < schema.columns.size(); ++i) {
      place_of.emplace(schema.columns[i].name, i);
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const auto& column = columns_[i];
      output.columns.push_back({names_[i], column.type});
      const auto found = place_of.find(column.name);
      const bool has = found != place_of.end() && schema.columns[found->second].type == column.type;
      values.push_back(has ? make_reference(schema, found->second)
                           : make_literal(Value::null(column.type)));
    }
    return make_plan(std::move(output), Project{std::move(input.plan), std::move(values)});
  }

  PipelineBinder& binder_;
  const ast::Union& op_;
  std::vector<Input> inputs_;
  std::vector<Column> columns_;
  std::vector<bool> clashes_; ///< Whether a column shares its name with one of another type.
  std::vector<std::string> names_;
};

} // namespace

auto bind_union(PipelineBinder& binder, PlanPtr input, const ast::Union& op, Span span) -> PlanPtr {
  UnionBinder made{binder, op};
  return made.gather(std::move(input)) ? made.finish(span) : nullptr;
}

} // namespace sluice::kql
