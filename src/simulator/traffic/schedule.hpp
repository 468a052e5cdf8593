// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "simulator/traffic/story.hpp"
#include "simulator/traffic/traffic.hpp"

namespace sluice::simulator {

/// A record in a chunk beside the chunk's own everyday records.
struct Extra {
  static constexpr std::uint32_t no_chunk = UINT32_MAX;

  std::uint32_t chunk;  ///< Where it is delivered.
  std::uint32_t origin; ///< The chunk whose everyday record it copies; `no_chunk` for a story's.
  std::uint32_t story;  ///< Index of the story.
  std::uint32_t item;   ///< The story's step, or the record's place in `origin`.
};

/// What a chunk is made of.
struct ChunkPlan {
  static constexpr std::uint32_t none = UINT32_MAX;

  std::uint64_t first_record = 0; ///< Ordinal of its first everyday record in the schedule.
  std::uint32_t own_records = 0;
  std::uint32_t first_extra = 0;
  std::uint32_t extra_count = 0;
  std::uint32_t replays = none; ///< The earlier chunk that this one repeats as a whole.
  Ticks window{};               ///< The time that its records were made in.
};

/// All chunks of one content type, in the order of their keys, and what each is made of.
struct Schedule {
  std::vector<Chunk> chunks;
  std::vector<ChunkPlan> plans;
  std::vector<Extra> extras; ///< By chunk.

  [[nodiscard]] auto extras_of(std::size_t chunk) const -> std::span<const Extra> {
    return std::span{extras}.subspan(plans[chunk].first_extra, plans[chunk].extra_count);
  }
};

/// Lays `records` everyday records of a feed out in chunks, with copies and replays as the options
/// say, and puts the steps of `stories` into the first chunk after their ingestion.
[[nodiscard]] auto make_schedule(const TrafficOptions& options,
                                 ContentType type,
                                 std::uint64_t records,
                                 std::span<const Story> stories,
                                 const StoryWorld& world) -> Schedule;

} // namespace sluice::simulator
