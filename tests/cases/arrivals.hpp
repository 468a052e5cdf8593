// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/date_time.hpp"
#include "simulator/traffic/story.hpp"

/// Stories of the simulated tenant, and the orders in which their records may come.
namespace sluice::cases {

enum class Order : std::uint8_t {
  as_ingested,        ///< As the simulated service makes them available.
  reversed,           ///< The last one first.
  shuffled,           ///< All within six hours after the last one.
  repeated,           ///< Each one to four times.
  investigation_late, ///< The investigation's records eight days late.
  alert_late,         ///< The alert's records eight days late.
};
inline constexpr std::array orders{Order::as_ingested,
                                   Order::reversed,
                                   Order::shuffled,
                                   Order::repeated,
                                   Order::investigation_late,
                                   Order::alert_late};
[[nodiscard]] auto name_of(Order order) -> std::string_view;

/// A record that becomes available.
struct Arrival {
  DateTime available;
  std::uint64_t story = 0;
  std::size_t step = 0;

  friend auto operator<=>(const Arrival&, const Arrival&) = default;
};

/// A world without end: story `n` begins `n / stories_per_day` days after the first.
class Stories {
public:
  Stories(std::uint64_t seed, std::uint64_t stories_per_day);

  [[nodiscard]] auto plan(std::uint64_t story) const -> simulator::StoryPlan;
  [[nodiscard]] auto scenario(std::uint64_t story) const -> const simulator::Scenario&;
  /// The records of the story that cases are made of, in that order. No record is available before
  /// it was created.
  [[nodiscard]] auto arrivals(std::uint64_t story, Order order) const -> std::vector<Arrival>;
  [[nodiscard]] auto record(const Arrival& arrival) const -> std::string;

private:
  [[nodiscard]] auto world(std::uint64_t story) const -> simulator::StoryWorld;

  std::uint64_t seed_;
  std::uint64_t per_day_;
  std::vector<simulator::Person> people_;
};

inline constexpr std::string_view tenant = "11111111-2222-3333-4444-555555555555";

} // namespace sluice::cases
