// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "kql/bind/operators.hpp"
#include "kql/bind/pipeline_binder.hpp"
#include "kql/conversion.hpp"
#include "kql/evaluator.hpp"

namespace sluice::kql {
namespace {

constexpr std::size_t max_calls = 5000;

/// The argument for a parameter: by its name, else by its place.
auto argument_for(const ast::Call& call, std::size_t place, const std::string& name)
    -> const ast::Expression* {
  for (std::size_t i = 0; i < call.argument_names.size(); ++i) {
    if (call.argument_names[i] == name) {
      return call.arguments[i].get();
    }
  }
  const bool is_named = place < call.argument_names.size() && !call.argument_names[place].empty();
  return place < call.arguments.size() && !is_named ? call.arguments[place].get() : nullptr;
}

auto has_columns(const Schema& schema, const std::vector<ast::TypedColumn>& wanted)
    -> const ast::TypedColumn* {
  for (const auto& column : wanted) {
    const auto index = schema.find(column.name.text);
    if (!index || schema.columns[*index].type != column.type) {
      return &column;
    }
  }
  return nullptr;
}

auto is_elsewhere(const ast::Call& call) -> bool {
  return call.function == "cluster" || call.function == "database" ||
         call.function == "workspace" || call.function == "app" || call.is_method ||
         call.is_operator;
}

/// Of `workspace("x").T`; the binder of the language knows clusters and databases alone.
auto code_of_place(const ast::Call& path) -> Code {
  const auto* call = &path;
  while ((call->is_operator || call->is_method) && !call->arguments.empty() &&
         std::holds_alternative<ast::Call>(call->arguments.front()->node)) {
    call = &std::get<ast::Call>(call->arguments.front()->node);
  }
  const bool is_cluster = call->function == "cluster" || call->function == "database";
  return is_cluster ? Code::not_reachable : Code::unknown_function;
}

} // namespace

auto PipelineBinder::charge_call(Span span) -> bool {
  if (++session_.calls <= max_calls) {
    return true;
  }
  report(span, Code::too_large, "too many calls of functions in one query");
  return false;
}

auto PipelineBinder::argument_meaning(const ast::Parameter& parameter,
                                      const ast::Expression* argument,
                                      const Scope& caller)
    -> std::optional<decltype(Frame::meaning)> {
  auto& binder = *caller.queries;
  if (argument == nullptr) {
    if (parameter.standard == nullptr || !parameter.type) {
      report(parameter.name.span,
             Code::missing_argument,
             fmt::format("nothing is given for the parameter `{}`", parameter.name.text));
      return std::nullopt;
    }
    const auto value = constant(*parameter.standard);
    return value ? std::optional<decltype(Frame::meaning)>{convert(*value, *parameter.type)}
                 : std::nullopt;
  }
  if (!parameter.type) {
    auto plan = binder.rows_of(*argument);
    const auto* missing = plan == nullptr ? nullptr : has_columns(plan->output, parameter.columns);
    if (missing != nullptr) {
      report(argument->span,
             Code::missing_columns,
             fmt::format("these rows have no column `{}` of type {}",
                         missing->name.text,
                         to_text(missing->type)));
    }
    return plan == nullptr || missing != nullptr
               ? std::nullopt
               : std::optional<decltype(Frame::meaning)>{RowsBinding{std::move(plan)}};
  }
  auto bound = ExpressionBinder{caller, session_.diagnostics}.bind(*argument);
  if (bound == nullptr) {
    return std::nullopt;
  }
  bound = ExpressionBinder::converted(std::move(bound), *parameter.type);
  if (is_constant(*bound)) {
    return evaluate_constant(*bound, session_.context);
  }
  return ScalarBinding{std::move(bound)};
}

auto PipelineBinder::with_arguments(const FunctionBinding& function,
                                    const ast::Call& call,
                                    const Scope& caller,
                                    PlanPtr first) -> std::optional<Environment> {
  const auto& parameters = function.function->parameters;
  const std::size_t given = call.arguments.size() + (first == nullptr ? 0 : 1);
  if (given > parameters.size()) {
    report(call.name_span,
           Code::argument_count,
           fmt::format("`{}` takes {} arguments", call.function, parameters.size()));
    return std::nullopt;
  }
  auto environment = function.environment;
  const std::size_t shift = first == nullptr ? 0 : 1;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    std::optional<decltype(Frame::meaning)> meaning;
    if (first != nullptr && i == 0) {
      meaning = RowsBinding{std::move(first)};
    } else {
      meaning = argument_meaning(
          parameters[i], argument_for(call, i - shift, parameters[i].name.text), caller);
    }
    if (!meaning) {
      return std::nullopt;
    }
    environment = std::make_shared<const Frame>(
        Frame{std::move(environment), parameters[i].name.text, *std::move(meaning)});
  }
  return environment;
}

auto PipelineBinder::body_of(const FunctionBinding& function, Environment environment)
    -> PipelineBinder {
  PipelineBinder body{session_, std::move(environment), depth_};
  for (const auto& let : function.function->lets) {
    body.add_let(let);
  }
  return body;
}

auto PipelineBinder::call_rows(const ast::Call& call, Span span, PlanPtr first) -> PlanPtr {
  const auto* frame = find_name(environment_, call.function);
  const auto* function = frame == nullptr ? nullptr : std::get_if<FunctionBinding>(&frame->meaning);
  if (function == nullptr) {
    return named_table(call, span);
  }
  if (!charge_call(span) || function->function->result == nullptr) {
    return nullptr;
  }
  const Schema none;
  const auto caller = scope(none);
  auto environment = with_arguments(*function, call, caller, std::move(first));
  return environment
             ? body_of(*function, *std::move(environment)).rows_of(*function->function->result)
             : nullptr;
}

auto PipelineBinder::call_scalar(const FunctionBinding& function,
                                 const ast::Call& call,
                                 const Scope& caller) -> ExpressionPtr {
  if (!charge_call(call.name_span) || function.function->result == nullptr) {
    return nullptr;
  }
  auto environment = with_arguments(function, call, caller, nullptr);
  if (!environment) {
    return nullptr;
  }
  auto body = body_of(function, *std::move(environment));
  const Schema none;
  const auto inside = body.scope(none);
  return ExpressionBinder{inside, session_.diagnostics}.bind(*function.function->result);
}

/// The functions of the language that give rows.
auto PipelineBinder::named_table(const ast::Call& call, Span span) -> PlanPtr {
  if (call.function == "materialize" && call.arguments.size() == 1) {
    return rows_of(*call.arguments.front());
  }
  if (call.function == "table" && !call.arguments.empty() && !call.is_method) {
    const auto name = constant(*call.arguments.front());
    return name ? table(std::string{name->text()}, span) : nullptr;
  }
  if (call.function == "_GetWatchlist" && !call.arguments.empty() && !call.is_method) {
    const auto name = constant(*call.arguments.front());
    return name ? bind_watchlist(*this, std::string{name->text()}, span) : nullptr;
  }
  const auto view = call.function + "()";
  if (call.arguments.empty() && !call.is_method && session_.catalog.table(view) != nullptr) {
    return table(view, span);
  }
  if (is_elsewhere(call)) {
    report(span, code_of_place(call), "other databases and workspaces cannot be reached from here");
    return nullptr;
  }
  if (session_.checks_alone && session_.fuzzy_unions > 0) {
    return unknown_table(call.function, span);
  }
  report(call.name_span,
         Code::unknown_function,
         fmt::format("there is no function `{}` that gives rows, or it is not supported yet",
                     call.function));
  return nullptr;
}

} // namespace sluice::kql
