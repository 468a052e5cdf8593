// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/operators.hpp"
#include "kql/conversion.hpp"
#include "kql/signature.hpp"

namespace sluice::kql {
namespace {

constexpr std::int64_t max_range_rows = 100'000'000;

/// How many values from `from` to `to` in steps of `step`; nothing when there is no end.
auto count_steps(const Value& from, const Value& to, const Value& step)
    -> std::optional<std::int64_t> {
  if (from.is_null() || to.is_null() || step.is_null()) {
    return 0;
  }
  if (from.type() == Type::real) {
    const auto steps = std::floor((to.as_real() - from.as_real()) / step.as_real() + 1e-9);
    return step.as_real() == 0 || steps >= static_cast<double>(max_range_rows) ? std::nullopt
           : steps < 0 || std::isnan(steps) ? std::optional<std::int64_t>{0}
                                            : static_cast<std::int64_t>(steps) + 1;
  }
  const auto width = step.as_integer();
  const bool is_empty =
      width > 0 ? to.as_integer() < from.as_integer() : to.as_integer() > from.as_integer();
  if (is_empty || width == 0) {
    return width == 0 ? std::nullopt : std::optional<std::int64_t>{0};
  }
  const auto low = static_cast<std::uint64_t>(std::min(from.as_integer(), to.as_integer()));
  const auto high = static_cast<std::uint64_t>(std::max(from.as_integer(), to.as_integer()));
  const auto pace =
      width < 0 ? 0 - static_cast<std::uint64_t>(width) : static_cast<std::uint64_t>(width);
  const auto steps = (high - low) / pace;
  return steps >= static_cast<std::uint64_t>(max_range_rows)
             ? std::nullopt
             : std::optional{static_cast<std::int64_t>(steps) + 1};
}

} // namespace

auto bind_print(PipelineBinder& binder, const ast::Print& print) -> PlanPtr {
  const Schema none;
  const auto scope = binder.scope(none);
  Schema output;
  std::vector<ExpressionPtr> columns;
  ColumnNames names;
  bool failed = false;
  for (std::size_t i = 0; i < print.items.size(); ++i) {
    const auto& item = print.items[i];
    auto value = binder.expressions(scope).bind(*item.value);
    auto name = item.names.empty() ? names.make_unique(fmt::format("print_{}", i))
                                   : name_item(binder, item, names);
    failed = failed || value == nullptr || name.empty();
    if (!failed) {
      output.columns.push_back({std::move(name), value->type});
      columns.push_back(std::move(value));
    }
  }
  auto one_row = make_plan({}, Values{{{}}});
  return failed ? nullptr
                : make_plan(std::move(output), Project{std::move(one_row), std::move(columns)});
}

auto bind_datatable(PipelineBinder& binder, const ast::Datatable& table, Span span) -> PlanPtr {
  Schema output;
  ColumnNames names;
  for (const auto& column : table.columns) {
    if (!names.declare(column.name.text)) {
      binder.report(column.name.span,
                    Code::duplicate_column,
                    fmt::format("there are two columns `{}`", column.name.text));
      return nullptr;
    }
    output.columns.push_back({column.name.text, column.type});
  }
  const auto width = output.columns.size();
  if ((width == 0 && !table.values.empty()) || (width != 0 && table.values.size() % width != 0)) {
    binder.report(
        span,
        Code::value_count,
        fmt::format("{} values do not fill rows of {} columns", table.values.size(), width));
    return nullptr;
  }
  Values values;
  bool failed = false;
  for (std::size_t i = 0; i < table.values.size(); ++i) {
    const auto value = binder.constant(*table.values[i]);
    failed = failed || !value;
    if (i % width == 0) {
      values.rows.emplace_back();
    }
    values.rows.back().push_back(
        convert(value.value_or(Value{}), output.columns[i % width].type).owned_copy());
  }
  return failed ? nullptr : make_plan(std::move(output), std::move(values));
}

auto bind_range(PipelineBinder& binder, const ast::Range& range) -> PlanPtr {
  auto from = binder.constant(*range.from);
  auto to = binder.constant(*range.to);
  auto step = binder.constant(*range.step);
  if (!from || !to || !step) {
    return nullptr;
  }
  const bool is_time = from->type() == Type::datetime || from->type() == Type::timespan;
  const auto type =
      is_time ? from->type() : common_type(common_type(from->type(), to->type()), step->type());
  const bool fits = is_time ? to->type() == type && step->type() == Type::timespan
                            : is_number(type) && type != Type::decimal;
  if (!fits) {
    binder.report(range.from->span,
                  Code::wrong_type,
                  "`range` goes over numbers, datetimes or timespans of one kind");
    return nullptr;
  }
  if (!is_time) {
    from = convert(*from, type);
    to = convert(*to, type);
    step = convert(*step, type);
  }
  const auto count = count_steps(*from, *to, *step);
  if (!count) {
    binder.report(range.step->span, Code::bad_range, "this range has no end, or too many rows");
    return nullptr;
  }
  return make_plan(Schema{{{range.name.text, type}}}, Range{*from, *step, *count});
}

} // namespace sluice::kql
