// SPDX-License-Identifier: Apache-2.0
#include "kql/bind/operators.hpp"

#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/summarize_binder.hpp"

namespace sluice::kql {
namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

auto serialize(PipelineBinder& binder, PlanPtr input, const ast::Serialize& op) -> PlanPtr {
  if (!has_order(*input)) {
    auto output = input->output;
    input = make_plan(std::move(output), Serialize{std::move(input)});
  }
  return op.items.empty() ? std::move(input) : bind_extend(binder, std::move(input), op.items);
}

auto name(PipelineBinder& binder, PlanPtr input, const ast::As& op) -> PlanPtr {
  binder.name_rows(op.name, *input);
  return input;
}

auto keys_of(const ast::Sort& sort) -> std::vector<const ast::Key*> {
  std::vector<const ast::Key*> keys;
  for (const auto& key : sort.keys) {
    keys.push_back(&key);
  }
  return keys;
}

auto needs_input(const ast::Operator& op) -> bool {
  return !std::holds_alternative<ast::Union>(op.node) &&
         !std::holds_alternative<ast::Search>(op.node) &&
         !std::holds_alternative<ast::Find>(op.node) &&
         !std::holds_alternative<ast::Unserved>(op.node);
}

auto refuse(PipelineBinder& binder, Span span, const std::string& what) -> PlanPtr {
  binder.report(span, Code::not_supported, fmt::format("`{}` is not supported yet", what));
  return nullptr;
}

} // namespace

auto bind_operator(PipelineBinder& binder, PlanPtr input, const ast::Operator& op) -> PlanPtr {
  if (input == nullptr && needs_input(op)) {
    binder.report(op.span, Code::needs_rows, "this operator needs rows to work on");
    return nullptr;
  }
  auto& in = input;
  auto& b = binder;
  return std::visit(
      Overloaded{
          [&](const ast::Where& o) { return bind_where(b, std::move(in), o); },
          [&](const ast::Extend& o) { return bind_extend(b, std::move(in), o.items); },
          [&](const ast::Project& o) { return bind_project(b, std::move(in), o); },
          [&](const ast::ProjectColumns& o) { return bind_columns(b, std::move(in), o); },
          [&](const ast::ProjectRename& o) { return bind_rename(b, std::move(in), o); },
          [&](const ast::Summarize& o) { return SummarizeBinder{b}.bind(std::move(in), o); },
          [&](const ast::Sort& o) { return bind_sort(b, std::move(in), keys_of(o)); },
          [&](const ast::Top& o) {
            return bind_take(b, bind_sort(b, std::move(in), {&o.key}), *o.count);
          },
          [&](const ast::Take& o) { return bind_take(b, std::move(in), *o.count); },
          [&](const ast::SampleDistinct& o) { return bind_sample_distinct(b, std::move(in), o); },
          [&](const ast::Distinct& o) { return bind_distinct(b, std::move(in), o, op.span); },
          [&](const ast::Count&) { return bind_count(std::move(in)); },
          [&](const ast::Serialize& o) { return serialize(b, std::move(in), o); },
          [&](const ast::As& o) { return name(b, std::move(in), o); },
          [&](const ast::Render&) { return std::move(in); },
          [&](const ast::Join& o) { return bind_join(b, std::move(in), o, op.span); },
          [&](const ast::Union& o) { return bind_union(b, std::move(in), o, op.span); },
          [&](const ast::MvExpand& o) { return bind_expand(b, std::move(in), o); },
          [&](const ast::MvApply& o) { return bind_apply(b, std::move(in), o); },
          [&](const ast::Parse& o) { return bind_parse(b, std::move(in), o); },
          [&](const ast::ParseKv& o) { return bind_parse_kv(b, std::move(in), o); },
          [&](const ast::Evaluate& o) { return bind_evaluate(b, std::move(in), o); },
          [&](const ast::Invoke& o) { return b.call_rows(o.function, op.span, std::move(in)); },
          [&](const ast::GetSchema&) { return bind_getschema(std::move(in)); },
          [&](const ast::Search& o) { return bind_search(b, std::move(in), o, op.span); },
          [&](const ast::Find& o) { return bind_find(b, o, op.span); },
          [&](const ast::MakeSeries& o) { return bind_make_series(b, std::move(in), o); },
          [&](const ast::Partition& o) { return bind_partition(b, std::move(in), o); },
          [&](const ast::TopNested& o) { return bind_top_nested(b, std::move(in), o, op.span); },
          [&](const ast::Scan& o) { return bind_scan(b, std::move(in), o, op.span); },
          [&](const ast::GraphTable& o) { return bind_graph(b, std::move(in), o, op.span); },
          [&](const ast::Unserved& o) { return refuse(b, op.span, o.name); },
      },
      op.node);
}

} // namespace sluice::kql
