// SPDX-License-Identifier: Apache-2.0
// The order of records does not matter: every order of small stories, random ones of all.
#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "arrivals.hpp"
#include "base/random.hpp"
#include "story_judge.hpp"

namespace sluice::cases {
namespace {

using Rows = std::map<std::string, std::string>;

/// Stories of up to so many records are told in every order.
constexpr std::size_t small = 6;
constexpr int random_orders = 60;

class EveryStory : public testing::TestWithParam<std::size_t> {
protected:
  EveryStory() {
    for (const auto& arrival : stories_.arrivals(GetParam(), Order::as_ingested)) {
      records_.push_back(stories_.record(arrival));
      last_ = std::max(last_, arrival.available);
    }
  }

  /// The newest rows after the records came in that order; `restart_at` is where another
  /// correlator goes on with what the first one kept.
  auto rows_of(const std::vector<std::size_t>& order, std::size_t restart_at = SIZE_MAX) const
      -> Rows {
    CaseTable table;
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i == restart_at) {
        table.restart();
      }
      table.take(records_[order[i]], last_);
    }
    table.advance(last_ + Ticks{std::chrono::days{8}});
    return table.newest();
  }

  auto in_order() const -> std::vector<std::size_t> {
    std::vector<std::size_t> order(records_.size());
    std::iota(order.begin(), order.end(), 0U);
    return order;
  }

  Stories stories_{7, 100};
  std::vector<std::string> records_;
  DateTime last_{};
};

TEST_P(EveryStory, ends_in_the_same_cases_in_every_order) {
  auto order = in_order();
  const auto expected = rows_of(order);
  if (order.size() <= small) {
    while (std::ranges::next_permutation(order).found) {
      ASSERT_EQ(rows_of(order), expected);
    }
    return;
  }
  Random random{GetParam()};
  for (int i = 0; i < random_orders; ++i) {
    for (auto left = order.size(); left > 1; --left) {
      std::swap(order[left - 1], order[random.below(left)]);
    }
    ASSERT_EQ(rows_of(order), expected);
  }
}

TEST_P(EveryStory, ends_in_the_same_cases_with_repetitions_and_restarts) {
  const auto expected = rows_of(in_order());
  Random random{GetParam()};
  for (int i = 0; i < random_orders / 2; ++i) {
    auto order = in_order();
    for (auto copies = random.below(order.size() + 1); copies > 0; --copies) {
      order.insert(order.begin() + static_cast<std::ptrdiff_t>(random.below(order.size() + 1)),
                   order[random.below(order.size())]);
    }
    ASSERT_EQ(rows_of(order, random.below(order.size() + 1)), expected);
  }
}

TEST_P(EveryStory, ends_in_the_cases_that_it_tells) {
  CaseTable table;
  for (const auto& record : records_) {
    table.take(record, last_);
  }
  table.advance(last_ + Ticks{std::chrono::days{8}});
  for (const auto& fault : judge_story(table, stories_.plan(GetParam()))) {
    ADD_FAILURE() << fault;
  }
  EXPECT_TRUE(table.newest().empty()) << "a case that the story does not tell";
}

INSTANTIATE_TEST_SUITE_P(Table,
                         EveryStory,
                         testing::Range(std::size_t{0}, simulator::scenarios().size()),
                         [](const auto& row) {
                           return std::string{simulator::scenarios()[row.param].name};
                         });

TEST(Stories, told_together_do_not_meet) {
  const Stories stories{9, 100};
  std::vector<Arrival> all;
  for (std::uint64_t story = 0; story < 90; ++story) {
    std::ranges::copy(stories.arrivals(story, Order::shuffled), std::back_inserter(all));
  }
  std::ranges::sort(all);
  CaseTable table;
  for (const auto& arrival : all) {
    table.take(stories.record(arrival), arrival.available);
  }
  table.advance(all.back().available + Ticks{std::chrono::days{1}});
  for (std::uint64_t story = 0; story < 90; ++story) {
    for (const auto& fault : judge_story(table, stories.plan(story))) {
      ADD_FAILURE() << stories.scenario(story).name << ": " << fault;
    }
  }
  EXPECT_TRUE(table.newest().empty());
}

} // namespace
} // namespace sluice::cases
