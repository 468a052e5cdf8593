// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "kql/ast.hpp"
#include "kql/diagnostic.hpp"
#include "kql/plan.hpp"
#include "kql/schema.hpp"

namespace sluice::kql {

/// What names mean where an expression stands.
struct Scope {
  const Schema* columns = nullptr;
  /// `let` scalars; a column of the same name goes first.
  const std::map<std::string, Value, std::less<>>* constants = nullptr;
  /// Whether a name is a table, for a better message.
  std::function<bool(std::string_view)> is_table;
  EvaluationContext context;
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

  /// All of them must outlive the binder.
  ExpressionBinder(const Scope& scope, Diagnostics& diagnostics)
      : scope_{scope},
        diagnostics_{diagnostics} {}

  void set_aggregate_hook(AggregateHook hook) { hook_ = std::move(hook); }

  /// Null after a mistake, which then is in the diagnostics.
  [[nodiscard]] auto bind(const ast::Expression& expression) -> ExpressionPtr;
  /// The same, and it must be a condition.
  [[nodiscard]] auto bind_condition(const ast::Expression& expression) -> ExpressionPtr;
  /// The same, and it must be constant; gives its value.
  [[nodiscard]] auto bind_constant(const ast::Expression& expression) -> std::optional<Value>;

  /// The bound expression as another type; a literal is converted at once.
  [[nodiscard]] static auto converted(ExpressionPtr expression, Type type) -> ExpressionPtr;

private:
  auto bind_name(const ast::Name& name, Span span) -> ExpressionPtr;
  auto bind_call(const ast::Call& call, Span span) -> ExpressionPtr;
  auto bind_special(const ast::Call& call, Span span, bool& handled) -> ExpressionPtr;
  auto bind_ingestion_time(const ast::Call& call, Span span) -> ExpressionPtr;
  auto bind_column_if_exists(const ast::Call& call, Span span) -> ExpressionPtr;
  auto bind_pack_all(Span span) -> ExpressionPtr;
  auto bind_typed_extract(const ast::Call& call, Span span) -> ExpressionPtr;
  auto bind_function(const Function& function, const ast::Call& call, Span span) -> ExpressionPtr;
  auto check_list(const Function& function, const ast::Call& call, const Call& bound) -> bool;
  auto check_regex(const Function& function, const Call& bound) -> bool;
  auto check_period(const Function& function, const Call& bound) -> bool;
  auto unknown_function(const ast::Call& call) -> ExpressionPtr;
  auto report(Span span, std::string code, std::string message, std::string hint = "")
      -> ExpressionPtr;

  const Scope& scope_;
  Diagnostics& diagnostics_;
  AggregateHook hook_;
};

/// `(string, long)`: types as they are shown in messages.
[[nodiscard]] auto to_text(std::span<const Type> types) -> std::string;

} // namespace sluice::kql
