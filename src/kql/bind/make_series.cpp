// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/operators.hpp"
#include "kql/bind/summarize_binder.hpp"
#include "kql/conversion.hpp"
#include "kql/dynamic.hpp"
#include "kql/program/series.hpp"
#include "kql/signature.hpp"

namespace sluice::kql {
namespace {

constexpr auto place_name = "$place"; // No name that a query can write.

template <class... Argument>
auto call(std::string_view function, Type type, Argument... arguments) -> ExpressionPtr {
  std::vector<ExpressionPtr> list;
  (list.push_back(std::move(arguments)), ...);
  return make_call(function, type, std::move(list));
}

/// Binds `make-series`: rows are grouped by the keys and their place on the axis, then a program
/// makes arrays of each group.
class SeriesBinder {
public:
  SeriesBinder(PipelineBinder& binder, const ast::MakeSeries& op) : binder_{binder}, op_{op} {}

  auto bind(PlanPtr input) -> PlanPtr {
    if (!bind_axis(*input)) {
      return nullptr;
    }
    SeriesProgram::Options options{axis_->type, op_.bins_from_zero, {}, {}};
    if (op_.is_never_empty && !bind_empty(options)) {
      return nullptr;
    }
    auto grouped = summarized(placed(filtered(std::move(input))));
    if (grouped == nullptr || !bind_fills(grouped->output, options)) {
      return nullptr;
    }
    return with_program(std::move(grouped), std::move(options));
  }

private:
  /// An expression without columns, or none where none was written.
  auto bound(const ast::ExpressionPtr& expression) -> ExpressionPtr {
    if (expression == nullptr) {
      return nullptr;
    }
    const Schema none;
    const auto scope = binder_.scope(none);
    return binder_.expressions(scope).bind(*expression);
  }

  auto bind_axis(const Plan& input) -> bool {
    const auto scope = binder_.scope(input.output);
    axis_ = binder_.expressions(scope).bind(*op_.axis.value);
    from_ = bound(op_.from);
    to_ = bound(op_.to);
    step_ = bound(op_.step);
    const bool failed = axis_ == nullptr || step_ == nullptr ||
                        (from_ == nullptr) != (op_.from == nullptr) ||
                        (to_ == nullptr) != (op_.to == nullptr);
    return !failed && unify();
  }

  /// All of them in one kind: numbers as long or real, times with a timespan as the step.
  auto unify() -> bool {
    auto type = axis_->type;
    const bool is_time = type == Type::datetime || type == Type::timespan;
    bool fits = is_time || (is_number(type) && type != Type::decimal);
    for (auto* end : {&from_, &to_, &step_}) {
      if (*end == nullptr) {
        continue;
      }
      const auto wanted = end == &step_ && is_time ? Type::timespan : type;
      const auto other = (*end)->type;
      fits = fits && (is_time ? other == wanted : is_number(other) && other != Type::decimal);
      type = fits && !is_time ? common_type(type, other) : type;
    }
    if (!fits) {
      binder_.report(op_.axis.value->span,
                     Code::wrong_type,
                     "the axis of a series and its ends must be numbers, datetimes or timespans");
      return false;
    }
    type = type == Type::int32 ? Type::int64 : type;
    axis_ = ExpressionBinder::converted(std::move(axis_), type);
    for (auto* end : {&from_, &to_}) {
      *end = *end == nullptr ? make_literal(Value::null(type))
                             : ExpressionBinder::converted(std::move(*end), type);
    }
    step_ = ExpressionBinder::converted(std::move(step_), is_time ? Type::timespan : type);
    return true;
  }

  auto bind_empty(SeriesProgram::Options& options) -> bool {
    const bool is_known = op_.keys.empty() && op_.from != nullptr && op_.to != nullptr &&
                          is_constant(*from_) && is_constant(*to_) && is_constant(*step_);
    if (!is_known) {
      binder_.report(op_.axis.value->span,
                     Code::not_supported,
                     "`kind=nonempty` wants `from`, `to` and `step` to be constant, and no `by`");
      return false;
    }
    options.empty = {
        *binder_.constant(*op_.from), *binder_.constant(*op_.to), *binder_.constant(*op_.step)};
    for (auto& end : *options.empty) {
      end = &end == &options.empty->back() && axis_->type == Type::datetime
                ? std::move(end)
                : convert(end, axis_->type);
    }
    return true;
  }

  auto filtered(PlanPtr input) -> PlanPtr {
    std::vector<ExpressionPtr> conditions;
    conditions.push_back(call("isnotnull", Type::boolean, clone(*axis_)));
    if (op_.from != nullptr) {
      conditions.push_back(call(">=", Type::boolean, clone(*axis_), clone(*from_)));
    }
    if (op_.to != nullptr) {
      const auto* below = op_.bins_from_zero ? "<=" : "<";
      conditions.push_back(call(below, Type::boolean, clone(*axis_), clone(*to_)));
    }
    auto output = input->output;
    return make_plan(
        std::move(output),
        Filter{std::move(input), make_call("and", Type::boolean, std::move(conditions))});
  }

  /// How many steps behind the origin.
  auto place() -> ExpressionPtr {
    const bool is_from_zero = op_.from == nullptr || op_.bins_from_zero;
    const auto type = axis_->type;
    auto distance = clone(*axis_);
    if (type == Type::datetime) {
      auto origin = is_from_zero ? make_literal(Value::datetime({})) : clone(*from_);
      distance = call("-", Type::timespan, std::move(distance), std::move(origin));
    } else if (!is_from_zero) {
      distance = call("-", type, std::move(distance), clone(*from_));
    }
    const auto kind = distance->type;
    auto floor = call("bin", kind, std::move(distance), clone(*step_));
    const auto quotient = kind == Type::int64 ? Type::int64 : Type::real;
    auto steps = call("/", quotient, std::move(floor), clone(*step_));
    steps = kind == Type::int64 ? std::move(steps) : call("round", Type::real, std::move(steps));
    return ExpressionBinder::converted(std::move(steps), Type::int64);
  }

  auto placed(PlanPtr input) -> PlanPtr {
    auto output = input->output;
    auto columns = all_references(output);
    output.columns.push_back({place_name, Type::int64});
    columns.push_back(place());
    return make_plan(std::move(output), Project{std::move(input), std::move(columns)});
  }

  auto summarized(PlanPtr input) -> PlanPtr {
    ast::Item place;
    place.value = std::make_unique<ast::Expression>();
    place.value->span = op_.axis.value->span;
    place.value->node = ast::Name{place_name};
    std::vector<const ast::Item*> keys;
    for (const auto& key : op_.keys) {
      keys.push_back(&key);
    }
    keys.push_back(&place);
    std::vector<const ast::Item*> aggregates;
    for (const auto& aggregate : op_.aggregates) {
      aggregates.push_back(&aggregate.item);
    }
    return SummarizeBinder{binder_}.bind(std::move(input), keys, aggregates);
  }

  auto bind_fills(const Schema& grouped, SeriesProgram::Options& options) -> bool {
    bool good = true;
    for (std::size_t i = 0; i < op_.aggregates.size(); ++i) {
      const auto& aggregate = op_.aggregates[i];
      const auto type = grouped.columns[op_.keys.size() + 1 + i].type;
      if (!is_number(type)) {
        binder_.report(aggregate.item.value->span,
                       Code::wrong_type,
                       fmt::format("a series is made of numbers, this is a {}", to_text(type)));
        good = false;
      }
      auto fill = aggregate.fill == nullptr ? Value::int64(0) : binder_.constant(*aggregate.fill);
      if (!fill) {
        return false;
      }
      *fill = is_integer(fill->type()) && type == Type::real ? convert(*fill, type) : *fill;
      options.fills.push_back(fill->is_null() ? "null" : to_json(*fill));
    }
    return good;
  }

  /// The keys, then what the program wants.
  auto with_program(PlanPtr grouped, SeriesProgram::Options options) -> PlanPtr {
    const auto& schema = grouped->output;
    const auto keys = op_.keys.size();
    Schema fed;
    Schema output;
    std::vector<ExpressionPtr> columns;
    const auto add = [&](std::string name, ExpressionPtr value) {
      fed.columns.push_back({std::move(name), value->type});
      columns.push_back(std::move(value));
    };
    ColumnNames names;
    for (std::size_t i = 0; i < keys; ++i) {
      add(schema.columns[i].name, make_reference(schema, i));
      output.columns.push_back(schema.columns[i]);
    }
    add("$from", std::move(from_));
    add("$to", std::move(to_));
    add("$step", std::move(step_));
    for (auto i = keys; i < schema.columns.size(); ++i) {
      add(schema.columns[i].name, make_reference(schema, i));
      if (i > keys) {
        output.columns.push_back({schema.columns[i].name, Type::dynamic});
      }
    }
    for (const auto& column : output.columns) {
      static_cast<void>(names.declare(column.name));
    }
    const auto name = name_item(binder_, op_.axis, names);
    if (name.empty()) {
      return nullptr;
    }
    output.columns.push_back({name, Type::dynamic});
    auto feeding = make_plan(std::move(fed), Project{std::move(grouped), std::move(columns)});
    return make_plan(std::move(output),
                     Program{std::move(feeding),
                             keys,
                             std::make_shared<const SeriesProgram>(std::move(options))});
  }

  PipelineBinder& binder_;
  const ast::MakeSeries& op_;
  ExpressionPtr axis_;
  ExpressionPtr from_;
  ExpressionPtr to_;
  ExpressionPtr step_;
};

} // namespace

auto bind_make_series(PipelineBinder& binder, PlanPtr input, const ast::MakeSeries& op) -> PlanPtr {
  return SeriesBinder{binder, op}.bind(std::move(input));
}

} // namespace sluice::kql
