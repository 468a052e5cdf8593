// SPDX-License-Identifier: Apache-2.0
#include "simulator/traffic/traffic.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.hpp"
#include "base/random.hpp"
#include "simulator/traffic/text.hpp"
#include "simulator/traffic/traffic_state.hpp"

namespace sluice::simulator {
namespace {

/// Shares of the five feeds among everyday records, in the order of `content_types`.
constexpr std::array<double, content_types.size()> feed_shares{0.22, 0.29, 0.29, 0.17, 0.03};

/// As many stories as make up the share of the events: each kind once in the order of the table,
/// then by weight. The last one may reach beyond the share, never beyond `events`.
auto choose_stories(const TrafficOptions& options, const StoryWorld& world)
    -> std::pair<std::vector<Story>, std::uint64_t> {
  std::vector<const Scenario*> draw;
  for (const auto& scenario : scenarios()) {
    draw.insert(draw.end(), scenario.weight, &scenario);
  }
  const auto wanted = static_cast<std::uint64_t>(
      std::llround(static_cast<double>(options.events) * options.story_share));
  Random random{scrambled(options.seed) + 0x57081E5U};
  std::vector<Story> stories;
  std::uint64_t records = 0;
  while (records < wanted) {
    const auto number = stories.size();
    const auto* scenario =
        number < scenarios().size() ? &scenarios()[number] : draw[random.below(draw.size())];
    const Story story{scenario, number};
    const auto steps = StoryPlan{story, world}.steps().size();
    if (records + steps > options.events) {
      break;
    }
    stories.push_back(story);
    records += steps;
  }
  return {std::move(stories), records};
}

/// `total` divided by the shares; what rounding leaves goes to the last feed.
auto divide(std::uint64_t total) -> std::array<std::uint64_t, content_types.size()> {
  std::array<std::uint64_t, content_types.size()> parts{};
  std::uint64_t given = 0;
  double share = 0.0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    share += feed_shares.at(i);
    const auto upto =
        i + 1 == parts.size()
            ? total
            : static_cast<std::uint64_t>(std::llround(static_cast<double>(total) * share));
    parts.at(i) = upto - given;
    given = upto;
  }
  return parts;
}

} // namespace

Traffic::Traffic(std::unique_ptr<const State> state) : state_{std::move(state)} {}
Traffic::Traffic(Traffic&&) noexcept = default;
auto Traffic::operator=(Traffic&&) noexcept -> Traffic& = default;
Traffic::~Traffic() = default;

auto Traffic::create(TrafficOptions options) -> Traffic {
  CHECK(options.events > 0 && options.span >= std::chrono::days{1});
  auto state = std::make_unique<State>();
  state->options = std::move(options);
  const auto& chosen = state->options;
  state->people = make_people(chosen.seed, chosen.users);
  state->world = {
      chosen.seed, chosen.tenant_id, chosen.start, chosen.start + chosen.span, state->people};
  auto [stories, story_records] = choose_stories(chosen, state->world);
  state->stories = std::move(stories);
  const auto parts = divide(chosen.events - story_records);
  for (const auto type : content_types) {
    const auto i = index_of(type);
    for (const auto& text : shapes_of(type)) {
      state->shape_draw.at(i).insert(state->shape_draw.at(i).end(),
                                     text.weight,
                                     static_cast<std::uint8_t>(state->shapes.at(i).size()));
      state->shapes.at(i).emplace_back(text);
    }
    state->schedules.at(i) = make_schedule(chosen, type, parts.at(i), state->stories, state->world);
  }
  return Traffic{std::move(state)};
}

auto Traffic::options() const noexcept -> const TrafficOptions& {
  return state_->options;
}

auto Traffic::chunks(ContentType type) const noexcept -> std::span<const Chunk> {
  return state_->schedules.at(index_of(type)).chunks;
}

auto Traffic::State::everyday(ContentType type, std::size_t chunk, std::uint32_t item) const
    -> Everyday {
  const auto& schedule = schedules.at(index_of(type));
  const auto& plan = schedule.plans[chunk];
  const auto ordinal = plan.first_record + item;
  const auto number = ((index_of(type) + 1) << 56U | ordinal) ^ scrambled(options.seed);
  Random random{scrambled(number ^ 0x7A3D5E1BU)};
  const auto& draw = shape_draw.at(index_of(type));
  const auto& shape = shapes.at(index_of(type))[draw[random.below(draw.size())]];

  // The records of a chunk were made one after another, some time before it.
  constexpr std::uint64_t minute = 600'000'000;
  const auto chunk_lag = minute * (2 + scrambled(plan.first_record ^ options.seed) % 88);
  const auto behind = static_cast<double>(plan.own_records - item) / plan.own_records *
                      static_cast<double>(plan.window.count());
  auto lag = chunk_lag + static_cast<std::uint64_t>(behind);
  if (random.chance(options.out_of_order_rate)) {
    lag += random.below(30 * minute);
  }
  if (random.chance(options.late_rate)) {
    lag = 60 * minute + random.below(119ULL * 60 * minute);
  }
  const auto created = schedule.chunks[chunk].ingested - Ticks{static_cast<std::int64_t>(lag)};
  return {&shape, {number, created, options.tenant_id, people}};
}

void Traffic::State::append_extra(ContentType type, const Extra& extra, std::string& out) const {
  if (extra.origin == Extra::no_chunk) {
    StoryPlan{stories[extra.story], world}.append_record(out, extra.item);
    return;
  }
  const auto record = everyday(type, extra.origin, extra.item);
  record.shape->append(out, record.draw);
}

void Traffic::render(ContentType type, std::size_t chunk, std::string& out) const {
  const auto& schedule = state_->schedules.at(index_of(type));
  CHECK(chunk < schedule.plans.size());
  if (schedule.plans[chunk].replays != ChunkPlan::none) {
    chunk = schedule.plans[chunk].replays;
  }
  const auto extras = schedule.extras_of(chunk);
  const auto own = schedule.plans[chunk].own_records;
  const auto places = extras.size() + 1;
  std::size_t next_extra = 0;
  for (std::uint32_t item = 0; item <= own; ++item) {
    // Extras stand at even distances among the chunk's own records.
    while (next_extra < extras.size() && (next_extra + 1) * own / places <= item) {
      state_->append_extra(type, extras[next_extra++], out);
      out += ',';
    }
    if (item < own) {
      const auto record = state_->everyday(type, chunk, item);
      record.shape->append(out, record.draw);
      out += ',';
    }
  }
  out.pop_back();
}

} // namespace sluice::simulator
