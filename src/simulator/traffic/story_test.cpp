// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <simdjson.h>

#include "simulator/traffic/story.hpp"

namespace sluice::simulator {
namespace {

class EveryScenario : public testing::TestWithParam<std::size_t> {
protected:
  std::vector<Person> people_ = make_people(3, 50);
  DateTime start_ = *parse_iso8601("2026-07-01T00:00:00Z");
  StoryWorld world_{
      3, "11111111-2222-3333-4444-555555555555", start_, start_ + std::chrono::days{6}, people_};
  const Scenario& scenario_ = scenarios()[GetParam()];
};

TEST_P(EveryScenario, writes_records_that_are_json_with_json_inside) {
  const StoryPlan plan{{&scenario_, 11}, world_};
  simdjson::dom::parser parser;
  simdjson::dom::parser inner_parser;
  for (std::size_t step = 0; step < plan.steps().size(); ++step) {
    std::string text;
    plan.append_record(text, step);
    simdjson::dom::element record;
    ASSERT_EQ(parser.parse(text).get(record), simdjson::SUCCESS) << text;
    std::string_view data;
    if (record["Data"].get(data) == simdjson::SUCCESS && data.starts_with('{')) {
      simdjson::dom::element inner;
      EXPECT_EQ(inner_parser.parse(data).get(inner), simdjson::SUCCESS) << data;
    }
    simdjson::dom::array actions;
    if (record["Actions"].get(actions) == simdjson::SUCCESS) {
      for (const auto action : actions) {
        std::string_view action_text;
        simdjson::dom::element inner;
        if (action.get(action_text) == simdjson::SUCCESS) {
          EXPECT_EQ(inner_parser.parse(action_text).get(inner), simdjson::SUCCESS) << action_text;
        }
      }
    }
  }
}

TEST_P(EveryScenario, has_times_in_order_and_inside_of_the_world) {
  for (std::uint64_t number = 0; number < 200; ++number) {
    const StoryPlan plan{{&scenario_, number}, world_};
    DateTime last_status{};
    for (const auto& step : plan.steps()) {
      EXPECT_LE(step.created, step.ingested);
      EXPECT_LT(step.ingested, world_.end);
      if (step.kind == StepKind::investigation) {
        EXPECT_GE(step.created - last_status, Ticks{std::chrono::seconds{1}});
        last_status = step.created;
      }
    }
  }
}

TEST_P(EveryScenario, has_cases_only_when_a_user_reported_phishing) {
  const StoryPlan plan{{&scenario_, 5}, world_};
  const bool phish = scenario_.policy != nullptr && scenario_.policy->user_reported_phish;
  EXPECT_EQ(plan.cases().size(), phish ? scenario_.alerts : 0U);
  EXPECT_EQ(std::ranges::any_of(plan.steps(), [&](const Step& s) { return plan.relevant(s); }),
            phish);
}

INSTANTIATE_TEST_SUITE_P(Table,
                         EveryScenario,
                         testing::Range(std::size_t{0}, scenarios().size()),
                         [](const auto& row) { return std::string{scenarios()[row.param].name}; });

TEST(Scenarios, go_through_every_documented_status) {
  std::set<std::string_view> seen;
  for (const auto& scenario : scenarios()) {
    seen.insert(scenario.statuses.begin(), scenario.statuses.end());
  }
  for (const auto* status : {"Investigation Started",
                             "Starting",
                             "Queued by Throttling",
                             "Running",
                             "No threats found",
                             "Threats Found",
                             "Partially Investigated",
                             "Pending Action",
                             "Remediated",
                             "Partially Remediated",
                             "Failed",
                             "Terminated by System",
                             "Terminated By User",
                             "Terminated by throttling"}) {
    EXPECT_TRUE(seen.contains(status)) << status;
  }
}

TEST(Story, the_end_of_an_alert_id_is_the_end_of_its_window) {
  const auto people = make_people(3, 5);
  const auto start = *parse_iso8601("2026-07-01T00:00:00Z");
  const StoryWorld world{3, "t", start, start + std::chrono::days{6}, people};
  const StoryPlan plan{{&scenarios()[0], 1}, world};
  const auto alert = plan.cases().front().alert_id;
  const auto ticks = std::stoull(alert.substr(24), nullptr, 16) << 16U;
  const auto minute = std::chrono::duration_cast<Ticks>(std::chrono::minutes{1}).count();
  const auto nearest = (static_cast<std::int64_t>(ticks) + minute / 2) / minute * minute;
  EXPECT_EQ(nearest % std::chrono::duration_cast<Ticks>(std::chrono::minutes{15}).count(), 0);
  EXPECT_LT(nearest - static_cast<std::int64_t>(ticks), 65'536);
}

TEST(Story, a_big_cluster_makes_data_of_more_than_a_hundred_kilobytes) {
  const auto people = make_people(3, 5);
  const auto start = *parse_iso8601("2026-07-01T00:00:00Z");
  const StoryWorld world{3, "t", start, start + std::chrono::days{6}, people};
  const auto big = std::ranges::find(scenarios(), Quirk::big_cluster, &Scenario::quirk);
  const StoryPlan plan{{&*big, 1}, world};
  std::size_t longest = 0;
  for (std::size_t step = 0; step < plan.steps().size(); ++step) {
    std::string text;
    plan.append_record(text, step);
    longest = std::max(longest, text.size());
  }
  EXPECT_GT(longest, 100'000U);
}

} // namespace
} // namespace sluice::simulator
