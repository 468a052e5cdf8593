// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/operators.hpp"

namespace sluice::kql {
namespace {

void add_names(const ast::Expression& expression, std::set<std::string>& names) {
  if (const auto* name = std::get_if<ast::Name>(&expression.node)) {
    names.insert(name->text);
  } else if (const auto* call = std::get_if<ast::Call>(&expression.node)) {
    for (const auto& argument : call->arguments) {
      add_names(*argument, names);
    }
  }
}

/// Whether every table of the union has the column.
auto is_common(const Plan& tables, std::size_t column) -> bool {
  const auto* all = std::get_if<Union>(&tables.node);
  return all == nullptr || std::ranges::all_of(all->places, [&](const auto& places) {
           return places[column] != Union::absent;
         });
}

class FindBinder {
public:
  FindBinder(PipelineBinder& binder, const ast::Find& op, Span span)
      : binder_{binder},
        op_{op},
        span_{span} {}

  auto bind() -> PlanPtr {
    const auto source = op_.source_column.empty() ? std::string{"source_"} : op_.source_column;
    auto tables = unite_tables(binder_, op_.tables, source, span_);
    if (tables == nullptr) {
      return nullptr;
    }
    add_names(*op_.condition, asked_);
    const auto schema = tables->output;
    const auto columns = op_.columns.empty() ? standard_columns(*tables) : written_columns(schema);
    const auto scope = binder_.scope(schema);
    auto condition = binder_.expressions(scope).bind_condition(*op_.condition);
    if (!columns || condition == nullptr || !can_run(*tables)) {
      return nullptr;
    }
    auto found = make_plan(schema, Filter{std::move(tables), std::move(condition)});
    auto plan = pick_columns(std::move(found), *columns);
    return packs() ? with_pack(std::move(plan)) : std::move(plan);
  }

private:
  [[nodiscard]] auto packs() const -> bool { return op_.packs || op_.columns.empty(); }

  /// What a condition is where a table lacks its column, and in which order what is left over is
  /// packed, the documentation does not say.
  auto can_run(const Plan& tables) -> bool {
    if (binder_.session().checks_alone) {
      return true;
    }
    for (std::size_t i = 0; i < tables.output.columns.size(); ++i) {
      const auto& name = tables.output.columns[i].name;
      if (asked_.contains(name) && !is_common(tables, i)) {
        return refuse(fmt::format("`find` over a table without the column `{}`", name), "");
      }
    }
    return !packs() || refuse("`find` that packs columns", "say which: `project A, B`");
  }

  auto refuse(const std::string& what, std::string hint) -> bool {
    binder_.report(span_, Code::not_supported, what + " is not supported", std::move(hint));
    return false;
  }

  /// The table's name, what all tables have, and what the condition asks for.
  auto standard_columns(const Plan& tables) -> std::optional<std::vector<std::size_t>> {
    std::vector<std::size_t> columns;
    std::vector<std::size_t> more;
    for (const auto i : visible_columns(tables.output)) {
      if (is_common(tables, i)) {
        columns.push_back(i);
      } else if (asked_.contains(tables.output.columns[i].name)) {
        more.push_back(i);
      }
    }
    columns.insert(columns.end(), more.begin(), more.end());
    return columns;
  }

  auto written_columns(const Schema& schema) -> std::optional<std::vector<std::size_t>> {
    std::vector<std::size_t> columns{0};
    for (const auto& column : op_.columns) {
      const auto index = schema.find(column.text);
      if (!index) {
        binder_.report(
            column.span, Code::unknown_name, fmt::format("unknown column `{}`", column.text));
        return std::nullopt;
      }
      columns.push_back(*index);
    }
    return columns;
  }

  static auto with_pack(PlanPtr plan) -> PlanPtr {
    auto output = plan->output;
    auto columns = all_references(output);
    output.columns.push_back({"pack_", Type::dynamic});
    columns.push_back(make_literal(Value::null(Type::dynamic)));
    return make_plan(std::move(output), Project{std::move(plan), std::move(columns)});
  }

  PipelineBinder& binder_;
  const ast::Find& op_;
  Span span_;
  std::set<std::string> asked_; ///< Names in the condition.
};

} // namespace

auto bind_find(PipelineBinder& binder, const ast::Find& op, Span span) -> PlanPtr {
  return FindBinder{binder, op, span}.bind();
}

} // namespace sluice::kql
