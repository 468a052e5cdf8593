// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "relevance/cases/node_index.hpp"

namespace sluice::relevance {
namespace {

TEST(NodeIndex, finds_what_a_map_finds_however_prints_collide) {
  for (const std::uint64_t prints : {3U, 40U, 2000U}) {
    std::array<int, 50> nodes{};
    NodeIndex<int*> index;
    std::multimap<std::uint64_t, int*> expected;
    Random random{prints};
    for (int step = 0; step < 20'000; ++step) {
      // Few of them have a home of their own.
      const auto print = random.below(prints) * 0x40 + random.below(2);
      auto* const node = &nodes.at(random.below(nodes.size()));
      const auto [first, last] = expected.equal_range(print);
      const auto at =
          std::find_if(first, last, [&](const auto& one) { return one.second == node; });
      if (at == last && expected.size() < 300) {
        index.insert(print, node);
        expected.emplace(print, node);
      } else {
        ASSERT_EQ(index.erase(print, *node), at != last);
        if (at != last) {
          expected.erase(at);
        }
      }
      ASSERT_EQ(index.size(), expected.size());
      std::vector<int*> found;
      index.each(print, [&](int& one) { found.push_back(&one); });
      std::vector<int*> there;
      const auto now = expected.equal_range(print);
      std::for_each(now.first, now.second, [&](const auto& one) { there.push_back(one.second); });
      std::ranges::sort(found);
      std::ranges::sort(there);
      ASSERT_EQ(found, there);
    }
  }
}

TEST(NodeIndex, owns_nodes_that_stay_where_they_are) {
  NodeIndex<std::unique_ptr<int>> index;
  auto first = std::make_unique<int>(0);
  auto* const place = first.get();
  EXPECT_FALSE(index.erase(7, *place));
  index.each(7, [](int&) { FAIL() << "nothing is there"; });
  index.insert(7, std::move(first));
  for (int i = 1; i < 1000; ++i) {
    index.insert(7, std::make_unique<int>(i));
  }
  int sum = 0;
  index.each(7, [&](int& one) { sum += &one == place ? 1'000'000 : one; });
  EXPECT_EQ(sum, 1'000'000 + 999 * 500);
  EXPECT_TRUE(index.erase(7, *place));
  EXPECT_EQ(index.size(), 999U);
}

} // namespace
} // namespace sluice::relevance
