// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include <gtest/gtest.h>

#include "relevance/cases/case_graph.hpp"

namespace sluice::relevance {
namespace {

TEST(NodeSet, has_each_node_once_in_the_order_of_keys) {
  const std::array<std::string, 3> keys{"a/o/1", "a/o/2", "a/o/3"};
  std::array<AlertNode, 3> nodes;
  NodeSet<AlertNode> set;
  for (const std::size_t at : {2U, 0U, 1U, 2U}) {
    nodes.at(at).own_key = &keys.at(at);
    set.insert(&nodes.at(at));
  }
  const std::vector<AlertNode*> all{set.begin(), set.end()};
  EXPECT_EQ(all, (std::vector{&nodes[0], &nodes[1], &nodes[2]}));
  EXPECT_TRUE(set.erase(&nodes[1]));
  EXPECT_FALSE(set.erase(&nodes[1]));
  EXPECT_TRUE(set.erase(&nodes[0]) && set.erase(&nodes[2]));
  EXPECT_TRUE(set.empty());
}

} // namespace
} // namespace sluice::relevance
