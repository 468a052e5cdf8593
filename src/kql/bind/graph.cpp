// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/operators.hpp"
#include "kql/program/graph_nodes.hpp"

namespace sluice::kql {
namespace {

/// Binds `make-graph ... | graph-to-table ...`. The id of a node is the hash of its key (observed
/// of texts).
class GraphBinder {
public:
  GraphBinder(PipelineBinder& binder, const ast::GraphTable& op) : binder_{binder}, op_{op} {}

  auto bind(PlanPtr edges, Span span) -> PlanPtr {
    edges = without_hidden(std::move(edges));
    const auto source = key(edges->output, op_.source);
    const auto target = key(edges->output, op_.target);
    if (!source || !target) {
      return nullptr;
    }
    if (!op_.is_nodes) {
      return with_ids(std::move(edges), {{op_.id, *source}, {op_.target_id, *target}});
    }
    auto nodes = op_.nodes == nullptr ? nullptr : binder_.rows_of(*op_.nodes);
    if (nodes == nullptr) {
      binder_.report(
          span, Code::not_supported, "the nodes of a graph need a table: `with Nodes on Key`");
      return nullptr;
    }
    nodes = without_hidden(std::move(nodes));
    const auto node = key(nodes->output, op_.key);
    auto again = binder_.copy_of(*edges, span);
    if (!node || again == nullptr) {
      return nullptr;
    }
    const auto output = nodes->output;
    Union all;
    add(all, std::move(nodes), true);
    add(all, end_of(std::move(edges), *source, output, *node), false);
    add(all, end_of(std::move(again), *target, output, *node), false);
    auto fed = all.inputs.front()->output;
    auto checked = make_plan(output,
                             Program{make_plan(std::move(fed), std::move(all)),
                                     0,
                                     std::make_shared<const GraphNodesProgram>(*node)});
    return with_ids(std::move(checked), {{op_.id, *node}});
  }

private:
  auto key(const Schema& schema, const ast::Identifier& name) -> std::optional<std::size_t> {
    const auto index = schema.find(name.text);
    if (!index) {
      binder_.infer(name.text);
      binder_.report(name.span, Code::unknown_name, fmt::format("unknown column `{}`", name.text));
    } else if (schema.columns[*index].type != Type::string) {
      binder_.report(name.span, Code::not_supported, "keys of nodes must be texts");
      return std::nullopt;
    }
    return index;
  }

  struct Id {
    std::string name; ///< "": not asked for.
    std::size_t of = 0;
  };
  static auto with_ids(PlanPtr plan, const std::vector<Id>& ids) -> PlanPtr {
    Schema output;
    std::vector<ExpressionPtr> columns;
    for (const auto& id : ids) {
      if (!id.name.empty()) {
        std::vector<ExpressionPtr> operands;
        operands.push_back(make_reference(plan->output, id.of));
        output.columns.push_back({id.name, Type::int64});
        columns.push_back(make_call("hash", Type::int64, std::move(operands)));
      }
    }
    for (std::size_t i = 0; i < plan->output.columns.size(); ++i) {
      output.columns.push_back(plan->output.columns[i]);
      columns.push_back(make_reference(plan->output, i));
    }
    return make_plan(std::move(output), Project{std::move(plan), std::move(columns)});
  }

  /// The column `of` in the place of the nodes' key, nulls in their other columns.
  static auto end_of(PlanPtr edges, std::size_t of, const Schema& nodes, std::size_t node)
      -> PlanPtr {
    std::vector<ExpressionPtr> columns;
    for (std::size_t i = 0; i < nodes.columns.size(); ++i) {
      columns.push_back(i == node ? make_reference(edges->output, of)
                                  : make_literal(Value::null(nodes.columns[i].type)));
    }
    return make_plan(nodes, Project{std::move(edges), std::move(columns)});
  }

  static void add(Union& all, PlanPtr rows, bool are_nodes) {
    Schema output{{{"is node", Type::boolean}}};
    std::vector<ExpressionPtr> columns;
    columns.push_back(make_literal(Value::boolean(are_nodes)));
    std::vector<std::uint32_t> places{0};
    for (std::size_t i = 0; i < rows->output.columns.size(); ++i) {
      output.columns.push_back(rows->output.columns[i]);
      columns.push_back(make_reference(rows->output, i));
      places.push_back(static_cast<std::uint32_t>(i + 1));
    }
    all.inputs.push_back(
        make_plan(std::move(output), Project{std::move(rows), std::move(columns)}));
    all.places.push_back(std::move(places));
  }

  PipelineBinder& binder_;
  const ast::GraphTable& op_;
};

} // namespace

auto bind_graph(PipelineBinder& binder, PlanPtr input, const ast::GraphTable& op, Span span)
    -> PlanPtr {
  return GraphBinder{binder, op}.bind(std::move(input), span);
}

} // namespace sluice::kql
