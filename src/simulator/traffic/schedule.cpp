// SPDX-License-Identifier: Apache-2.0
#include "simulator/traffic/schedule.hpp"

#include <algorithm>
#include <numeric>

#include "base/random.hpp"
#include "simulator/traffic/text.hpp"

namespace sluice::simulator {
namespace {

constexpr std::int64_t ticks_per_millisecond = 10'000;

auto whole_milliseconds(DateTime time) -> DateTime {
  return {Ticks{time.since_year_one.count() / ticks_per_millisecond * ticks_per_millisecond}};
}

/// Makes one schedule; each step adds to what the steps before it made.
class ScheduleMaker {
public:
  ScheduleMaker(const TrafficOptions& options, ContentType type)
      : options_{options},
        type_{type},
        random_{scrambled(options.seed) ^ scrambled(index_of(type) + 77)} {}

  void lay_out(std::uint64_t records) {
    for (std::uint64_t first = 0; first < records || made_.plans.empty();) {
      const auto own = static_cast<std::uint32_t>(std::min(next_size(records), records - first));
      ChunkPlan plan;
      plan.first_record = first;
      plan.own_records = own;
      made_.plans.push_back(plan);
      first += own;
    }
    const auto count = made_.plans.size();
    const auto step = options_.span.count() / static_cast<std::int64_t>(count);
    for (std::size_t i = 0; i < count; ++i) {
      const auto jitter = static_cast<double>(step) * random_.fraction();
      const auto offset = step * static_cast<std::int64_t>(i) + static_cast<std::int64_t>(jitter);
      made_.chunks.push_back({{}, whole_milliseconds(options_.start + Ticks{offset}), 0});
      made_.plans[i].window = Ticks{std::max<std::int64_t>(step, 600'000'000)};
    }
  }

  void copy_records() {
    const auto count = static_cast<std::uint32_t>(made_.plans.size());
    for (std::uint32_t chunk = 0; chunk + 1 < count; ++chunk) {
      for (std::uint32_t item = 0; item < made_.plans[chunk].own_records; ++item) {
        if (random_.chance(options_.duplicate_rate)) {
          made_.extras.push_back({later_chunk(chunk), chunk, 0, item});
        }
      }
    }
  }

  void tell(std::span<const Story> stories, const StoryWorld& world) {
    for (std::uint32_t story = 0; story < stories.size(); ++story) {
      const StoryPlan plan{stories[story], world};
      for (std::uint32_t step = 0; step < plan.steps().size(); ++step) {
        const auto chunk = chunk_at(plan.steps()[step].ingested);
        made_.extras.push_back({chunk, Extra::no_chunk, story, step});
        // Stories are few: more copies, so that the traps are there.
        if (random_.chance(options_.duplicate_rate * 5)) {
          made_.extras.push_back({later_chunk(chunk), Extra::no_chunk, story, step});
        }
      }
    }
  }

  auto finish() && -> Schedule {
    settle_extras();
    drop_empty();
    replay_chunks();
    number_keys();
    return std::move(made_);
  }

private:
  auto next_size(std::uint64_t records) -> std::uint64_t {
    const std::uint64_t mean = std::max(options_.mean_records_per_chunk, 1U);
    const bool big = type_ == ContentType::sharepoint && options_.big_chunk_records > 0 &&
                     made_.plans.size() == records / mean / 3;
    if (big) {
      return std::max<std::uint64_t>(
          std::min<std::uint64_t>(options_.big_chunk_records, records / 10), 1);
    }
    return 1 + mean / 4 + random_.below(mean + mean / 2);
  }

  auto later_chunk(std::uint32_t chunk) -> std::uint32_t {
    const auto last = static_cast<std::uint32_t>(made_.plans.size() - 1);
    const auto steps = std::min<std::uint64_t>(last - chunk, 200);
    return chunk + static_cast<std::uint32_t>(steps == 0 ? 0 : 1 + random_.below(steps));
  }

  auto chunk_at(DateTime ingested) const -> std::uint32_t {
    const auto found = std::ranges::lower_bound(made_.chunks, ingested, {}, &Chunk::ingested);
    const auto index = static_cast<std::size_t>(found - made_.chunks.begin());
    return static_cast<std::uint32_t>(std::min(index, made_.chunks.size() - 1));
  }

  void settle_extras() {
    std::ranges::stable_sort(made_.extras, {}, &Extra::chunk);
    for (std::uint32_t i = 0; i < made_.extras.size(); ++i) {
      auto& plan = made_.plans[made_.extras[i].chunk];
      plan.first_extra = plan.extra_count == 0 ? i : plan.first_extra;
      ++plan.extra_count;
    }
    for (std::size_t i = 0; i < made_.plans.size(); ++i) {
      made_.chunks[i].record_count = made_.plans[i].own_records + made_.plans[i].extra_count;
    }
  }

  /// A feed without any record has no chunk.
  void drop_empty() {
    if (made_.chunks.size() == 1 && made_.chunks.front().record_count == 0) {
      made_ = {};
    }
  }

  void replay_chunks() {
    const auto originals = made_.chunks.size();
    for (std::uint32_t i = 0; i < originals; ++i) {
      if (random_.chance(options_.replay_rate)) {
        const auto left = options_.start + options_.span - made_.chunks[i].ingested;
        const auto most = std::min<Ticks>(left, std::chrono::days{5});
        auto again = made_.chunks[i];
        again.ingested = whole_milliseconds(
            again.ingested + Ticks{static_cast<std::int64_t>(static_cast<double>(most.count()) *
                                                             random_.fraction())});
        made_.chunks.push_back(again);
        made_.plans.push_back(made_.plans[i]);
        made_.plans.back().replays = i;
      }
    }
    sort_by_time();
  }

  void sort_by_time() {
    std::vector<std::uint32_t> order(made_.chunks.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::stable_sort(
        order, {}, [this](std::uint32_t i) { return made_.chunks[i].ingested; });
    std::vector<std::uint32_t> place_of(order.size());
    Schedule sorted;
    for (std::uint32_t place = 0; place < order.size(); ++place) {
      place_of[order[place]] = place;
      sorted.chunks.push_back(made_.chunks[order[place]]);
      sorted.plans.push_back(made_.plans[order[place]]);
    }
    for (auto& plan : sorted.plans) {
      plan.replays = plan.replays == ChunkPlan::none ? plan.replays : place_of[plan.replays];
    }
    sorted.extras = std::move(made_.extras);
    for (auto& extra : sorted.extras) {
      extra.chunk = place_of[extra.chunk];
      extra.origin = extra.origin == Extra::no_chunk ? extra.origin : place_of[extra.origin];
    }
    made_ = std::move(sorted);
  }

  void number_keys() {
    DateTime previous{};
    for (auto& chunk : made_.chunks) {
      chunk.ingested = std::max(chunk.ingested, previous + Ticks{ticks_per_millisecond});
      previous = chunk.ingested;
      chunk.key = {chunk.ingested, static_cast<std::uint32_t>(random_.below(1'000'000))};
    }
  }

  const TrafficOptions& options_;
  const ContentType type_;
  Random random_;
  Schedule made_;
};

} // namespace

auto make_schedule(const TrafficOptions& options,
                   ContentType type,
                   std::uint64_t records,
                   std::span<const Story> stories,
                   const StoryWorld& world) -> Schedule {
  ScheduleMaker maker{options, type};
  maker.lay_out(records);
  maker.copy_records();
  if (type == ContentType::general) {
    maker.tell(stories, world); // Observed: all that belongs to alerts comes in Audit.General.
  }
  return std::move(maker).finish();
}

} // namespace sluice::simulator
