// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "kql/ast.hpp"
#include "kql/bind/environment.hpp"
#include "kql/diagnostic.hpp"
#include "kql/plan.hpp"
#include "kql/row_function_table.hpp"
#include "kql/schema.hpp"

namespace sluice::kql {

class PipelineBinder;

/// What names mean where an expression stands.
struct Scope {
  const Schema* columns = nullptr;
  /// Names of the query; a column of the same name goes first.
  Environment environment;
  EvaluationContext context;
  /// For queries inside the expression; null where there can be none, in rules.
  PipelineBinder* queries = nullptr;
  /// `step.name` is the column of that name, point and all: in `scan`.
  bool has_steps = false;
};

/// Gives an expression its types: resolves names, picks the form of each function, puts in the
/// conversions that the language does silently.
///
/// Use: one for each operator of a query.
class ExpressionBinder {
public:
  /// Called for `count()`, `sum(x)`, ... : where `summarize` gathers its aggregates. Returns the
  /// reference that stands for the result, or null after a mistake was reported.
  using AggregateHook = std::function<ExpressionPtr(const Aggregate&, const ast::Call&, Span)>;

  /// The same for functions over rows in their order.
  using RowHook = std::function<ExpressionPtr(const RowFunctionRow&, const ast::Call&, Span)>;

  /// All of them must outlive the binder.
  ExpressionBinder(const Scope& scope, Diagnostics& diagnostics)
      : scope_{scope},
        diagnostics_{diagnostics} {}

  void set_aggregate_hook(AggregateHook hook) { hook_ = std::move(hook); }
  void set_row_hook(RowHook hook) { row_hook_ = std::move(hook); }

  /// Null after a mistake, which then is in the diagnostics.
  [[nodiscard]] auto bind(const ast::Expression& expression) -> ExpressionPtr;
  /// The same, and it must be a condition.
  [[nodiscard]] auto bind_condition(const ast::Expression& expression) -> ExpressionPtr;
  /// The same, and it must be constant; gives its value.
  [[nodiscard]] auto bind_constant(const ast::Expression& expression) -> std::optional<Value>;

  /// The bound expression as another type; a literal is converted at once.
  [[nodiscard]] static auto converted(ExpressionPtr expression, Type type) -> ExpressionPtr;

private:
  friend class SpecialCalls;

  auto bind_name(const ast::Name& name, Span span) -> ExpressionPtr;
  auto bind_named(const Frame& frame, Span span) -> ExpressionPtr;
  auto bind_call(const ast::Call& call, Span span) -> ExpressionPtr;
  auto bind_any_column(const ast::Call& call, Span span) -> ExpressionPtr;
  [[nodiscard]] auto step_column(const ast::Call& call) const -> std::optional<std::size_t>;
  auto bind_argument(const ast::Call& call, std::size_t place) -> ExpressionPtr;
  auto bind_subquery(const ast::Expression& rows, Subquery::Form form) -> ExpressionPtr;
  auto bind_function(const Function& function, const ast::Call& call, Span span) -> ExpressionPtr;
  auto check_list(const Function& function, const ast::Call& call, const Call& bound) -> bool;
  auto check_regex(const Function& function, const Call& bound) -> bool;
  auto check_period(const Function& function, const Call& bound) -> bool;
  auto bind_cluster_call(const ast::Call& call, Type type, Span span) -> ExpressionPtr;
  auto unknown_function(const ast::Call& call) -> ExpressionPtr;
  auto report(Span span, Code code, std::string message, std::string hint = "") -> ExpressionPtr;

  const Scope& scope_;
  Diagnostics& diagnostics_;
  AggregateHook hook_;
  RowHook row_hook_;
};

/// `(string, long)`: types as they are shown in messages.
[[nodiscard]] auto to_text(std::span<const Type> types) -> std::string;

} // namespace sluice::kql
