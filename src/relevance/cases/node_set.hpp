// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <vector>

namespace sluice::relevance {

/// Private to `case_graph`: nodes in the order of their keys. Nearly always it is one node.
template <class Node>
class NodeSet {
public:
  [[nodiscard]] auto begin() const noexcept { return nodes_.begin(); }
  [[nodiscard]] auto end() const noexcept { return nodes_.end(); }
  [[nodiscard]] auto empty() const noexcept -> bool { return nodes_.empty(); }

  /// Nothing when it is there.
  void insert(Node* node) {
    const auto at = place_of(node);
    if (at == nodes_.end() || *at != node) {
      nodes_.insert(at, node);
    }
  }
  /// False when it was not there.
  auto erase(Node* node) -> bool {
    const auto at = place_of(node);
    const bool is_there = at != nodes_.end() && *at == node;
    if (is_there) {
      nodes_.erase(at);
    }
    return is_there;
  }

private:
  [[nodiscard]] auto place_of(Node* node) {
    return std::ranges::lower_bound(nodes_, node->key(), {}, &Node::key);
  }

  std::vector<Node*> nodes_;
};

} // namespace sluice::relevance
