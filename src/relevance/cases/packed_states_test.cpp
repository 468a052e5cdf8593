// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "relevance/cases/correlator_desk.hpp"
#include "relevance/cases/packed_states.hpp"

namespace sluice::relevance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Room for ten bytes, and what is kept elsewhere.
class PackedStatesTest : public testing::Test {
protected:
  auto read(std::string_view key) -> Result<std::string> {
    read_.emplace_back(key);
    return elsewhere_[std::string{key}];
  }
  void put(PackedState& state, const std::string& key, std::string bytes) {
    elsewhere_[key] = bytes;
    state.bytes = std::move(bytes);
    states_.keep(state);
  }

  std::map<std::string, std::string> elsewhere_;
  std::vector<std::string> read_;
  PackedStates states_{
      {.read = [this](std::string_view key) { return read(key); }, .most_bytes = 10}};
  PackedState a_;
  PackedState b_;
  PackedState c_;
};

TEST_F(PackedStatesTest, what_fits_stays) {
  put(a_, "a", "12345");
  put(b_, "b", "67890");
  states_.make_room();
  EXPECT_EQ(states_.bytes_of(a_, "a"), "12345");
  EXPECT_EQ(states_.bytes_of(b_, "b"), "67890");
  EXPECT_THAT(read_, IsEmpty());
}

TEST_F(PackedStatesTest, what_was_used_least_lately_leaves_and_is_read_again) {
  put(a_, "a", "aaaa");
  put(b_, "b", "bbbb");
  states_.make_room();
  EXPECT_EQ(states_.bytes_of(a_, "a"), "aaaa");
  put(c_, "c", "cccc");
  states_.make_room();
  EXPECT_THAT(b_.bytes, IsEmpty());
  EXPECT_EQ(states_.bytes_of(b_, "b"), "bbbb");
  EXPECT_EQ(states_.bytes_of(b_, "b"), "bbbb");
  EXPECT_THAT(read_, ElementsAre("b"));
  EXPECT_FALSE(states_.failure());
}

TEST_F(PackedStatesTest, what_leaves_takes_no_memory) {
  put(a_, "a", std::string(100'000, 'a'));
  states_.make_room();
  EXPECT_EQ(a_.bytes.capacity(), std::string{}.capacity());
}

TEST_F(PackedStatesTest, one_that_grew_counts_as_it_is_and_one_that_was_forgotten_does_not) {
  put(a_, "a", "aa");
  put(b_, "b", "bb");
  put(a_, "a", "aaaaaaaa");
  states_.make_room();
  EXPECT_EQ(a_.bytes, "aaaaaaaa"); // Ten bytes in all.
  states_.forget(a_);
  put(c_, "c", "cccccccc");
  states_.make_room();
  EXPECT_EQ(b_.bytes, "bb");
  EXPECT_EQ(c_.bytes, "cccccccc");
}

TEST_F(PackedStatesTest, one_that_is_gone_is_empty_and_told_once) {
  put(a_, "a", "aaaaaaaaaaaa");
  states_.make_room();
  elsewhere_.clear();
  EXPECT_THAT(states_.bytes_of(a_, "a"), IsEmpty());
  const auto failure = states_.failure();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind(), ErrorKind::corrupt);
  EXPECT_THAT(failure->message(), HasSubstr("the state of a is gone"));
  EXPECT_FALSE(states_.failure());
}

TEST(CorrelatorRoom, a_state_that_cannot_be_read_ends_the_step_with_an_error) {
  for (const auto* damage : {"", "no state", "unavailable"}) {
    std::string kept = "something";
    Correlator correlator{CaseRules{},
                          {.read = [&](std::string_view) -> Result<std::string> {
                             return kept == "unavailable"
                                        ? Error{ErrorKind::unavailable, "the ledger is busy"}
                                        : Result<std::string>{kept};
                           },
                           .most_bytes = 0}};
    correlator.take(alert("r1", {}), noon);
    ASSERT_EQ(correlator.settle(noon).value().state.size(), 1U);
    correlator.make_room();
    kept = damage;
    correlator.take(alert("r2", std::chrono::hours{1}), noon);
    const auto settled = correlator.settle(noon);
    ASSERT_FALSE(settled) << damage;
    EXPECT_EQ(settled.error().kind(),
              kept == "unavailable" ? ErrorKind::unavailable : ErrorKind::corrupt);
  }
}

} // namespace
} // namespace sluice::relevance
