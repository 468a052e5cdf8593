// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "simulator/traffic/people.hpp"
#include "simulator/traffic/record_shape.hpp"
#include "simulator/traffic/schedule.hpp"
#include "simulator/traffic/story.hpp"
#include "simulator/traffic/traffic.hpp"

namespace sluice::simulator {

/// An everyday record before it is written.
struct Everyday {
  const RecordShape* shape;
  Draw draw;
};

/// What `Traffic` holds. Never changes after `create`.
struct Traffic::State {
  TrafficOptions options;
  std::vector<Person> people;
  std::vector<Story> stories;
  StoryWorld world;
  std::array<Schedule, content_types.size()> schedules;
  /// The shapes of each feed, and one row of shape indexes to draw from, by weight.
  std::array<std::vector<RecordShape>, content_types.size()> shapes;
  std::array<std::vector<std::uint8_t>, content_types.size()> shape_draw;

  /// Record `item` of those that `chunk` owns.
  [[nodiscard]] auto everyday(ContentType type, std::size_t chunk, std::uint32_t item) const
      -> Everyday;
  void append_extra(ContentType type, const Extra& extra, std::string& out) const;
};

} // namespace sluice::simulator
