// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "kql/ast.hpp"
#include "kql/bind/column_names.hpp"
#include "kql/bind/pipeline_binder.hpp"
#include "kql/plan.hpp"

/// Private to the binder: one function for each operator, which puts it on top of the plan so far.
/// All of them give null when the columns behind the operator cannot be told, so that going on
/// would only find mistakes that are none.
namespace sluice::kql {

[[nodiscard]] auto bind_operator(PipelineBinder& binder, PlanPtr input, const ast::Operator& op)
    -> PlanPtr;

// sources.cpp
[[nodiscard]] auto bind_print(PipelineBinder& binder, const ast::Print& print) -> PlanPtr;
[[nodiscard]] auto bind_datatable(PipelineBinder& binder, const ast::Datatable& table, Span span)
    -> PlanPtr;
[[nodiscard]] auto bind_range(PipelineBinder& binder, const ast::Range& range) -> PlanPtr;

// files.cpp
[[nodiscard]] auto bind_external(PipelineBinder& binder, const ast::ExternalData& data, Span span)
    -> PlanPtr;
[[nodiscard]] auto bind_watchlist(PipelineBinder& binder, const std::string& name, Span span)
    -> PlanPtr;

// projection.cpp
[[nodiscard]] auto
bind_extend(PipelineBinder& binder, PlanPtr input, const std::vector<ast::Item>& items) -> PlanPtr;
[[nodiscard]] auto bind_project(PipelineBinder& binder, PlanPtr input, const ast::Project& op)
    -> PlanPtr;
/// The name for an item's column; "" after a mistake was reported.
[[nodiscard]] auto name_item(PipelineBinder& binder, const ast::Item& item, ColumnNames& names)
    -> std::string;

// column_choice.cpp
[[nodiscard]] auto
bind_columns(PipelineBinder& binder, PlanPtr input, const ast::ProjectColumns& op) -> PlanPtr;
[[nodiscard]] auto bind_rename(PipelineBinder& binder, PlanPtr input, const ast::ProjectRename& op)
    -> PlanPtr;
[[nodiscard]] auto bind_getschema(PlanPtr input) -> PlanPtr;

// rows.cpp
[[nodiscard]] auto bind_where(PipelineBinder& binder, PlanPtr input, const ast::Where& op)
    -> PlanPtr;
[[nodiscard]] auto bind_sort(PipelineBinder& binder,
                             PlanPtr input,
                             const std::vector<const ast::Key*>& keys) -> PlanPtr;
[[nodiscard]] auto bind_take(PipelineBinder& binder, PlanPtr input, const ast::Expression& count)
    -> PlanPtr;
[[nodiscard]] auto
bind_distinct(PipelineBinder& binder, PlanPtr input, const ast::Distinct& op, Span span) -> PlanPtr;
[[nodiscard]] auto bind_sample_distinct(PipelineBinder& binder,
                                        PlanPtr input,
                                        const ast::SampleDistinct& op) -> PlanPtr;
[[nodiscard]] auto bind_count(PlanPtr input) -> PlanPtr;

// combination.cpp
[[nodiscard]] auto bind_join(PipelineBinder& binder, PlanPtr input, const ast::Join& op, Span span)
    -> PlanPtr;

// union.cpp
[[nodiscard]] auto
bind_union(PipelineBinder& binder, PlanPtr input, const ast::Union& op, Span span) -> PlanPtr;

// expansion.cpp
[[nodiscard]] auto bind_expand(PipelineBinder& binder, PlanPtr input, const ast::MvExpand& op)
    -> PlanPtr;
[[nodiscard]] auto bind_apply(PipelineBinder& binder, PlanPtr input, const ast::MvApply& op)
    -> PlanPtr;
[[nodiscard]] auto bind_partition(PipelineBinder& binder, PlanPtr input, const ast::Partition& op)
    -> PlanPtr;

// graph.cpp
[[nodiscard]] auto
bind_graph(PipelineBinder& binder, PlanPtr input, const ast::GraphTable& op, Span span) -> PlanPtr;

// make_series.cpp
[[nodiscard]] auto
bind_make_series(PipelineBinder& binder, PlanPtr input, const ast::MakeSeries& op) -> PlanPtr;

// plugins.cpp
[[nodiscard]] auto bind_evaluate(PipelineBinder& binder, PlanPtr input, const ast::Evaluate& op)
    -> PlanPtr;

// scan.cpp
[[nodiscard]] auto bind_scan(PipelineBinder& binder, PlanPtr input, const ast::Scan& op, Span span)
    -> PlanPtr;

// top_nested.cpp
[[nodiscard]] auto
bind_top_nested(PipelineBinder& binder, PlanPtr input, const ast::TopNested& op, Span span)
    -> PlanPtr;

// parse.cpp
[[nodiscard]] auto bind_parse(PipelineBinder& binder, PlanPtr input, const ast::Parse& op)
    -> PlanPtr;
[[nodiscard]] auto bind_parse_kv(PipelineBinder& binder, PlanPtr input, const ast::ParseKv& op)
    -> PlanPtr;

/// Tables, and those that patterns mean (none: all), as one that says in a column which it was.
[[nodiscard]] auto unite_tables(PipelineBinder& binder,
                                const std::vector<ast::Union::Source>& tables,
                                const std::string& source_column,
                                Span span) -> PlanPtr;

// find.cpp
[[nodiscard]] auto bind_find(PipelineBinder& binder, const ast::Find& op, Span span) -> PlanPtr;

// search.cpp
[[nodiscard]] auto
bind_search(PipelineBinder& binder, PlanPtr input, const ast::Search& op, Span span) -> PlanPtr;

} // namespace sluice::kql
