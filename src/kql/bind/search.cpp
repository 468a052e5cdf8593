// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/operators.hpp"

namespace sluice::kql {
namespace {

/// The condition of `search` as an ordinary one: a lone text, and `Column:"text"`, become `has` or
/// `contains` over columns.
class Conditions {
public:
  Conditions(const Schema& schema, bool minds_case) : schema_{schema}, minds_case_{minds_case} {}

  auto rewritten(const ast::Expression& expression) const -> ast::ExpressionPtr {
    if (const auto* constant = std::get_if<ast::Constant>(&expression.node);
        constant != nullptr && constant->value.type() == Type::string) {
      return anywhere(*constant, expression.span);
    }
    if (std::holds_alternative<ast::Star>(expression.node)) { // Everything.
      auto all = std::make_unique<ast::Expression>();
      all->span = expression.span;
      all->node = ast::Constant{Value::boolean(true)};
      return all;
    }
    const auto* call = std::get_if<ast::Call>(&expression.node);
    if (call != nullptr && (call->function == "and" || call->function == "or")) {
      return with_arguments(*call, expression.span, true);
    }
    if (call != nullptr && call->function == "not") {
      return with_arguments(*call, expression.span, true);
    }
    if (call != nullptr && call->function == ":") {
      return in_column(*call, expression.span);
    }
    return copy(expression);
  }

  static auto copy(const ast::Expression& expression) -> ast::ExpressionPtr {
    auto made = std::make_unique<ast::Expression>();
    made->span = expression.span;
    if (const auto* call = std::get_if<ast::Call>(&expression.node)) {
      ast::Call copied{call->function, call->name_span, {}, call->is_operator};
      for (const auto& argument : call->arguments) {
        copied.arguments.push_back(copy(*argument));
      }
      made->node = std::move(copied);
    } else if (const auto* constant = std::get_if<ast::Constant>(&expression.node)) {
      made->node = *constant;
    } else if (const auto* name = std::get_if<ast::Name>(&expression.node)) {
      made->node = *name;
    } else {
      made->node = ast::Star{};
    }
    return made;
  }

private:
  auto with_arguments(const ast::Call& call, Span span, bool rewrite) const -> ast::ExpressionPtr {
    ast::Call copied{call.function, call.name_span, {}, call.is_operator};
    for (const auto& argument : call.arguments) {
      copied.arguments.push_back(rewrite ? rewritten(*argument) : copy(*argument));
    }
    auto made = std::make_unique<ast::Expression>();
    made->span = span;
    made->node = std::move(copied);
    return made;
  }

  static auto operation(std::string name, ast::ExpressionPtr left, ast::Constant right, Span span)
      -> ast::ExpressionPtr {
    ast::Call call{std::move(name), span, {}, true};
    call.arguments.push_back(std::move(left));
    auto constant = std::make_unique<ast::Expression>();
    constant->span = span;
    constant->node = std::move(right);
    call.arguments.push_back(std::move(constant));
    auto made = std::make_unique<ast::Expression>();
    made->span = span;
    made->node = std::move(call);
    return made;
  }

  /// `"wor*"` looks for a beginning, `"*ord"` for an end, `"*or*"` for any part; else whole words.
  auto match(ast::ExpressionPtr column, const ast::Constant& wanted, Span span) const
      -> ast::ExpressionPtr {
    std::string text{wanted.value.text()};
    const bool at_front = text.starts_with('*');
    const bool at_back = text.size() > 1 && text.ends_with('*');
    text = text.substr(at_front ? 1 : 0, text.size() - (at_front ? 1 : 0) - (at_back ? 1 : 0));
    const std::string name = at_front && at_back ? "contains"
                             : at_front          ? "hassuffix"
                             : at_back           ? "hasprefix"
                                                 : "has";
    return operation(minds_case_ ? name + "_cs" : name,
                     std::move(column),
                     ast::Constant{Value::string(std::move(text))},
                     span);
  }

  static auto text_of(const Column& column, Span span) -> ast::ExpressionPtr {
    auto name = std::make_unique<ast::Expression>();
    name->span = span;
    name->node = ast::Name{column.name};
    if (column.type == Type::string) {
      return name;
    }
    ast::Call call{"tostring", span, {}, false};
    call.arguments.push_back(std::move(name));
    auto made = std::make_unique<ast::Expression>();
    made->span = span;
    made->node = std::move(call);
    return made;
  }

  auto anywhere(const ast::Constant& wanted, Span span) const -> ast::ExpressionPtr {
    ast::Call either{"or", span, {}, true};
    for (const auto index : visible_columns(schema_)) {
      either.arguments.push_back(match(text_of(schema_.columns[index], span), wanted, span));
    }
    auto made = std::make_unique<ast::Expression>();
    made->span = span;
    made->node = std::move(either);
    return made;
  }

  auto in_column(const ast::Call& call, Span span) const -> ast::ExpressionPtr {
    const auto* constant = std::get_if<ast::Constant>(&call.arguments[1]->node);
    const auto* name = std::get_if<ast::Name>(&call.arguments[0]->node);
    if (constant == nullptr || constant->value.type() != Type::string) {
      auto equal = with_arguments(call, span, false);
      std::get<ast::Call>(equal->node).function = "==";
      return equal;
    }
    const auto index = name == nullptr ? std::nullopt : schema_.find(name->text);
    return match(
        index ? text_of(schema_.columns[*index], span) : copy(*call.arguments[0]), *constant, span);
  }

  const Schema& schema_;
  bool minds_case_;
};

auto with_table_column(PlanPtr input, const std::string& name) -> PlanPtr {
  const auto& schema = input->output;
  if (schema.find("$table")) {
    return input;
  }
  Schema output{{{"$table", Type::string}}};
  std::vector<ExpressionPtr> columns;
  columns.push_back(make_literal(Value::string(name)));
  for (const auto index : visible_columns(schema)) {
    output.columns.push_back(schema.columns[index]);
    columns.push_back(make_reference(schema, index));
  }
  return make_plan(std::move(output), Project{std::move(input), std::move(columns)});
}

auto table_name(const Plan& plan) -> std::string {
  if (const auto* scan = std::get_if<Scan>(&plan.node)) {
    return scan->table;
  }
  const auto inputs = inputs_of(plan);
  return inputs.size() == 1 ? table_name(*inputs.front()) : "search_arg0";
}

} // namespace

auto bind_search(PipelineBinder& binder, PlanPtr input, const ast::Search& op, Span span)
    -> PlanPtr {
  const bool is_source = input == nullptr;
  auto plan = is_source ? unite_tables(binder, op.tables, "$table", span) : std::move(input);
  if (plan == nullptr) {
    return nullptr;
  }
  Schema searched = plan->output;
  if (is_source) {
    searched.columns.erase(searched.columns.begin()); // `$table`
  }
  const ast::Where where{Conditions{searched, op.minds_case}.rewritten(*op.condition)};
  const auto name = table_name(*plan);
  plan = bind_where(binder, std::move(plan), where);
  return is_source ? std::move(plan) : with_table_column(std::move(plan), name);
}

} // namespace sluice::kql
