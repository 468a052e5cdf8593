// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/operators.hpp"

namespace sluice::kql {
namespace {

/// Columns times tables: what a union of everything may cost in memory.
constexpr std::size_t max_cells = 20'000'000;

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

class UnionBinder {
public:
  UnionBinder(PipelineBinder& binder, const ast::Union& op) : binder_{binder}, op_{op} {}

  auto gather(PlanPtr first) -> bool {
    if (first != nullptr) {
      add(std::move(first), name_by_as(binder_));
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
      binder_.report(span, Code::unknown_table, "there are no rows to unite");
      return nullptr;
    }
    choose_columns();
    if (columns_.size() * inputs_.size() > max_cells) {
      binder_.report(span, Code::too_large, "too many tables with too many columns in one union");
      return nullptr;
    }
    Union made;
    for (auto& input : inputs_) {
      place(std::move(input), made);
    }
    auto plan = make_plan(output(), std::move(made));
    return is_open_ ? with_unknown(std::move(plan), {}) : std::move(plan);
  }

private:
  void add(PlanPtr plan, std::string name) {
    is_open_ = is_open_ || is_open(plan->output);
    inputs_.push_back({without_hidden(std::move(plan)), std::move(name)});
  }

  auto add_pattern(const ast::Pattern& pattern) -> bool {
    for (const auto& name : binder_.tables_like(pattern)) {
      auto plan = binder_.table(name, pattern.span);
      if (plan == nullptr) {
        return false;
      }
      add(std::move(plan), name);
    }
    return true;
  }

  /// `isfuzzy` leaves out what cannot be found.
  auto add(const ast::Expression& expression) -> bool {
    const auto before = binder_.diagnostics().size();
    auto& fuzzy = binder_.session().fuzzy_unions;
    fuzzy += op_.is_fuzzy ? 1 : 0;
    auto plan = binder_.rows_of(expression);
    fuzzy -= op_.is_fuzzy ? 1 : 0;
    if (plan == nullptr) {
      if (op_.is_fuzzy && only_unknown_tables(before)) {
        binder_.diagnostics().resize(before);
        return true;
      }
      return false;
    }
    add(std::move(plan), name_of(binder_, expression, inputs_.size()));
    return true;
  }

  auto only_unknown_tables(std::size_t before) -> bool {
    const auto& all = binder_.diagnostics();
    return std::all_of(
        all.begin() + static_cast<std::ptrdiff_t>(before), all.end(), [](const Diagnostic& one) {
          return one.code == Code::unknown_table || one.code == Code::unknown_function;
        });
  }

  /// Columns of one name and different types are kept apart, side by side where the first of them
  /// was: `x_long`, `x_string`.
  void choose_columns() {
    std::vector<std::vector<Column>> groups; // One for each name.
    std::unordered_map<std::string_view, std::size_t> group_of;
    // The official binder forgets the third table's column when the first two agree (observed);
    // rows would be lost, so that only checks follow it.
    const bool follows_binder = binder_.session().checks_alone;
    std::unordered_set<std::string_view> settled;
    for (const auto& input : inputs_) {
      for (const auto& column : input.plan->output.columns) {
        const auto [place, is_new] = group_of.try_emplace(column.name, groups.size());
        if (is_new) {
          groups.emplace_back();
        }
        auto& group = groups[place->second];
        if (std::ranges::find(group, column) == group.end() && is_wanted(column) &&
            !settled.contains(column.name)) {
          group.push_back(column);
        } else if (follows_binder && group.size() == 1 && group.front() == column) {
          settled.insert(column.name);
        }
      }
    }
    for (const auto& group : groups) {
      if (!group.empty()) {
        first_of_name_.emplace(group.front().name, columns_.size());
      }
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

  /// Adds the input, and where its columns go.
  void place(Input input, Union& made) const {
    const auto& schema = input.plan->output;
    const std::size_t shift = op_.source_column.empty() ? 0 : 1;
    std::vector<std::uint32_t> places(shift + columns_.size(), Union::absent);
    std::fill_n(places.begin(), shift, 0U);
    for (std::size_t i = 0; i < schema.columns.size(); ++i) {
      const auto& column = schema.columns[i];
      const auto first = first_of_name_.find(column.name);
      auto at = first == first_of_name_.end() ? columns_.size() : first->second;
      while (at < columns_.size() && columns_[at].name == column.name && columns_[at] != column) {
        ++at;
      }
      if (at < columns_.size() && columns_[at] == column) {
        places[shift + at] = static_cast<std::uint32_t>(i + shift);
      }
    }
    made.places.push_back(std::move(places));
    made.inputs.push_back(shift == 0 ? std::move(input.plan) : with_source(std::move(input)));
  }

  auto with_source(Input input) const -> PlanPtr {
    auto output = input.plan->output;
    auto values = all_references(output);
    output.columns.insert(output.columns.begin(), {op_.source_column, Type::string});
    values.insert(values.begin(), make_literal(Value::string(input.name)));
    return make_plan(std::move(output), Project{std::move(input.plan), std::move(values)});
  }

  auto output() const -> Schema {
    Schema output;
    if (!op_.source_column.empty()) {
      output.columns.push_back({op_.source_column, Type::string});
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      output.columns.push_back({names_[i], columns_[i].type});
    }
    return output;
  }

  PipelineBinder& binder_;
  const ast::Union& op_;
  std::vector<Input> inputs_;
  std::vector<Column> columns_;
  std::unordered_map<std::string, std::size_t> first_of_name_; ///< Those of one name lie together.
  std::vector<bool> clashes_; ///< Whether a column shares its name with one of another type.
  std::vector<std::string> names_;
  bool is_open_ = false; ///< An input has columns that nobody knows yet.
};

auto names_of(PipelineBinder& binder, const std::vector<ast::Union::Source>& tables)
    -> std::vector<std::string> {
  std::vector<std::string> names;
  for (const auto& source : tables) {
    if (const auto* pattern = std::get_if<ast::Pattern>(&source)) {
      auto more = binder.tables_like(*pattern);
      names.insert(names.end(), more.begin(), more.end());
    } else if (const auto* name =
                   std::get_if<ast::Name>(&std::get<ast::ExpressionPtr>(source)->node)) {
      names.push_back(name->text);
    }
  }
  return names;
}

} // namespace

auto bind_union(PipelineBinder& binder, PlanPtr input, const ast::Union& op, Span span) -> PlanPtr {
  UnionBinder made{binder, op};
  return made.gather(std::move(input)) ? made.finish(span) : nullptr;
}

auto unite_tables(PipelineBinder& binder,
                  const std::vector<ast::Union::Source>& tables,
                  const std::string& source_column,
                  Span span) -> PlanPtr {
  std::vector<std::string> names =
      tables.empty() ? binder.tables_like({"*", span}) : names_of(binder, tables);
  ast::Union all;
  all.source_column = source_column;
  for (auto& name : names) {
    auto table = std::make_unique<ast::Expression>();
    table->span = span;
    table->node = ast::Name{std::move(name)};
    all.sources.emplace_back(std::move(table));
  }
  return bind_union(binder, nullptr, all, span);
}

} // namespace sluice::kql
