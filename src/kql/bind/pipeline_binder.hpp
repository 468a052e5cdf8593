// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kql/ast.hpp"
#include "kql/bind/environment.hpp"
#include "kql/bind/expression_binder.hpp"
#include "kql/data_probe.hpp"
#include "kql/diagnostic.hpp"
#include "kql/local_copy.hpp"
#include "kql/plan.hpp"
#include "kql/schema.hpp"

/// Private to the binder.
namespace sluice::kql {

/// What the binding of one query shares, and how much of it there is already: lets and functions
/// may multiply, so steps and expressions are counted as they are made.
struct Session {
  const Catalog& catalog;
  EvaluationContext context;
  Diagnostics& diagnostics;
  const DataProbe* probe = nullptr; ///< Null: there are no rows at hand.
  LocalCopies local_copies = {};
  std::size_t steps = 0;
  std::size_t copies = 0; ///< Expressions that arguments of functions were copied into.
  std::size_t calls = 0;
  bool checks_alone = false;    ///< Nobody will run the plan.
  std::size_t fuzzy_unions = 0; ///< In how many this stands: tables need not be there.
  /// What lets of rows were asked for.
  std::set<const ast::Expression*> used_lets{};
  std::size_t probes = 0; ///< How often it was asked whether a function gives rows.
};

/// Binds pipelines where certain names are known.
///
/// Use: one for each place with names of its own: the query, the body of each function called.
class PipelineBinder {
public:
  /// `session` must outlive the binder. `depth`: in how many `Apply` steps this stands.
  PipelineBinder(Session& session, Environment environment, std::size_t depth = 0)
      : session_{session},
        environment_{std::move(environment)},
        depth_{depth} {}

  /// Null after a mistake that leaves the columns unknown; it then is in the diagnostics.
  /// `input`: what feeds a pipeline that has no source.
  [[nodiscard]] auto bind(const ast::Pipeline& pipeline, PlanPtr input = nullptr) -> PlanPtr;

  /// Whether the expression means rows: a table, a query, a function that gives them.
  [[nodiscard]] auto is_rows(const ast::Expression& expression) const -> bool;
  [[nodiscard]] auto rows_of(const ast::Expression& expression) -> PlanPtr;
  /// The rows of a table by its name.
  [[nodiscard]] auto table(const std::string& name, Span span) -> PlanPtr;
  /// Every table whose name fits: those of `let` and those of the catalog.
  [[nodiscard]] auto tables_like(const ast::Pattern& pattern) const -> std::vector<std::string>;
  /// Calls a function that gives rows; `first`, if there is any, is its first argument.
  [[nodiscard]] auto call_rows(const ast::Call& call, Span span, PlanPtr first = nullptr)
      -> PlanPtr;
  /// Calls a function of the query that gives a value. `caller`: where the arguments stand.
  [[nodiscard]] auto call_scalar(const FunctionBinding& function,
                                 const ast::Call& call,
                                 const Scope& caller) -> ExpressionPtr;

  /// Makes a name known to what follows. False when it is taken in this scope.
  auto add_let(const ast::Let& let) -> bool;
  void add_parameter(const ast::Parameter& parameter);
  void name_rows(const std::string& name, const Plan& plan);

  [[nodiscard]] auto scope(const Schema& columns) -> Scope;
  [[nodiscard]] auto expressions(const Scope& scope) -> ExpressionBinder {
    return ExpressionBinder{scope, session_.diagnostics};
  }
  /// The value of an expression without columns.
  [[nodiscard]] auto constant(const ast::Expression& expression) -> std::optional<Value>;
  [[nodiscard]] auto environment() const -> const Environment& { return environment_; }
  [[nodiscard]] auto diagnostics() -> Diagnostics& { return session_.diagnostics; }
  [[nodiscard]] auto depth() const -> std::size_t { return depth_; }
  [[nodiscard]] auto session() -> Session& { return session_; }
  /// The same names, one `Apply` further in.
  [[nodiscard]] auto inside_apply() const -> PipelineBinder {
    return PipelineBinder{session_, environment_, depth_ + 1};
  }
  void report(Span span, Code code, std::string message, std::string hint = "");
  /// Of a column that is not there: over open rows there may be one, and the operator at hand is
  /// bound again with it.
  void infer(const std::string& name);
  /// A copy of steps that are there already; null when there would be too many.
  [[nodiscard]] auto copy_of(const Plan& plan, Span span) -> PlanPtr;

private:
  auto bind_open(PlanPtr plan, const ast::Operator& op) -> PlanPtr;
  auto source(const ast::Pipeline& pipeline, PlanPtr input) -> PlanPtr;
  auto unknown_table(const std::string& name, Span span) -> PlanPtr;
  auto is_rows_call(const ast::Call& call) const -> bool;
  auto gives_rows(const FunctionBinding& function) const -> bool;
  auto named_table(const ast::Call& call, Span span) -> PlanPtr;
  auto with_arguments(const FunctionBinding& function,
                      const ast::Call& call,
                      const Scope& caller,
                      PlanPtr first) -> std::optional<Environment>;
  auto argument_meaning(const ast::Parameter& parameter,
                        const ast::Expression* argument,
                        const Scope& caller) -> std::optional<decltype(Frame::meaning)>;
  auto body_of(const FunctionBinding& function, Environment environment) -> PipelineBinder;
  auto charge_call(Span span) -> bool;

  Session& session_;
  Environment environment_;
  std::size_t depth_ = 0;
  bool is_over_open_rows_ = false;
  std::vector<std::string> inferred_;       ///< Names that the operator at hand missed.
  std::set<std::string, std::less<>> here_; ///< Names that this scope itself has made.
};

/// More steps than a plan may have, whatever lets and functions it is made of.
constexpr std::size_t max_plan_steps = 2000;

} // namespace sluice::kql
