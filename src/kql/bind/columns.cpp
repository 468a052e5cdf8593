// SPDX-License-Identifier: Apache-2.0
#include "kql/bind/columns.hpp"

#include <algorithm>
#include <optional>

#include "base/check.hpp"
#include "kql/open_type.hpp"

namespace sluice::kql {

auto make_plan(Schema output, decltype(Plan::node) node) -> PlanPtr {
  return std::make_unique<Plan>(Plan{std::move(output), std::move(node)});
}

auto make_reference(const Schema& schema, std::size_t index, Span span) -> ExpressionPtr {
  return std::make_unique<Expression>(
      Expression{schema.columns[index].type, span, ColumnRef{index}});
}

auto make_literal(Value value, Span span) -> ExpressionPtr {
  const auto type = value.type();
  return std::make_unique<Expression>(
      Expression{type, span, Literal{std::move(value).owned_copy()}});
}

auto make_call(std::string_view function, Type type, std::vector<ExpressionPtr> arguments)
    -> ExpressionPtr {
  const auto* found = find_function(function);
  CHECK(found != nullptr);
  const auto span = arguments.empty() ? Span{} : arguments.front()->span;
  return std::make_unique<Expression>(Expression{type, span, Call{found, std::move(arguments)}});
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

void set_column(Schema& output,
                std::vector<ExpressionPtr>& columns,
                const std::string& name,
                ExpressionPtr value) {
  const Column column{name, value->type};
  if (const auto place = output.find(name)) {
    output.columns[*place] = column;
    columns[*place] = std::move(value);
  } else {
    output.columns.push_back(column);
    columns.push_back(std::move(value));
  }
}

auto all_references(const Schema& schema) -> std::vector<ExpressionPtr> {
  std::vector<ExpressionPtr> references;
  for (std::size_t i = 0; i < schema.columns.size(); ++i) {
    references.push_back(make_reference(schema, i));
  }
  return references;
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

auto without_hidden(PlanPtr plan) -> PlanPtr {
  const auto visible = visible_columns(plan->output);
  return visible.size() == plan->output.columns.size() ? std::move(plan)
                                                       : pick_columns(std::move(plan), visible);
}

auto is_open(const Schema& schema) -> bool {
  return std::ranges::any_of(schema.columns, [](const Column& column) {
    return column.hidden && column.type == unknown_type;
  });
}

auto with_unknown(PlanPtr plan, const std::vector<std::string>& names) -> PlanPtr {
  auto output = plan->output;
  auto columns = all_references(output);
  const auto add = [&](const std::string& name, bool hidden) {
    output.columns.push_back({name, unknown_type, hidden});
    columns.push_back(make_literal(Value::null(unknown_type)));
  };
  for (const auto& name : names) {
    if (!output.find(name)) {
      add(name, false);
    }
  }
  if (names.empty() && !is_open(output)) {
    add("", true);
  }
  return output.columns.size() == plan->output.columns.size()
             ? std::move(plan)
             : make_plan(std::move(output), Project{std::move(plan), std::move(columns)});
}

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

} // namespace sluice::kql
