// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gmock/gmock.h>

#include "activity/window_plan.hpp"

namespace sluice::activity {

void PrintTo(const Window& window, std::ostream* out) {
  *out << to_iso8601(window.start, 7) << " to " << to_iso8601(window.end, 7);
}

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

auto at(std::string_view text) -> DateTime {
  return *parse_iso8601(text);
}

auto window(std::string_view start, std::string_view end) -> Window {
  return {at(start), at(end)};
}

constexpr auto now = "2026-07-13T10:20:30Z";

TEST(WindowPlanTest, goes_from_the_grid_line_before_the_overlap_to_now) {
  const auto plan = plan_windows(at(now), at("2026-07-13T10:15:00Z"), {});
  EXPECT_THAT(plan.windows,
              ElementsAre(window("2026-07-13T00:00:00Z", "2026-07-13T06:00:00Z"),
                          window("2026-07-13T06:00:00Z", now)));
  EXPECT_EQ(plan.gap, std::nullopt);
}

TEST(WindowPlanTest, windows_begin_at_the_same_times_from_poll_to_poll) {
  const auto first = plan_windows(at(now), at("2026-07-13T10:15:00Z"), {});
  const auto second = plan_windows(at(now) + 1min, at(now), {});
  ASSERT_EQ(first.windows.size(), second.windows.size());
  for (std::size_t i = 0; i < first.windows.size(); ++i) {
    EXPECT_EQ(first.windows[i].start, second.windows[i].start);
  }
}

TEST(WindowPlanTest, without_a_watermark_goes_as_far_back_as_the_service_lists) {
  const auto plan = plan_windows(at(now), std::nullopt, {});
  ASSERT_EQ(plan.windows.size(), 29U);
  EXPECT_EQ(plan.windows.front(), window("2026-07-06T10:25:30Z", "2026-07-06T12:00:00Z"));
  EXPECT_EQ(plan.windows.back(), window("2026-07-13T06:00:00Z", now));
  EXPECT_EQ(plan.gap, std::nullopt);
}

TEST(WindowPlanTest, tiles_the_time_without_hole_or_overlap_and_below_a_day) {
  for (const auto width : {1min, 7min, 60min, 360min, 1'380min}) {
    const auto plan = plan_windows(at(now), std::nullopt, {.width = width});
    ASSERT_FALSE(plan.windows.empty());
    EXPECT_EQ(plan.windows.back().end, at(now));
    for (std::size_t i = 0; i < plan.windows.size(); ++i) {
      const auto& one = plan.windows[i];
      EXPECT_LT(one.start, one.end);
      EXPECT_LE(one.end - one.start, Ticks{width});
      EXPECT_TRUE(i == 0 || plan.windows[i - 1].end == one.start);
    }
  }
}

TEST(WindowPlanTest, a_watermark_older_than_the_reach_leaves_a_gap_to_report) {
  const auto plan = plan_windows(at(now), at("2026-07-01T00:00:00Z"), {});
  EXPECT_EQ(plan.gap, window("2026-07-01T00:00:00Z", "2026-07-06T10:25:30Z"));
  EXPECT_EQ(plan.windows.front().start, at("2026-07-06T10:25:30Z"));
}

TEST(WindowPlanTest, an_overlap_beyond_the_reach_is_no_gap) {
  const auto plan = plan_windows(at(now), at("2026-07-06T11:00:00Z"), {});
  EXPECT_EQ(plan.gap, std::nullopt);
  EXPECT_EQ(plan.windows.front().start, at("2026-07-06T10:25:30Z"));
}

TEST(WindowPlanTest, a_watermark_at_the_edge_of_the_reach_is_no_gap) {
  EXPECT_EQ(plan_windows(at(now), at("2026-07-06T10:25:30Z"), {}).gap, std::nullopt);
  EXPECT_NE(plan_windows(at(now), at("2026-07-06T10:25:29Z"), {}).gap, std::nullopt);
}

TEST(WindowPlanTest, a_watermark_in_the_future_counts_as_now) {
  EXPECT_EQ(plan_windows(at(now), at("2026-08-01T00:00:00Z"), {}).windows,
            plan_windows(at(now), at(now), {}).windows);
}

TEST(WindowPlanTest, fractions_of_a_second_are_left_for_the_next_poll) {
  const auto plan =
      plan_windows(at("2026-07-13T10:20:30.9Z"), at("2026-07-13T10:20:29.9Z"), {.overlap = 0min});
  EXPECT_EQ(plan.windows.back().end, at("2026-07-13T10:20:30Z"));
}

TEST(WindowPlanTest, nothing_to_list_exactly_at_a_grid_line_without_overlap) {
  EXPECT_THAT(
      plan_windows(at("2026-07-13T12:00:00Z"), at("2026-07-13T12:00:00Z"), {.overlap = 0min})
          .windows,
      IsEmpty());
}

} // namespace
} // namespace sluice::activity
