// SPDX-License-Identifier: Apache-2.0
#include "kql/operator_binder.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "kql/evaluator.hpp"
#include "kql/suggestion.hpp"
#include "kql/summarize_binder.hpp"

namespace sluice::kql {
namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

/// `*` stands for any stretch of characters.
auto matches_wildcard(std::string_view pattern, std::string_view name) -> bool {
  std::size_t p = 0;
  std::size_t n = 0;
  std::optional<std::size_t> star;
  std::size_t resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star) {
      p = *star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

auto visible_columns(const Schema& schema) -> std::vector<std::size_t> {
  std::vector<std::size_t> indexes;
  for (std::size_t i = 0; i < schema.columns.size(); ++i) {
    if (!schema.columns[i].hidden) {
      indexes.push_back(i);
    }
  }
  return indexes;
}

auto contains(const std::vector<std::size_t>& list, std::size_t index) -> bool {
  return std::find(list.begin(), list.end(), index) != list.end();
}

} // namespace

auto make_plan(Schema output, decltype(Plan::node) node) -> PlanPtr {
  return std::make_unique<Plan>(Plan{std::move(output), std::move(node)});
}

auto make_reference(const Schema& schema, std::size_t index, Span span) -> ExpressionPtr {
  auto reference = std::make_unique<Expression>();
  reference->type = schema.columns[index].type;
  reference->span = span;
  reference->node = ColumnRef{index};
  return reference;
}

auto pick_columns(PlanPtr input, const std::vector<std::size_t>& indexes) -> PlanPtr {
  Schema output;
  std::vector<ExpressionPtr> columns;
  for (const auto index : indexes) {
    output.columns.push_back(input->output.columns[index]);
    columns.push_back(make_reference(input->output, index));
  }
  return make_plan(std::move(output), Project{std::move(input), std::move(columns)});
}

void OperatorBinder::report(Span span, std::string code, std::string message, std::string hint) {
  diagnostics_.push_back({span, std::move(code), std::move(message), std::move(hint)});
}

auto OperatorBinder::scope_over(const Schema& columns) const -> Scope {
  auto scope = base_;
  scope.columns = &columns;
  return scope;
}

auto OperatorBinder::apply(PlanPtr input, const ast::Operator& op) -> PlanPtr {
  auto& in = input;
  return std::visit(
      Overloaded{
          [&](const ast::Where& o) { return where(std::move(in), o); },
          [&](const ast::Extend& o) { return extend(std::move(in), o); },
          [&](const ast::Project& o) { return project(std::move(in), o); },
          [&](const ast::ProjectColumns& o) { return select(std::move(in), o); },
          [&](const ast::ProjectRename& o) { return rename(std::move(in), o); },
          [&](const ast::Summarize& o) { return SummarizeBinder{*this}.bind(std::move(in), o); },
          [&](const ast::Sort& o) {
            std::vector<const ast::Key*> keys;
            for (const auto& key : o.keys) {
              keys.push_back(&key);
            }
            return sort(std::move(in), keys);
          },
          [&](const ast::Top& o) { return take(sort(std::move(in), {&o.key}), *o.count); },
          [&](const ast::Take& o) { return take(std::move(in), *o.count); },
          [&](const ast::Distinct& o) { return distinct(std::move(in), o, op.span); },
          [&](const ast::Count&) { return count(std::move(in)); },
      },
      op.node);
}

auto OperatorBinder::where(PlanPtr input, const ast::Where& op) -> PlanPtr {
  const auto scope = scope_over(input->output);
  auto condition = ExpressionBinder{scope, diagnostics_}.bind_condition(*op.condition);
  if (condition == nullptr) {
    return input;
  }
  auto output = input->output;
  return make_plan(std::move(output), Filter{std::move(input), std::move(condition)});
}

auto OperatorBinder::name_item(const ast::Item& item, ColumnNames& names) -> std::string {
  if (item.names.size() > 1) {
    report(item.names.front().span,
           "type-mismatch",
           "several names need a function with several results, such as `arg_max`");
    return {};
  }
  if (!item.names.empty()) {
    const auto& name = item.names.front();
    if (names.declare(name.text)) {
      return name.text;
    }
    report(name.span, "duplicate-name", fmt::format("there are two columns `{}`", name.text));
    return {};
  }
  if (const auto* plain = std::get_if<ast::Name>(&item.value->node)) {
    if (names.declare(plain->text)) {
      return plain->text;
    }
    report(
        item.value->span, "duplicate-name", fmt::format("there are two columns `{}`", plain->text));
    return {};
  }
  const auto automatic = automatic_name(*item.value);
  return automatic ? names.make_unique(*automatic) : names.next_numbered();
}

auto OperatorBinder::extend(PlanPtr input, const ast::Extend& op) -> PlanPtr {
  const auto scope = scope_over(input->output);
  Schema output = input->output;
  std::vector<ExpressionPtr> columns;
  for (std::size_t i = 0; i < output.columns.size(); ++i) {
    columns.push_back(make_reference(output, i));
  }
  ColumnNames names;
  bool failed = false;
  for (const auto& item : op.items) {
    auto value = ExpressionBinder{scope, diagnostics_}.bind(*item.value);
    const auto name = name_item(item, names);
    if (value == nullptr || name.empty()) {
      failed = true;
      continue;
    }
    const Column column{name, value->type};
    if (const auto place = output.find(name)) {
      output.columns[*place] = column;
      columns[*place] = std::move(value);
    } else {
      output.columns.push_back(column);
      columns.push_back(std::move(value));
    }
  }
  return failed ? nullptr
                : make_plan(std::move(output), Project{std::move(input), std::move(columns)});
}

auto OperatorBinder::project(PlanPtr input, const ast::Project& op) -> PlanPtr {
  const auto scope = scope_over(input->output);
  Schema output;
  std::vector<ExpressionPtr> columns;
  ColumnNames names;
  bool failed = false;
  for (const auto& item : op.items) {
    auto value = ExpressionBinder{scope, diagnostics_}.bind(*item.value);
    auto name = name_item(item, names);
    failed = failed || value == nullptr || name.empty();
    if (!failed) {
      output.columns.push_back({std::move(name), value->type});
      columns.push_back(std::move(value));
    }
  }
  return failed ? nullptr
                : make_plan(std::move(output), Project{std::move(input), std::move(columns)});
}

auto OperatorBinder::matching(const ast::Pattern& pattern, const Schema& schema)
    -> std::vector<std::size_t> {
  std::vector<std::size_t> found;
  for (const auto index : visible_columns(schema)) {
    if (matches_wildcard(pattern.text, schema.columns[index].name)) {
      found.push_back(index);
    }
  }
  if (found.empty() && pattern.text.find('*') == std::string::npos) {
    std::vector<std::string_view> candidates;
    for (const auto index : visible_columns(schema)) {
      candidates.emplace_back(schema.columns[index].name);
    }
    const auto near = closest_name(pattern.text, candidates);
    report(pattern.span,
           "unknown-name",
           fmt::format("unknown column `{}`", pattern.text),
           near.empty() ? "" : fmt::format("did you mean `{}`?", near));
  }
  return found;
}

auto OperatorBinder::order_of(const ast::ProjectColumns& op, const Schema& schema)
    -> std::vector<std::size_t> {
  std::vector<std::size_t> named;
  for (const auto& pattern : op.patterns) {
    auto found = matching(pattern, schema);
    if (pattern.ascending || pattern.descending) {
      std::sort(found.begin(), found.end(), [&](std::size_t a, std::size_t b) {
        return pattern.ascending ? schema.columns[a].name < schema.columns[b].name
                                 : schema.columns[b].name < schema.columns[a].name;
      });
    }
    for (const auto index : found) {
      if (!contains(named, index)) {
        named.push_back(index);
      }
    }
  }
  return named;
}

auto OperatorBinder::select(PlanPtr input, const ast::ProjectColumns& op) -> PlanPtr {
  const auto& schema = input->output;
  const auto before = diagnostics_.size();
  const auto named = order_of(op, schema);
  if (diagnostics_.size() != before) {
    return nullptr;
  }
  std::vector<std::size_t> indexes;
  if (op.how == ast::Columns::reorder) {
    indexes = named;
  }
  for (const auto index : visible_columns(schema)) {
    const bool is_named = contains(named, index);
    if (op.how == ast::Columns::keep ? is_named : !is_named) {
      indexes.push_back(index);
    }
  }
  return pick_columns(std::move(input), indexes);
}

auto OperatorBinder::rename(PlanPtr input, const ast::ProjectRename& op) -> PlanPtr {
  auto indexes = visible_columns(input->output);
  const auto before = diagnostics_.size();
  std::map<std::size_t, std::string> renamed;
  for (const auto& item : op.items) {
    const auto* old = std::get_if<ast::Name>(&item.value->node);
    if (old == nullptr || item.names.size() != 1) {
      report(item.value->span, "syntax", "expected `new = old` with two column names");
      continue;
    }
    const auto found = matching({old->text, item.value->span}, input->output);
    if (!found.empty()) {
      renamed[found.front()] = item.names.front().text;
    }
  }
  auto plan = pick_columns(std::move(input), indexes);
  ColumnNames names;
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    auto& column = plan->output.columns[i];
    const auto found = renamed.find(indexes[i]);
    column.name = found == renamed.end() ? column.name : found->second;
    if (!names.declare(column.name)) {
      report(op.items.front().value->span,
             "duplicate-name",
             fmt::format("there are two columns `{}`", column.name));
    }
  }
  return diagnostics_.size() == before ? std::move(plan) : nullptr;
}

auto OperatorBinder::sort(PlanPtr input, const std::vector<const ast::Key*>& keys) -> PlanPtr {
  const auto scope = scope_over(input->output);
  std::vector<SortKey> bound;
  bool failed = false;
  for (const auto* key : keys) {
    auto value = ExpressionBinder{scope, diagnostics_}.bind(*key->value);
    if (value != nullptr && value->type == Type::dynamic) {
      report(key->value->span,
             "type-mismatch",
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

auto OperatorBinder::take(PlanPtr input, const ast::Expression& count) -> PlanPtr {
  const Schema none;
  const auto scope = scope_over(none);
  const auto value = ExpressionBinder{scope, diagnostics_}.bind_constant(count);
  if (!value) {
    return input;
  }
  if (!is_integer(value->type()) || value->is_null() || value->as_integer() < 0) {
    report(count.span, "type-mismatch", "the number of rows must be a whole number, 0 or more");
    return input;
  }
  auto output = input->output;
  return make_plan(std::move(output), Take{std::move(input), value->as_integer()});
}

auto OperatorBinder::distinct(PlanPtr input, const ast::Distinct& op, Span span) -> PlanPtr {
  ast::Summarize summarize;
  if (op.items.empty()) {
    for (const auto index : visible_columns(input->output)) {
      auto name = std::make_unique<ast::Expression>();
      name->span = span;
      name->node = ast::Name{input->output.columns[index].name};
      summarize.keys.push_back({{}, std::move(name)});
    }
    return SummarizeBinder{*this}.bind(std::move(input), summarize);
  }
  return SummarizeBinder{*this}.bind_keys(std::move(input), op.items);
}

auto OperatorBinder::count(PlanPtr input) -> PlanPtr {
  Summarize summarize{std::move(input), {}, {}};
  summarize.aggregations.push_back({find_aggregate("count"), {}, 1});
  return make_plan(Schema{{{"Count", Type::int64}}}, std::move(summarize));
}

auto OperatorBinder::print(const ast::Print& print) -> PlanPtr {
  const Schema none;
  const auto scope = scope_over(none);
  Schema output;
  std::vector<ExpressionPtr> columns;
  ColumnNames names;
  bool failed = false;
  for (std::size_t i = 0; i < print.items.size(); ++i) {
    const auto& item = print.items[i];
    auto value = ExpressionBinder{scope, diagnostics_}.bind(*item.value);
    auto name =
        item.names.empty() ? names.make_unique(fmt::format("print_{}", i)) : name_item(item, names);
    failed = failed || value == nullptr || name.empty();
    if (!failed) {
      output.columns.push_back({std::move(name), value->type});
      columns.push_back(std::move(value));
    }
  }
  auto one_row = make_plan({}, Values{{{}}});
  return failed ? nullptr
                : make_plan(std::move(output), Project{std::move(one_row), std::move(columns)});
}

auto OperatorBinder::datatable(const ast::Datatable& table, Span span) -> PlanPtr {
  Schema output;
  ColumnNames names;
  for (const auto& column : table.columns) {
    if (!names.declare(column.name.text)) {
      report(column.name.span,
             "duplicate-name",
             fmt::format("there are two columns `{}`", column.name.text));
      return nullptr;
    }
    output.columns.push_back({column.name.text, column.type});
  }
  const auto width = output.columns.size();
  if (width == 0 || table.values.size() % width != 0) {
    report(span,
           "syntax",
           fmt::format("{} values do not fill rows of {} columns", table.values.size(), width));
    return nullptr;
  }
  const Schema none;
  const auto scope = scope_over(none);
  Values values;
  bool failed = false;
  for (std::size_t i = 0; i < table.values.size(); ++i) {
    const auto value = ExpressionBinder{scope, diagnostics_}.bind_constant(*table.values[i]);
    failed = failed || !value;
    if (i % width == 0) {
      values.rows.emplace_back();
    }
    auto cell = value.value_or(Value{});
    auto literal = std::make_unique<Expression>();
    literal->type = cell.type();
    literal->node = Literal{std::move(cell)};
    const auto converted =
        ExpressionBinder::converted(std::move(literal), output.columns[i % width].type);
    values.rows.back().push_back(std::get<Literal>(converted->node).value);
  }
  return failed ? nullptr : make_plan(std::move(output), std::move(values));
}

} // namespace sluice::kql
