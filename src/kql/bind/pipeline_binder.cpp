// SPDX-License-Identifier: Apache-2.0
#include "kql/bind/pipeline_binder.hpp"

#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/operators.hpp"
#include "kql/conversion.hpp"
#include "kql/evaluator.hpp"
#include "kql/suggestion.hpp"

namespace sluice::kql {
namespace {

/// Whether what is not known of the input's columns is not known of the output's either.
auto passes_on(const ast::Operator& op) -> bool {
  return !std::holds_alternative<ast::Project>(op.node) &&
         !std::holds_alternative<ast::Summarize>(op.node) &&
         !std::holds_alternative<ast::Distinct>(op.node) &&
         !std::holds_alternative<ast::SampleDistinct>(op.node) &&
         !std::holds_alternative<ast::Count>(op.node) &&
         !std::holds_alternative<ast::GetSchema>(op.node) &&
         !std::holds_alternative<ast::MakeSeries>(op.node) &&
         !std::holds_alternative<ast::TopNested>(op.node) &&
         !std::holds_alternative<ast::Invoke>(op.node) &&
         !std::holds_alternative<ast::Evaluate>(op.node);
}

auto steps_of(const Plan& plan) -> std::size_t {
  std::size_t steps = 1;
  for (const auto* input : inputs_of(plan)) {
    steps += steps_of(*input);
  }
  return steps;
}

} // namespace

void PipelineBinder::report(Span span, Code code, std::string message, std::string hint) {
  session_.diagnostics.push_back({span, code, std::move(message), std::move(hint)});
}

auto PipelineBinder::copy_of(const Plan& plan, Span span) -> PlanPtr {
  session_.steps += steps_of(plan);
  if (session_.steps > max_plan_steps) {
    report(span, Code::too_large, "too many operators in one query");
    return nullptr;
  }
  return clone(plan);
}

auto PipelineBinder::scope(const Schema& columns) -> Scope {
  return {&columns, environment_, session_.context, this};
}

auto PipelineBinder::constant(const ast::Expression& expression) -> std::optional<Value> {
  const Schema none;
  const auto here = scope(none);
  return expressions(here).bind_constant(expression);
}

auto PipelineBinder::bind(const ast::Pipeline& pipeline, PlanPtr input) -> PlanPtr {
  auto plan = source(pipeline, std::move(input));
  const bool makes_own = std::holds_alternative<ast::NoSource>(pipeline.source);
  for (const auto& op : pipeline.operators) {
    if (plan == nullptr && !(makes_own && &op == &pipeline.operators.front())) {
      return nullptr;
    }
    if (++session_.steps > max_plan_steps) {
      report(op.span, Code::too_large, "too many operators in one query");
      return nullptr;
    }
    plan = plan != nullptr && is_open(plan->output) ? bind_open(std::move(plan), op)
                                                    : bind_operator(*this, std::move(plan), op);
  }
  return plan;
}

void PipelineBinder::infer(const std::string& name) {
  if (is_over_open_rows_) {
    inferred_.push_back(name);
  }
}

auto PipelineBinder::bind_open(PlanPtr plan, const ast::Operator& op) -> PlanPtr {
  const auto before = diagnostics().size();
  for (;;) {
    is_over_open_rows_ = true;
    inferred_.clear();
    auto rows = copy_of(*plan, op.span);
    auto made = rows == nullptr ? nullptr : bind_operator(*this, std::move(rows), op);
    is_over_open_rows_ = false;
    std::erase_if(inferred_, [&](const auto& name) { return plan->output.find(name).has_value(); });
    if (inferred_.empty()) {
      return made != nullptr && passes_on(op) ? with_unknown(std::move(made), {}) : std::move(made);
    }
    diagnostics().resize(before);
    plan = with_unknown(std::move(plan), inferred_);
  }
}

auto PipelineBinder::source(const ast::Pipeline& pipeline, PlanPtr input) -> PlanPtr {
  if (const auto* print = std::get_if<ast::Print>(&pipeline.source)) {
    return bind_print(*this, *print);
  }
  if (const auto* table = std::get_if<ast::Datatable>(&pipeline.source)) {
    return bind_datatable(*this, *table, pipeline.span);
  }
  if (const auto* range = std::get_if<ast::Range>(&pipeline.source)) {
    return bind_range(*this, *range);
  }
  if (const auto* value = std::get_if<ast::ExpressionPtr>(&pipeline.source)) {
    return rows_of(**value);
  }
  if (const auto* data = std::get_if<ast::ExternalData>(&pipeline.source)) {
    return bind_external(*this, *data, pipeline.span);
  }
  return input;
}

auto PipelineBinder::is_rows(const ast::Expression& expression) const -> bool {
  if (std::holds_alternative<ast::Subquery>(expression.node)) {
    return true;
  }
  if (const auto* call = std::get_if<ast::Call>(&expression.node)) {
    return is_rows_call(*call);
  }
  const auto* name = std::get_if<ast::Name>(&expression.node);
  if (name == nullptr) {
    return false;
  }
  if (const auto* frame = find_name(environment_, name->text)) {
    const auto* function = std::get_if<FunctionBinding>(&frame->meaning);
    return std::holds_alternative<LateBinding>(frame->meaning) ||
           std::holds_alternative<RowsBinding>(frame->meaning) ||
           (function != nullptr && gives_rows(*function));
  }
  return session_.catalog.table(name->text) != nullptr;
}

auto PipelineBinder::is_rows_call(const ast::Call& call) const -> bool {
  if (call.is_operator) { // `database("d").T`
    const auto* inner = call.function == "[]" && !call.arguments.empty()
                            ? std::get_if<ast::Call>(&call.arguments[0]->node)
                            : nullptr;
    return inner != nullptr && (inner->function == "database" || inner->function == "workspace" ||
                                inner->function == "cluster" || inner->function == "app");
  }
  if (const auto* frame = find_name(environment_, call.function)) {
    const auto* function = std::get_if<FunctionBinding>(&frame->meaning);
    return function != nullptr && gives_rows(*function);
  }
  if (call.function == "materialize") {
    return !call.arguments.empty() && is_rows(*call.arguments.front());
  }
  return call.is_method || call.function == "table" || call.function == "_GetWatchlist" ||
         call.function == "external_table" || call.function == "materialized_view" ||
         call.function == "workspace" || call.function == "database";
}

/// Parameters hide what stands around the function; whether they are rows, they say themselves.
auto PipelineBinder::gives_rows(const FunctionBinding& function) const -> bool {
  constexpr std::size_t max_probes = 20'000;
  if (function.function->result == nullptr || ++session_.probes > max_probes) {
    return false;
  }
  auto environment = function.environment;
  for (const auto& parameter : function.function->parameters) {
    decltype(Frame::meaning) meaning = Value{};
    if (!parameter.type) {
      meaning = LateBinding{};
    }
    environment = std::make_shared<const Frame>(
        Frame{std::move(environment), parameter.name.text, std::move(meaning)});
  }
  for (const auto& let : function.function->lets) {
    const PipelineBinder body{session_, environment};
    decltype(Frame::meaning) meaning = Value{};
    if (const auto* inner = std::get_if<ast::Function>(&let.value)) {
      meaning = FunctionBinding{inner, environment};
    } else if (body.is_rows(*std::get<ast::ExpressionPtr>(let.value))) {
      meaning = LateBinding{};
    }
    environment = std::make_shared<const Frame>(
        Frame{std::move(environment), let.name.text, std::move(meaning)});
  }
  return PipelineBinder{session_, environment}.is_rows(*function.function->result);
}

auto PipelineBinder::rows_of(const ast::Expression& expression) -> PlanPtr {
  if (const auto* subquery = std::get_if<ast::Subquery>(&expression.node)) {
    PipelineBinder inner{session_, environment_, depth_};
    auto plan = inner.bind(*subquery->pipeline);
    environment_ = inner.environment_; // Names given by `as` are known from here on.
    return plan;
  }
  if (const auto* name = std::get_if<ast::Name>(&expression.node)) {
    return table(name->text, expression.span);
  }
  if (const auto* call = std::get_if<ast::Call>(&expression.node)) {
    return call_rows(*call, expression.span);
  }
  report(expression.span, Code::expected_rows, "expected rows: a table or a query");
  return nullptr;
}

auto PipelineBinder::table(const std::string& name, Span span) -> PlanPtr {
  if (const auto* frame = find_name(environment_, name)) {
    if (const auto* late = std::get_if<LateBinding>(&frame->meaning)) {
      session_.used_lets.insert(late->value);
      return PipelineBinder{session_, late->environment, depth_}.rows_of(*late->value);
    }
    if (const auto* rows = std::get_if<RowsBinding>(&frame->meaning)) {
      return copy_of(*rows->plan, span);
    }
    if (std::holds_alternative<FunctionBinding>(frame->meaning)) {
      return call_rows({name, span, {}}, span);
    }
    report(span, Code::expected_rows, fmt::format("`{}` is a value, not rows", name));
    return nullptr;
  }
  if (const auto* schema = session_.catalog.table(name)) {
    return make_plan(*schema, Scan{name});
  }
  return unknown_table(name, span);
}

auto PipelineBinder::unknown_table(const std::string& name, Span span) -> PlanPtr {
  if (session_.checks_alone && session_.fuzzy_unions > 0) {
    return with_unknown(make_plan({}, Values{{{}}}), {});
  }
  const auto names = session_.catalog.table_names();
  std::vector<std::string_view> candidates{names.begin(), names.end()};
  for (const auto* frame = environment_.get(); frame != nullptr; frame = frame->outer.get()) {
    if (std::holds_alternative<LateBinding>(frame->meaning)) {
      candidates.emplace_back(frame->name);
    }
  }
  const auto near = closest_name(name, candidates);
  report(span,
         Code::unknown_table,
         fmt::format("unknown table `{}`", name),
         near.empty() ? "" : fmt::format("did you mean `{}`?", near));
  return nullptr;
}

auto PipelineBinder::tables_like(const ast::Pattern& pattern) const -> std::vector<std::string> {
  std::vector<std::string> names;
  for (const auto* frame = environment_.get(); frame != nullptr; frame = frame->outer.get()) {
    const auto* function = std::get_if<FunctionBinding>(&frame->meaning);
    const bool is_view = function != nullptr && function->function->is_view;
    if ((is_view || std::holds_alternative<LateBinding>(frame->meaning)) &&
        matches_wildcard(pattern.text, frame->name)) {
      names.insert(names.begin(), frame->name);
    }
  }
  for (auto& name : session_.catalog.table_names()) {
    if (matches_wildcard(pattern.text, name)) {
      names.push_back(std::move(name));
    }
  }
  return names;
}

auto PipelineBinder::add_let(const ast::Let& let) -> bool {
  if (!here_.insert(let.name.text).second) {
    report(let.name.span,
           Code::duplicate_variable,
           fmt::format("`{}` is already defined by a let", let.name.text));
    return false;
  }
  decltype(Frame::meaning) meaning = Value{}; // Known after a mistake too: its uses are none.
  if (const auto* function = std::get_if<ast::Function>(&let.value)) {
    meaning = FunctionBinding{function, environment_};
  } else if (const auto& value = *std::get<ast::ExpressionPtr>(let.value); is_rows(value)) {
    meaning = LateBinding{&value, environment_};
  } else {
    const Schema none;
    const auto here = scope(none);
    if (auto bound = expressions(here).bind(value); bound != nullptr && is_constant(*bound)) {
      meaning = evaluate_constant(*bound, session_.context);
    } else if (bound != nullptr) {
      meaning = ScalarBinding{std::move(bound)};
    }
  }
  environment_ = std::make_shared<const Frame>(
      Frame{std::move(environment_), let.name.text, std::move(meaning)});
  return true;
}

void PipelineBinder::add_parameter(const ast::Parameter& parameter) {
  auto value = parameter.standard == nullptr ? std::nullopt : constant(*parameter.standard);
  if (!parameter.type || (parameter.standard == nullptr)) {
    report(parameter.name.span,
           Code::no_parameter_value,
           fmt::format("the query parameter `{}` has no value", parameter.name.text),
           "give it one: declare query_parameters(x: long = 1)");
    value.reset();
  }
  auto meaning = convert(value.value_or(Value{}), parameter.type.value_or(Type::dynamic));
  here_.insert(parameter.name.text);
  environment_ = std::make_shared<const Frame>(
      Frame{std::move(environment_), parameter.name.text, std::move(meaning).owned_copy()});
}

void PipelineBinder::name_rows(const std::string& name, const Plan& plan) {
  environment_ =
      std::make_shared<const Frame>(Frame{std::move(environment_), name, RowsBinding{clone(plan)}});
}

} // namespace sluice::kql
