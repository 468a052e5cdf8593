// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "kql/row_program.hpp"

/// Private to the library.
namespace sluice::kql {

/// `graph-to-table nodes`: the rows of the table of nodes, once it is sure that they are the nodes:
/// each key once, and one for each end of an edge. What the engine makes of others is not known, so
/// they end the query.
///
/// Rows that come in: whether it is a node (else an end of an edge), the columns of the nodes; an
/// end fills the key alone. Rows that go out: the columns.
class GraphNodesProgram final : public RowProgram {
public:
  /// `key`: which of the columns.
  explicit GraphNodesProgram(std::size_t key) : key_{key} {}

  [[nodiscard]] auto text() const -> std::string override { return "nodes of a graph"; }
  [[nodiscard]] auto run(Rows rows) const -> Rows override;

private:
  std::size_t key_;
};

} // namespace sluice::kql
