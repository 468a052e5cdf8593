// SPDX-License-Identifier: Apache-2.0
#include "activity/window_plan.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace sluice::activity {
namespace {

using std::chrono::minutes;

constexpr Ticks second{10'000'000};

auto floor_to(DateTime time, Ticks grid) -> DateTime {
  return {time.since_year_one - time.since_year_one % grid};
}

auto ceil_to(DateTime time, Ticks grid) -> DateTime {
  const auto floor = floor_to(time, grid);
  return floor == time ? time : floor + grid;
}

} // namespace

auto plan_windows(DateTime now, std::optional<DateTime> watermark, const WindowPlanOptions& options)
    -> WindowPlan {
  CHECK(options.width >= minutes{1} && options.width <= std::chrono::hours{23});
  CHECK(options.overlap >= minutes{0} && options.reach >= options.width);
  const auto end = floor_to(now, second);
  const auto oldest = ceil_to(now - options.reach, second);
  WindowPlan plan;
  auto start = oldest;
  if (watermark) {
    const auto reached = std::min(floor_to(*watermark, second), end);
    if (reached < oldest) {
      plan.gap = Window{reached, oldest};
    }
    start = std::max(floor_to(reached - options.overlap, options.width), oldest);
  }
  while (start < end) {
    const auto next = std::min(floor_to(start, options.width) + options.width, end);
    plan.windows.push_back({start, next});
    start = next;
  }
  return plan;
}

} // namespace sluice::activity
