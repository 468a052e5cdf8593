// SPDX-License-Identifier: Apache-2.0
// Tells stories of a simulated tenant to the correlator, in every order, through simulated months,
// and compares the cases with what the stories say.
//
//   case_stories [STORIES [SEED]]
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <map>
#include <queue>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "arrivals.hpp"
#include "story_judge.hpp"

namespace {

using namespace sluice;

constexpr std::uint64_t stories_per_day = 400;
/// A story lives for eight days, and its records are up to eight days late.
constexpr auto story_life = std::chrono::days{18};

class Run {
public:
  Run(std::uint64_t stories, std::uint64_t seed)
      : stories_{seed, stories_per_day},
        count_{stories} {}

  auto play() -> bool {
    std::uint64_t begun = 0;
    std::uint64_t ended = 0;
    while (ended < count_) {
      const auto today = day_++;
      const auto day_end = start_ + Ticks{std::chrono::days{today + 1}};
      for (; begun < count_ && begun / stories_per_day <= static_cast<std::uint64_t>(today);
           ++begun) {
        for (const auto& arrival : stories_.arrivals(begun, order_of(begun))) {
          waiting_.push(arrival);
        }
      }
      play_until(day_end);
      for (; ended < begun && end_of(ended) <= day_end; ++ended) {
        judge(ended);
      }
    }
    const bool no_more = table_.newest().empty();
    print(no_more);
    return no_more && faults_ == 0;
  }

private:
  static auto order_of(std::uint64_t story) -> cases::Order {
    return cases::orders.at(story / simulator::scenarios().size() % cases::orders.size());
  }

  [[nodiscard]] auto end_of(std::uint64_t story) const -> DateTime {
    return start_ + Ticks{std::chrono::days{static_cast<std::int64_t>(story / stories_per_day)}} +
           Ticks{story_life};
  }

  void play_until(DateTime time) {
    for (; !waiting_.empty() && waiting_.top().available < time; waiting_.pop()) {
      const auto& arrival = waiting_.top();
      table_.take(stories_.record(arrival), arrival.available);
      ++records_;
      if (arrival.available >= next_advance_) {
        table_.advance(arrival.available);
        next_advance_ = arrival.available + std::chrono::hours{1};
      }
    }
    table_.advance(time);
    most_open_ = std::max(most_open_, table_.open());
  }

  void judge(std::uint64_t story) {
    const auto plan = stories_.plan(story);
    cases_ += static_cast<std::uint64_t>(std::ranges::count_if(
        plan.cases(), [](const auto& expected) { return !expected.outcome.empty(); }));
    for (const auto& fault : cases::judge_story(table_, plan)) {
      if (++faults_ <= 20) {
        std::cout << fmt::format("story {} ({}, {}): {}\n",
                                 story,
                                 stories_.scenario(story).name,
                                 name_of(order_of(story)),
                                 fault);
      }
    }
  }

  void print(bool no_more) const {
    std::cout << fmt::format("{} stories in {} orders: {} records, {} cases, told {} times\n",
                             count_,
                             cases::orders.size(),
                             records_,
                             cases_,
                             table_.told());
    std::cout << fmt::format(
        "{} alerts and investigations held at most, {} at the end\n", most_open_, table_.open());
    for (const auto& [kind, times] : table_.findings()) {
      std::cout << fmt::format("finding {}: {}\n", kind, times);
    }
    std::cout << fmt::format("{} differences from the truth{}\n",
                             faults_,
                             no_more ? "" : ", and cases that no story tells");
  }

  cases::Stories stories_;
  std::uint64_t count_;
  DateTime start_ = *parse_iso8601("2026-01-01T00:00:00Z");
  std::int64_t day_ = 0;
  DateTime next_advance_{};
  std::priority_queue<cases::Arrival, std::vector<cases::Arrival>, std::greater<>> waiting_;
  cases::CaseTable table_;
  std::uint64_t records_ = 0;
  std::uint64_t cases_ = 0;
  std::uint64_t faults_ = 0;
  std::size_t most_open_ = 0;
};

} // namespace

auto main(int argc, char** argv) -> int {
  const auto number = [&](int at, std::uint64_t fallback) {
    return argc > at ? std::strtoull(argv[at], nullptr, 10) : fallback;
  };
  return Run{number(1, 5'000), number(2, 1)}.play() ? EXIT_SUCCESS : EXIT_FAILURE;
}
