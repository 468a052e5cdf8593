// SPDX-License-Identifier: Apache-2.0
#include "kql/program/pivot.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/plugins.hpp"
#include "kql/bind/summarize_binder.hpp"
#include "kql/dynamic.hpp"

namespace sluice::kql {
namespace {

constexpr auto served = std::to_array<std::string_view>({"count",
                                                         "sum",
                                                         "dcount",
                                                         "min",
                                                         "max",
                                                         "avg",
                                                         "stdev",
                                                         "variance",
                                                         "take_any",
                                                         "make_list",
                                                         "make_set",
                                                         "make_bag"});

/// What stands where nothing was aggregated.
auto missing_value(std::string_view aggregate, Type type) -> std::optional<Value> {
  if (aggregate == "count" || aggregate == "sum" || aggregate == "dcount") {
    return type == Type::real ? Value::real(0) : Value::int64(0).with_type(type);
  }
  return aggregate == "min" || aggregate == "max" || aggregate == "take_any"
             ? std::optional{Value::null(type)}
             : std::nullopt;
}

auto named(const std::string& name, Span span) -> ast::Item {
  ast::Item item;
  item.value = std::make_unique<ast::Expression>();
  item.value->span = span;
  item.value->node = ast::Name{name};
  return item;
}

/// Binds `pivot`: groups by the other columns and the pivoted one, then puts the values of the
/// latter side by side.
class PivotBinder {
public:
  PivotBinder(PipelineBinder& binder, const ast::Evaluate& op)
      : binder_{binder},
        op_{op},
        arguments_{op.plugin} {}

  auto bind(PlanPtr input) -> PlanPtr {
    const auto schema = input->output;
    const auto pivoted =
        plugin_column(binder_, schema, arguments_.find(0, ""), std::nullopt, op_.plugin.name_span);
    if (!pivoted || !bind_aggregate() || !bind_kept(schema, *pivoted)) {
      return nullptr;
    }
    const auto names = op_.schema ? written_names() : found_names(*input, *pivoted);
    auto plan = names ? pivot(std::move(input), *pivoted, *names) : nullptr;
    return plan != nullptr && stays_open(binder_, op_) ? with_unknown(std::move(plan), {})
                                                       : std::move(plan);
  }

private:
  auto bind_aggregate() -> bool {
    const auto* argument = arguments_.find(1, "");
    if (argument == nullptr) {
      count_.value = std::make_unique<ast::Expression>();
      count_.value->span = op_.plugin.name_span;
      count_.value->node = ast::Call{"count", op_.plugin.name_span, {}};
      call_ = &std::get<ast::Call>(count_.value->node);
      return true;
    }
    call_ = std::get_if<ast::Call>(&argument->node);
    const auto* aggregate = call_ == nullptr ? nullptr : find_aggregate(call_->function);
    if (aggregate == nullptr || std::ranges::find(served, aggregate->name) == served.end()) {
      binder_.report(argument->span, Code::not_supported, "`pivot` does not know this aggregate");
      return false;
    }
    return true;
  }

  /// The columns that stay: those that are named, else all but the pivoted and the aggregated one.
  auto bind_kept(const Schema& schema, std::size_t pivoted) -> bool {
    for (std::size_t i = 2; i < arguments_.size(); ++i) {
      const auto column = plugin_column(
          binder_, schema, arguments_.find(i, ""), std::nullopt, op_.plugin.name_span);
      if (!column) {
        return false;
      }
      kept_.push_back(schema.columns[*column].name);
    }
    if (arguments_.size() > 2) {
      return true;
    }
    const auto* aggregated = call_->arguments.empty()
                                 ? nullptr
                                 : std::get_if<ast::Name>(&call_->arguments.front()->node);
    for (std::size_t i = 0; i < schema.columns.size(); ++i) {
      const auto& name = schema.columns[i].name;
      if (i != pivoted && (aggregated == nullptr || name != aggregated->text)) {
        kept_.push_back(name);
      }
    }
    return true;
  }

  static auto text_of(const Schema& schema, std::size_t column) -> ExpressionPtr {
    return ExpressionBinder::converted(make_reference(schema, column), Type::string);
  }

  /// The values in order of their first appearance.
  auto found_names(const Plan& input, std::size_t pivoted)
      -> std::optional<std::vector<std::string>> {
    if (stays_open(binder_, op_)) {
      return std::vector<std::string>{};
    }
    auto rows = binder_.copy_of(input, op_.plugin.name_span);
    if (rows == nullptr) {
      return std::nullopt;
    }
    Summarize gather{std::move(rows), {}, {}};
    Aggregation set{find_aggregate("make_set"), {}, 1};
    set.arguments.push_back(text_of(input.output, pivoted));
    gather.aggregations.push_back(std::move(set));
    const auto plan = make_plan(Schema{{{"names", Type::dynamic}}}, std::move(gather));
    const auto found = probed_rows(binder_, *plan, op_.plugin.name_span);
    if (!found) {
      return std::nullopt;
    }
    std::vector<std::string> names;
    for (JsonItems item{found->front().front().text()}; item.next();) {
      names.push_back(json_to_text(item.value()));
    }
    for (const auto& name : names) {
      if (name.empty() || std::ranges::find(kept_, name) != kept_.end()) {
        binder_.report(op_.plugin.name_span,
                       Code::duplicate_column,
                       fmt::format("a column cannot be called `{}` here", name),
                       "filter such rows out before");
        return std::nullopt;
      }
    }
    return names;
  }

  auto written_names() -> std::optional<std::vector<std::string>> {
    std::vector<std::string> names;
    for (const auto& column : op_.schema->columns) {
      if (std::ranges::find(kept_, column.name.text) == kept_.end()) {
        names.push_back(column.name.text);
      }
    }
    return names;
  }

  auto pivot(PlanPtr input, std::size_t pivoted, const std::vector<std::string>& names) -> PlanPtr {
    constexpr auto key = "$pivot";
    auto schema = input->output;
    auto columns = all_references(schema);
    columns.push_back(text_of(schema, pivoted));
    schema.columns.push_back({key, Type::string});
    auto texts = make_plan(schema, Project{std::move(input), std::move(columns)});
    std::vector<ast::Item> items;
    for (const auto& name : kept_) {
      items.push_back(named(name, op_.plugin.name_span));
    }
    items.push_back(named(key, op_.plugin.name_span));
    std::vector<const ast::Item*> keys;
    for (const auto& item : items) {
      keys.push_back(&item);
    }
    auto cells = SummarizeBinder{binder_}.bind_one(std::move(texts), keys, *call_);
    if (cells == nullptr) {
      return nullptr;
    }
    const auto type = cells->output.columns.back().type;
    Schema output = cells->output;
    output.columns.resize(kept_.size());
    for (const auto& name : names) {
      output.columns.push_back({name, type});
    }
    auto program = std::make_shared<const PivotProgram>(
        names, missing_value(find_aggregate(call_->function)->name, type));
    auto plan =
        make_plan(std::move(output), Program{std::move(cells), kept_.size(), std::move(program)});
    return op_.schema ? as_written(std::move(plan)) : std::move(plan);
  }

  auto as_written(PlanPtr plan) -> PlanPtr {
    Schema output;
    std::vector<ExpressionPtr> columns;
    for (const auto& column : op_.schema->columns) {
      const auto index = *plan->output.find(column.name.text);
      output.columns.push_back({column.name.text, column.type});
      columns.push_back(
          ExpressionBinder::converted(make_reference(plan->output, index), column.type));
    }
    return make_plan(std::move(output), Project{std::move(plan), std::move(columns)});
  }

  PipelineBinder& binder_;
  const ast::Evaluate& op_;
  PluginArguments arguments_;
  ast::Item count_;
  const ast::Call* call_ = nullptr;
  std::vector<std::string> kept_;
};

} // namespace

auto bind_pivot(PipelineBinder& binder, PlanPtr input, const ast::Evaluate& op) -> PlanPtr {
  return PivotBinder{binder, op}.bind(std::move(input));
}

} // namespace sluice::kql
