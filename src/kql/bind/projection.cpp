// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/operators.hpp"
#include "kql/bind/result_columns.hpp"
#include "kql/bind/row_functions.hpp"

namespace sluice::kql {
namespace {

auto duplicate(PipelineBinder& binder, Span span, const std::string& name) -> std::string {
  binder.report(span, Code::duplicate_column, fmt::format("there are two columns `{}`", name));
  return {};
}

/// `(a, b) = f(...)`: the items of an array that the function gives.
auto unpack(PipelineBinder& binder,
            const ast::Item& item,
            ExpressionPtr value,
            ColumnNames& names,
            Schema& output,
            std::vector<ExpressionPtr>& columns) -> bool {
  if (value->type != Type::dynamic) {
    binder.report(item.names.front().span,
                  Code::not_several_values,
                  "several names need a function with several results");
    return false;
  }
  for (std::size_t i = 0; i < item.names.size(); ++i) {
    const auto& name = item.names[i];
    if (!names.declare(name.text)) {
      duplicate(binder, name.span, name.text);
      return false;
    }
    std::vector<ExpressionPtr> arguments;
    arguments.push_back(clone(*value));
    arguments.push_back(make_literal(Value::int64(static_cast<std::int64_t>(i))));
    set_column(output, columns, name.text, make_call("[]", Type::dynamic, std::move(arguments)));
  }
  return true;
}

/// `(a, b) = series_stats(x)`: those that are named first, the others under names of their own.
auto add_columns(PipelineBinder& binder,
                 ExpressionBinder expressions,
                 const ast::Item& item,
                 ColumnNames& names,
                 Schema& output,
                 std::vector<ExpressionPtr>& columns) -> bool {
  const auto& function = *columns_function(*item.value);
  const auto& call = std::get<ast::Call>(item.value->node);
  auto values = bind_columns_call(expressions, binder, function, call);
  if (item.names.size() > values.size() && !values.empty()) {
    binder.report(item.names.back().span,
                  Code::nameless_values,
                  fmt::format("`{}` gives {} columns", function.name, values.size()));
    return false;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool is_named = i < item.names.size();
    if (is_named && !names.declare(item.names[i].text)) {
      duplicate(binder, item.names[i].span, item.names[i].text);
      return false;
    }
    const auto name =
        is_named ? item.names[i].text : names.make_unique(column_name(function, call, i));
    set_column(output, columns, name, std::move(values[i]));
  }
  return !values.empty();
}

} // namespace

auto name_item(PipelineBinder& binder, const ast::Item& item, ColumnNames& names) -> std::string {
  if (item.names.size() > 1) {
    binder.report(item.names.front().span,
                  Code::not_several_values,
                  "several names need a function with several results, such as `arg_max`");
    return {};
  }
  if (!item.names.empty()) {
    const auto& name = item.names.front();
    return names.declare(name.text) ? name.text : duplicate(binder, name.span, name.text);
  }
  if (const auto* plain = std::get_if<ast::Name>(&item.value->node)) {
    return names.declare(plain->text) ? plain->text
                                      : duplicate(binder, item.value->span, plain->text);
  }
  const auto automatic = automatic_name(*item.value);
  return automatic ? names.make_unique(*automatic) : names.next_numbered();
}

auto bind_extend(PipelineBinder& binder, PlanPtr input, const std::vector<ast::Item>& items)
    -> PlanPtr {
  const auto before = input->output;
  const auto scope = binder.scope(before);
  RowFunctions row_functions{binder, scope, std::move(input)};
  Schema output = before;
  auto columns = all_references(before);
  ColumnNames names;
  bool failed = false;
  for (const auto& item : items) {
    if (columns_function(*item.value) != nullptr) {
      failed =
          !add_columns(binder, binder.expressions(scope), item, names, output, columns) || failed;
      continue;
    }
    auto value = row_functions.bind(*item.value);
    if (value == nullptr) {
      failed = true;
      continue;
    }
    if (item.names.size() > 1) {
      failed = !unpack(binder, item, std::move(value), names, output, columns) || failed;
      continue;
    }
    const auto name = name_item(binder, item, names);
    if (name.empty()) {
      failed = true;
      continue;
    }
    set_column(output, columns, name, std::move(value));
  }
  return failed ? nullptr
                : make_plan(std::move(output), Project{row_functions.take(), std::move(columns)});
}

auto bind_project(PipelineBinder& binder, PlanPtr input, const ast::Project& op) -> PlanPtr {
  const auto before = input->output;
  const auto scope = binder.scope(before);
  RowFunctions row_functions{binder, scope, std::move(input)};
  Schema output;
  std::vector<ExpressionPtr> columns;
  ColumnNames names;
  bool failed = false;
  for (const auto& item : op.items) {
    if (columns_function(*item.value) != nullptr) {
      failed =
          !add_columns(binder, binder.expressions(scope), item, names, output, columns) || failed;
      continue;
    }
    auto value = row_functions.bind(*item.value);
    if (value == nullptr) {
      failed = true;
      continue;
    }
    if (item.names.size() > 1) {
      failed = !unpack(binder, item, std::move(value), names, output, columns) || failed;
      continue;
    }
    auto name = name_item(binder, item, names);
    if (name.empty()) {
      failed = true;
      continue;
    }
    output.columns.push_back({std::move(name), value->type});
    columns.push_back(std::move(value));
  }
  return failed ? nullptr
                : make_plan(std::move(output), Project{row_functions.take(), std::move(columns)});
}

} // namespace sluice::kql
