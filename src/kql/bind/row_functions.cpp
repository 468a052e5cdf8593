// SPDX-License-Identifier: Apache-2.0
#include "kql/bind/row_functions.hpp"

#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/program/session.hpp"
#include "kql/signature.hpp"

namespace sluice::kql {

auto RowFunctions::expressions() -> ExpressionBinder {
  auto made = binder_.expressions(scope_);
  made.set_row_hook([this](const RowFunctionRow& row, const ast::Call& call, Span span) {
    return add(row, call, span);
  });
  return made;
}

auto RowFunctions::bind(const ast::Expression& expression) -> ExpressionPtr {
  return expressions().bind(expression);
}

auto RowFunctions::bind_condition(const ast::Expression& expression) -> ExpressionPtr {
  return expressions().bind_condition(expression);
}

/// How many rows away, and what stands there instead, must be known beforehand.
auto RowFunctions::check_constants(const RowFunctionRow& row,
                                   const RowFunction& function,
                                   Span span) -> bool {
  const bool looks_aside = row.name == "prev" || row.name == "next";
  const std::size_t first = looks_aside ? 1 : function.arguments.size();
  for (std::size_t i = first; i < function.arguments.size(); ++i) {
    if (!is_constant(*function.arguments[i])) {
      binder_.report(function.arguments[i]->span, Code::not_constant, "this must be a constant");
      return false;
    }
  }
  if (row.name == "row_number" && !function.arguments.empty() &&
      !is_constant(*function.arguments[0])) {
    binder_.report(span, Code::not_constant, "the first number must be a constant");
    return false;
  }
  return true;
}

/// Where a session begins depends on where the one before began, which no window of SQL can say.
auto RowFunctions::with_sessions(PlanPtr input, RowFunction function, Schema output) -> PlanPtr {
  auto fed = input->output;
  auto columns = all_references(fed);
  const bool has_restart = function.arguments.size() > 3;
  for (auto& argument : function.arguments) {
    fed.columns.push_back({fmt::format("argument {}", fed.columns.size()), argument->type});
    columns.push_back(std::move(argument));
  }
  auto feeding = make_plan(std::move(fed), Project{std::move(input), std::move(columns)});
  return make_plan(
      std::move(output),
      Program{std::move(feeding), 0, std::make_shared<const SessionProgram>(has_restart)});
}

auto RowFunctions::add(const RowFunctionRow& row, const ast::Call& call, Span span)
    -> ExpressionPtr {
  if (!has_order(*input_)) {
    binder_.report(call.name_span,
                   Code::no_order,
                   fmt::format("`{}` needs rows in an order", row.name),
                   "put `sort` or `serialize` before it");
    return nullptr;
  }
  RowFunction function{row.name, {}};
  std::vector<Type> types;
  for (const auto& argument : call.arguments) {
    auto bound = bind(*argument);
    if (bound == nullptr) {
      return nullptr;
    }
    types.push_back(bound->type);
    function.arguments.push_back(std::move(bound));
  }
  const auto match = match_signature(row.signature, types, DynamicArguments::refused);
  if (!match) {
    binder_.report(call.name_span,
                   mismatch_code(false, row.signature, types.size()),
                   fmt::format("`{}` cannot take {}", row.name, to_text(types)),
                   fmt::format("it takes {}", row.signature));
    return nullptr;
  }
  for (std::size_t i = 0; i < types.size(); ++i) {
    const bool is_instead = i == 2 && (row.name == "prev" || row.name == "next");
    function.arguments[i] = ExpressionBinder::converted(
        std::move(function.arguments[i]), is_instead ? types[0] : match->parameters[i]);
  }
  if (!check_constants(row, function, span)) {
    return nullptr;
  }
  auto output = input_->output;
  output.columns.push_back({fmt::format("{} {}", row.name, output.columns.size()), match->result});
  input_ = row.name == "row_window_session"
               ? with_sessions(std::move(input_), std::move(function), std::move(output))
               : make_plan(std::move(output), Window{std::move(input_), std::move(function), {}});
  return make_reference(input_->output, input_->output.columns.size() - 1, span);
}

} // namespace sluice::kql
