// SPDX-License-Identifier: Apache-2.0
#include "kql/binder.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "kql/operator_binder.hpp"
#include "kql/suggestion.hpp"

namespace sluice::kql {
namespace {

/// More steps than a plan may have, whatever `let` tables it is made of.
constexpr std::size_t max_steps = 2000;

class QueryBinder {
public:
  QueryBinder(const ast::Query& query,
              const Catalog& catalog,
              EvaluationContext context,
              Diagnostics& diagnostics)
      : query_{query},
        catalog_{catalog},
        diagnostics_{diagnostics} {
    scope_.constants = &constants_;
    scope_.context = context;
    scope_.is_table = [this](std::string_view name) {
      return tables_.contains(name) || catalog_.table(name) != nullptr;
    };
  }

  auto run() -> std::optional<Plan> {
    const auto before = diagnostics_.size();
    for (std::size_t i = 0; i < query_.lets.size(); ++i) {
      bind_let(i);
    }
    auto plan = pipeline(query_.pipeline, query_.lets.size());
    if (plan == nullptr || diagnostics_.size() != before) {
      return std::nullopt;
    }
    if (plan->output.hidden()) {
      std::vector<std::size_t> visible;
      for (std::size_t i = 0; i < plan->output.columns.size(); ++i) {
        if (!plan->output.columns[i].hidden) {
          visible.push_back(i);
        }
      }
      plan = pick_columns(std::move(plan), visible);
    }
    return std::move(*plan);
  }

private:
  void report(Span span, std::string code, std::string message, std::string hint = "") {
    diagnostics_.push_back({span, std::move(code), std::move(message), std::move(hint)});
  }

  void bind_let(std::size_t index) {
    const auto& let = query_.lets[index];
    if (constants_.contains(let.name.text) || tables_.contains(let.name.text)) {
      report(let.name.span,
             "duplicate-name",
             fmt::format("`{}` is already defined by a let", let.name.text));
      return;
    }
    const auto* value = std::get_if<ast::ExpressionPtr>(&let.value);
    const auto* name = value == nullptr ? nullptr : std::get_if<ast::Name>(&(*value)->node);
    const bool is_table =
        value == nullptr ||
        (name != nullptr && !constants_.contains(name->text) && scope_.is_table(name->text));
    if (is_table) {
      tables_[let.name.text] = index;
      return;
    }
    const Schema none;
    auto scope = scope_;
    scope.columns = &none;
    if (auto constant = ExpressionBinder{scope, diagnostics_}.bind_constant(**value)) {
      constants_.emplace(let.name.text, *std::move(constant));
    } else {
      // Known, so that its uses are not reported as well.
      constants_.emplace(let.name.text, Value{});
    }
  }

  /// `visible`: how many lets stand before.
  auto pipeline(const ast::Pipeline& pipeline, std::size_t visible) -> PlanPtr {
    auto plan = source(pipeline, visible);
    OperatorBinder binder{scope_, diagnostics_};
    for (const auto& op : pipeline.operators) {
      if (plan == nullptr) {
        return nullptr;
      }
      if (++steps_ > max_steps) {
        report(op.span, "too-deep", "too many operators in one query");
        return nullptr;
      }
      plan = binder.apply(std::move(plan), op);
    }
    return plan;
  }

  auto source(const ast::Pipeline& pipeline, std::size_t visible) -> PlanPtr {
    OperatorBinder binder{scope_, diagnostics_};
    if (const auto* print = std::get_if<ast::Print>(&pipeline.source)) {
      return binder.print(*print);
    }
    if (const auto* table = std::get_if<ast::Datatable>(&pipeline.source)) {
      return binder.datatable(*table, pipeline.span);
    }
    if (const auto* nested = std::get_if<ast::Nested>(&pipeline.source)) {
      return this->pipeline(*nested->pipeline, visible);
    }
    return table(std::get<ast::Table>(pipeline.source).name, pipeline.span, visible);
  }

  auto table(const std::string& name, Span span, std::size_t visible) -> PlanPtr {
    const auto found = tables_.find(name);
    if (found != tables_.end() && found->second < visible) {
      return let_table(found->second, span);
    }
    if (const auto* schema = catalog_.table(name)) {
      return make_plan(*schema, Scan{name});
    }
    const auto names = catalog_.table_names();
    std::vector<std::string_view> candidates{names.begin(), names.end()};
    for (const auto& [let, index] : tables_) {
      candidates.emplace_back(let);
    }
    const auto near = closest_name(name, candidates);
    report(span,
           "unknown-table",
           fmt::format("unknown table `{}`", name),
           near.empty() ? "" : fmt::format("did you mean `{}`?", near));
    return nullptr;
  }

  auto let_table(std::size_t index, Span span) -> PlanPtr {
    const auto& let = query_.lets[index];
    if (const auto* alias = std::get_if<ast::ExpressionPtr>(&let.value)) {
      return table(std::get<ast::Name>((*alias)->node).text, span, index);
    }
    return pipeline(std::get<ast::Pipeline>(let.value), index);
  }

  const ast::Query& query_;
  const Catalog& catalog_;
  Diagnostics& diagnostics_;
  Scope scope_;
  std::map<std::string, Value, std::less<>> constants_;
  std::map<std::string, std::size_t, std::less<>> tables_;
  std::size_t steps_ = 0;
};

} // namespace

auto bind_query(const ast::Query& query,
                const Catalog& catalog,
                EvaluationContext context,
                Diagnostics& diagnostics) -> std::optional<Plan> {
  return QueryBinder{query, catalog, context, diagnostics}.run();
}

} // namespace sluice::kql
