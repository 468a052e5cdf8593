// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "kql/parser/parser.hpp"

namespace sluice::kql {
namespace {

constexpr std::array<std::string_view, 3> id_columns{
    "with_node_id", "with_source_id", "with_target_id"};

} // namespace

/// `make-graph` and the `graph-to-table` behind it, read as one: a graph is nothing that could
/// stand between them. False when the name is none of theirs.
auto Parser::graph_operator(const ast::Identifier& name, ast::Operator& op) -> bool {
  if (name.text != "make-graph") {
    return false;
  }
  ast::GraphTable graph;
  const bool is_read = edges(graph);
  if (is_read && tokens_.is("|") && tokens_.is("graph", 1) && tokens_.is("to", 3) &&
      tokens_.is("table", 5)) {
    tokens_.next();
    static_cast<void>(operator_name());
    table_of(graph);
    op.node = std::move(graph);
  } else {
    skip_operator();
    op.node = ast::Unserved{name.text};
  }
  return true;
}

/// `Source --> Target [with Nodes on Key]`; false when something else follows.
auto Parser::edges(ast::GraphTable& graph) -> bool {
  graph.source = identifier();
  for (const auto* part : {"-", "-", ">"}) {
    tokens_.expect(part);
  }
  graph.target = identifier();
  if (tokens_.accept("with")) {
    graph.nodes = path();
    tokens_.expect("on");
    graph.key = identifier();
  }
  return tokens_.is("|");
}

/// `edges with_source_id=S with_target_id=T` or `nodes with_node_id=N`
void Parser::table_of(ast::GraphTable& graph) {
  graph.is_nodes = tokens_.accept("nodes");
  if (!graph.is_nodes) {
    tokens_.expect("edges");
  }
  for (const auto& [name, value] : settings(id_columns)) {
    if ((name == "with_node_id") != graph.is_nodes) {
      tokens_.fail(value.span, Code::expected, "this id is not one of these rows");
    }
    (name == "with_target_id" ? graph.target_id : graph.id) = value.text;
  }
}

} // namespace sluice::kql
