// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "relevance/cases/correlator_desk.hpp"
#include "relevance/cases/state_packing.hpp"

namespace sluice::relevance {
namespace {

auto some_investigation() -> InvestigationState {
  InvestigationState state;
  state.organization = "o";
  state.id = "urn:submissioninvestigation:ab";
  auto facts = linked(investigation("r1", {}, "Running"));
  facts.data.urls = {"https://example.com/b", "https://example.com/a"};
  facts.actions.add().status = "Pending";
  EXPECT_TRUE(merge(state, std::move(facts)));
  EXPECT_TRUE(merge(state, investigation("r2", std::chrono::hours{1}, "Threats Found")));
  state.told["a1"] = 7;
  state.waiting["a2"] = 8;
  return state;
}

template <class State>
auto packed(const State& state) -> std::string {
  std::string bytes;
  pack(state, bytes);
  return bytes;
}

TEST(StatePacking, gives_back_what_it_took) {
  const auto bytes = packed(some_investigation());
  InvestigationState state;
  ASSERT_TRUE(unpack(bytes, state));
  EXPECT_EQ(packed(state), bytes);
  EXPECT_EQ(state.head.value.status, "Threats Found");
  EXPECT_EQ(state.statuses.size(), 2);
  EXPECT_TRUE(state.links.contains("a1"));
  EXPECT_EQ(*state.told.find("a1"), 7);
}

TEST(StatePacking, takes_little_more_memory_than_it_needs) {
  std::string bytes(100'000, 'x');
  pack(some_investigation(), bytes);
  EXPECT_EQ(bytes, packed(some_investigation()));
  EXPECT_LE(bytes.capacity(), bytes.size() + 64);
}

TEST(StatePacking, leaves_nothing_of_the_state_whose_memory_it_uses) {
  AlertState state;
  ASSERT_TRUE(merge(state, alert("r1", {})).any);
  const AlertState fresh;
  ASSERT_TRUE(unpack(packed(fresh), state));
  EXPECT_EQ(packed(state), packed(fresh));
}

TEST(StatePacking, refuses_what_is_cut_or_too_long) {
  const auto bytes = packed(some_investigation());
  InvestigationState state;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(unpack(std::string_view{bytes}.substr(0, size), state)) << size;
  }
  EXPECT_FALSE(unpack(bytes + '\0', state));
}

TEST(StatePacking, refuses_a_set_out_of_order) {
  auto bytes = packed(some_investigation());
  const auto a = bytes.find("https://example.com/a");
  bytes.at(a + std::string_view{"https://example.com/"}.size()) = 'c';
  InvestigationState state;
  EXPECT_FALSE(unpack(bytes, state));
}

} // namespace
} // namespace sluice::relevance
