// SPDX-License-Identifier: Apache-2.0
#include "arrivals.hpp"

#include <algorithm>
#include <chrono>

#include "base/check.hpp"
#include "base/random.hpp"

namespace sluice::cases {
namespace {

using std::chrono::days;
using std::chrono::hours;

} // namespace

auto name_of(Order order) -> std::string_view {
  switch (order) {
  case Order::as_ingested:
    return "as ingested";
  case Order::reversed:
    return "reversed";
  case Order::shuffled:
    return "shuffled";
  case Order::repeated:
    return "repeated";
  case Order::investigation_late:
    return "investigation eight days late";
  case Order::alert_late:
    return "alert eight days late";
  }
  check_failed("an order outside of its enumeration");
}

Stories::Stories(std::uint64_t seed, std::uint64_t stories_per_day)
    : seed_{seed},
      per_day_{stories_per_day},
      people_{simulator::make_people(seed, 500)} {}

auto Stories::world(std::uint64_t story) const -> simulator::StoryWorld {
  const auto start = *parse_iso8601("2026-01-01T00:00:00Z") +
                     Ticks{days{static_cast<std::int64_t>(story / per_day_)}};
  return {seed_, tenant, start, start + Ticks{days{8}}, people_};
}

auto Stories::scenario(std::uint64_t story) const -> const simulator::Scenario& {
  const auto all = simulator::scenarios();
  return all[story % all.size()];
}

auto Stories::plan(std::uint64_t story) const -> simulator::StoryPlan {
  thread_local simulator::StoryWorld place; // A plan keeps looking at it.
  place = world(story);
  return {{&scenario(story), story}, place};
}

auto Stories::record(const Arrival& arrival) const -> std::string {
  std::string text;
  plan(arrival.story).append_record(text, arrival.step);
  return text;
}

auto Stories::arrivals(std::uint64_t story, Order order) const -> std::vector<Arrival> {
  const auto told = plan(story);
  Random random{seed_ ^ (story * 977)};
  std::vector<Arrival> all;
  DateTime last{};
  for (const auto& step : told.steps()) {
    last = std::max(last, step.created);
  }
  for (std::size_t i = 0; i < told.steps().size(); ++i) {
    const auto& step = told.steps()[i];
    const auto type = told.record_type(step);
    if (type != 40 && type != 64) {
      continue;
    }
    const auto add = [&](DateTime available) { all.push_back({available, story, i}); };
    const auto soon = [&] {
      return Ticks{static_cast<std::int64_t>(
          random.below(static_cast<std::uint64_t>(Ticks{hours{6}}.count())))};
    };
    const bool late = (order == Order::investigation_late && type == 64) ||
                      (order == Order::alert_late && type == 40);
    if (order == Order::as_ingested) {
      add(step.ingested);
    } else if (order == Order::reversed) {
      add(last + Ticks{(last - step.created).count() / 50});
    } else if (order == Order::shuffled) {
      add(last + soon());
    } else if (order == Order::repeated) {
      for (auto times = 1 + random.below(4); times > 0; --times) {
        add(step.created + soon());
      }
    } else {
      add(step.created + (late ? Ticks{days{8}} : Ticks{hours{1}}));
    }
  }
  std::ranges::sort(all);
  return all;
}

} // namespace sluice::cases
