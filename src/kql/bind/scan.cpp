// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/operators.hpp"
#include "kql/conversion.hpp"
#include "kql/program/sequence.hpp"

namespace sluice::kql {
namespace {

/// Whether the expression asks for the answer of a query, which a program cannot.
auto has_query(const Expression& expression) -> bool {
  const auto* call = std::get_if<Call>(&expression.node);
  return std::holds_alternative<Subquery>(expression.node) ||
         (call != nullptr &&
          std::ranges::any_of(call->arguments, [](const auto& one) { return has_query(*one); }));
}

auto reads(const Expression& expression, std::size_t column) -> bool {
  if (const auto* reference = std::get_if<ColumnRef>(&expression.node)) {
    return reference->index == column;
  }
  const auto* call = std::get_if<Call>(&expression.node);
  return call != nullptr && std::ranges::any_of(call->arguments, [column](const auto& one) {
           return reads(*one, column);
         });
}

auto shown(const std::string& output) -> SequenceProgram::Shown {
  return output == "none"   ? SequenceProgram::Shown::none
         : output == "last" ? SequenceProgram::Shown::last
                            : SequenceProgram::Shown::all;
}

auto is_true(const ast::Expression& expression) -> bool {
  const auto* constant = std::get_if<ast::Constant>(&expression.node);
  return constant != nullptr && constant->value.type() == Type::boolean &&
         !constant->value.is_null() && constant->value.as_boolean();
}

class ScanBinder {
public:
  ScanBinder(PipelineBinder& binder, const ast::Scan& op, Span span)
      : binder_{binder},
        op_{op},
        span_{span} {}

  auto bind(PlanPtr input) -> PlanPtr {
    if (!has_order(*input)) {
      binder_.report(span_,
                     Code::no_order,
                     "`scan` needs rows in an order",
                     "put `sort` or `serialize` before it");
      return nullptr;
    }
    if (is_refused()) {
      return nullptr;
    }
    const auto visible = visible_columns(input->output);
    input = pick_columns(std::move(input), visible);
    output_ = input->output;
    for (const auto& column : output_.columns) {
      options_.row.push_back(column.type);
      static_cast<void>(names_.declare(column.name));
    }
    bool good = bind_declared();
    name_steps();
    for (const auto& step : op_.steps) {
      good = good && bind_step(step);
    }
    if (good && !op_.match_column.empty()) {
      options_.has_number = true;
      output_.columns.push_back({names_.make_unique(op_.match_column), Type::int64});
    }
    return good ? make_plan(std::move(output_),
                            Program{std::move(input),
                                    0,
                                    std::make_shared<const SequenceProgram>(std::move(options_))})
                : nullptr;
  }

private:
  auto is_refused() -> bool {
    std::string what = op_.order.empty() ? "" : "order by";
    what = op_.partition.empty() ? what : "partition by";
    for (const auto& step : op_.steps) {
      // What ends a series of rows in a step is documented for no other case.
      const bool is_plain = op_.steps.size() == 1 && is_true(*step.condition);
      what = step.output == "last" && !is_plain ? "output=last" : what;
      what = step.is_optional ? "optional" : what;
    }
    if (!what.empty()) {
      binder_.report(
          span_, Code::not_supported, fmt::format("`{}` in `scan` is not supported", what));
    }
    return !what.empty();
  }

  auto bind_declared() -> bool {
    for (const auto& declared : op_.declared) {
      const auto& [name, type] = declared.column;
      if (!names_.declare(name.text)) {
        binder_.report(name.span,
                       Code::duplicate_column,
                       fmt::format("there are two columns `{}`", name.text));
        return false;
      }
      auto start =
          declared.start == nullptr ? Value::null(type) : binder_.constant(*declared.start);
      if (!start) {
        return false;
      }
      options_.declared.push_back(convert(*start, type).owned_copy());
      output_.columns.push_back({name.text, type});
    }
    return true;
  }

  /// The columns that the steps' expressions see: see SequenceProgram.
  void name_steps() {
    seen_ = output_;
    for (const auto& step : op_.steps) {
      for (const auto& column : output_.columns) {
        seen_.columns.push_back({step.name.text + "." + column.name, column.type});
      }
    }
  }

  auto bind_step(const ast::Scan::Step& step) -> bool {
    auto scope = binder_.scope(seen_);
    scope.has_steps = true;
    const auto condition = binder_.expressions(scope).bind_condition(*step.condition);
    if (condition == nullptr || !is_evaluable(*condition)) {
      return false;
    }
    SequenceProgram::Step made{
        step.name.text, shown(step.output), Evaluator{*condition, scope.context}, {}};
    std::vector<std::size_t> assigned;
    for (const auto& item : step.assignments) {
      const auto name = item.names.empty() ? "" : item.names.front().text;
      const auto column = output_.find(name);
      auto value = binder_.expressions(scope).bind(*item.value);
      if (value == nullptr || !is_evaluable(*value) || !is_assignable(item, column, *value)) {
        return false;
      }
      for (const auto earlier : assigned) {
        if (reads(*value, earlier)) {
          binder_.report(item.value->span,
                         Code::not_supported,
                         "a value that the same step has just assigned cannot be read",
                         "write the step's name before it for the value of the row before");
          return false;
        }
      }
      assigned.push_back(*column);
      value = ExpressionBinder::converted(std::move(value), output_.columns[*column].type);
      made.assignments.emplace_back(*column - options_.row.size(),
                                    Evaluator{*value, scope.context});
    }
    options_.steps.push_back(std::move(made));
    return true;
  }

  auto is_evaluable(const Expression& expression) -> bool {
    if (has_query(expression)) {
      binder_.report(
          expression.span, Code::not_supported, "a query inside `scan` is not supported");
      return false;
    }
    return true;
  }

  auto is_assignable(const ast::Item& item,
                     const std::optional<std::size_t>& column,
                     const Expression& value) -> bool {
    if (!column || *column < options_.row.size()) {
      binder_.report(
          item.value->span, Code::unknown_name, "a step assigns columns that are declared");
      return false;
    }
    const auto type = output_.columns[*column].type;
    if (value.type == type || (is_number(value.type) && is_number(type)) ||
        value.type == Type::dynamic) {
      return true;
    }
    binder_.report(item.value->span,
                   Code::wrong_type,
                   fmt::format("a {} cannot become a {}", to_text(value.type), to_text(type)));
    return false;
  }

  PipelineBinder& binder_;
  const ast::Scan& op_;
  Span span_;
  Schema output_;
  Schema seen_;
  ColumnNames names_;
  SequenceProgram::Options options_;
};

} // namespace

auto bind_scan(PipelineBinder& binder, PlanPtr input, const ast::Scan& op, Span span) -> PlanPtr {
  return ScanBinder{binder, op, span}.bind(std::move(input));
}

} // namespace sluice::kql
