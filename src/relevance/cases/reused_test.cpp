// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "relevance/cases/reused.hpp"

namespace sluice::relevance {
namespace {

auto texts(const auto& many) -> std::vector<std::string> {
  return {many.begin(), many.end()};
}

TEST(ReusedList, gives_empty_elements_out_of_used_memory) {
  ReusedList<std::string> list;
  list.add() = "a text that is too long to be held without memory of its own";
  const auto* const memory = list.back().data();
  list.clear();
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.add(), "");
  EXPECT_EQ(list.back().data(), memory);
}

TEST(ReusedList, compares_what_is_in_use) {
  ReusedList<std::string> used{"a", "b"};
  used.drop_last();
  EXPECT_EQ(used, (ReusedList<std::string>{"a"}));
  EXPECT_LT(used, (ReusedList<std::string>{"b"}));
}

TEST(ReusedSet, is_in_order_and_has_each_once) {
  ReusedSet<std::string> set;
  for (const auto* text : {"c", "a", "b", "a", "c"}) {
    set.insert(std::string_view{text});
  }
  EXPECT_EQ(texts(set), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_TRUE(set.contains("b"));
  EXPECT_FALSE(set.contains("d"));
  EXPECT_FALSE(set.insert(std::string_view{"b"}));
  set.drop_last();
  EXPECT_FALSE(set.contains("c"));
}

TEST(ReusedSet, knows_when_it_was_filled_out_of_order) {
  ReusedSet<std::string> set{"a"};
  EXPECT_TRUE(set.is_sound());
  set.items().add() = "a";
  EXPECT_FALSE(set.is_sound());
}

TEST(ReusedMap, finds_makes_and_erases_by_key) {
  ReusedMap<int> map;
  map["b"] = 2;
  map["a"] = 1;
  map["c"] = 3;
  EXPECT_EQ(*map.find("a"), 1);
  EXPECT_EQ(map.find("d"), nullptr);
  EXPECT_TRUE(map.erase("b"));
  EXPECT_FALSE(map.erase("b"));
  EXPECT_EQ(map.size(), 2);
  EXPECT_EQ(*map.find("c"), 3);
  EXPECT_EQ(map["b"], 0) << "what was erased left nothing behind";
}

} // namespace
} // namespace sluice::relevance
