// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ostream>
#include <unordered_map>

#include <fmt/format.h>

#include "base/json_text.hpp"
#include "simulator/traffic/traffic_state.hpp"

namespace sluice::simulator {
namespace {

/// How often each chunk is delivered: itself and its replays.
auto deliveries(const Schedule& schedule) -> std::vector<std::uint32_t> {
  std::vector<std::uint32_t> times(schedule.plans.size(), 1);
  for (const auto& plan : schedule.plans) {
    if (plan.replays != ChunkPlan::none) {
      ++times[plan.replays];
    }
  }
  return times;
}

constexpr auto key_of(std::uint64_t place, std::uint64_t item) -> std::uint64_t {
  return place << 32U | item;
}

/// Deliveries of extras, by the place that they come from.
struct Copies {
  std::unordered_map<std::uint64_t, std::uint32_t> everyday; ///< By chunk and item.
  std::unordered_map<std::uint64_t, std::uint32_t> steps;    ///< By story and step.
};

auto copies_in(const Schedule& schedule, const std::vector<std::uint32_t>& times) -> Copies {
  Copies copies;
  for (const auto& extra : schedule.extras) {
    auto& count = extra.origin == Extra::no_chunk
                      ? copies.steps[key_of(extra.story, extra.item)]
                      : copies.everyday[key_of(extra.origin, extra.item)];
    count += times[extra.chunk];
  }
  return copies;
}

void write_record(std::ostream& out,
                  std::uint64_t number,
                  ContentType type,
                  std::uint16_t record_type,
                  bool relevant,
                  std::uint32_t copies) {
  out << fmt::format(R"({{"id":"{}","type":"{}","record_type":{},"relevant":{},"copies":{}}})"
                     "\n",
                     record_id(number),
                     wire_name(type),
                     record_type,
                     relevant,
                     copies);
}

void write_case(std::ostream& out, std::string_view story, const Case& found) {
  std::string links;
  for (const auto link : found.links) {
    links += (links.empty() ? "" : ",") + json_quoted(link);
  }
  out << fmt::format(R"({{"case":{{"story":{},"alert_id":"{}","investigation_id":"{}","status":{},)"
                     R"("alert_status":{},"processed":{},"outcome":{},"links":[{}]}}}})"
                     "\n",
                     json_quoted(story),
                     found.alert_id,
                     found.investigation_id,
                     json_quoted(found.status),
                     json_quoted(found.alert_status),
                     found.processed,
                     json_quoted(found.outcome),
                     links);
}

} // namespace

void Traffic::write_truth(std::ostream& out) const {
  const auto& state = *state_;
  std::uint64_t relevant = 0;
  std::uint64_t cases = 0;
  for (const auto& story : state.stories) {
    const StoryPlan plan{story, state.world};
    relevant += static_cast<std::uint64_t>(std::ranges::count_if(
        plan.steps(), [&plan](const Step& step) { return plan.relevant(step); }));
    cases += plan.cases().size();
  }
  out << fmt::format(R"({{"truth":1,"seed":{},"events":{},"tenant":{},"relevant":{},"cases":{}}})"
                     "\n",
                     state.options.seed,
                     state.options.events,
                     json_quoted(state.options.tenant_id),
                     relevant,
                     cases);
  Copies story_copies;
  for (const auto type : content_types) {
    const auto& schedule = state.schedules.at(index_of(type));
    const auto times = deliveries(schedule);
    auto copies = copies_in(schedule, times);
    for (std::uint32_t chunk = 0; chunk < schedule.plans.size(); ++chunk) {
      const auto& plan = schedule.plans[chunk];
      for (std::uint32_t item = 0; plan.replays == ChunkPlan::none && item < plan.own_records;
           ++item) {
        const auto record = state.everyday(type, chunk, item);
        const auto again = copies.everyday.find(key_of(chunk, item));
        write_record(out,
                     record.draw.number,
                     type,
                     record.shape->record_type(),
                     false,
                     times[chunk] + (again == copies.everyday.end() ? 0 : again->second));
      }
    }
    if (type == ContentType::general) {
      story_copies = std::move(copies);
    }
  }
  for (std::uint64_t number = 0; number < state.stories.size(); ++number) {
    const StoryPlan plan{state.stories[number], state.world};
    for (std::size_t step = 0; step < plan.steps().size(); ++step) {
      write_record(out,
                   plan.number_of(step),
                   ContentType::general,
                   plan.record_type(plan.steps()[step]),
                   plan.relevant(plan.steps()[step]),
                   story_copies.steps.at(key_of(number, step)));
    }
    for (const auto& found : plan.cases()) {
      write_case(out, state.stories[number].scenario->name, found);
    }
  }
}

} // namespace sluice::simulator
