// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "relevance/cases/correlator.hpp"

/// Private to `case_graph`: which packed states are in memory.
namespace sluice::relevance {

/// A state as `pack` makes it. What is private is for `PackedStates`.
class PackedState {
public:
  /// Empty: the state is new, or lies elsewhere.
  std::string bytes;

private:
  friend class PackedStates;
  static constexpr std::size_t nowhere = SIZE_MAX;

  bool is_elsewhere_ = false;
  std::size_t place_ = nowhere; ///< Among those that are in memory.
  std::size_t counted_ = 0;     ///< As the size of `bytes`.
  std::uint64_t used_ = 0;
};

/// Counts the packed states in memory, lets go of those that nobody used lately, and reads them
/// again when somebody asks.
///
/// Threads: one at a time. States must stay where they are until they are forgotten.
class PackedStates {
public:
  explicit PackedStates(StateRoom room) : room_{std::move(room)} {}

  /// The state; empty for a new one, and for one that cannot be read: see `failure`. `key` is the
  /// one under which it is kept.
  [[nodiscard]] auto bytes_of(PackedState& state, std::string_view key) -> std::string_view;
  /// The state has got other bytes.
  void keep(PackedState& state);
  void forget(PackedState& state);
  /// All states are durable as they are: lets go of some when there are too many bytes.
  void make_room();

  /// A state cannot be used. The first such error is kept.
  void fail(Error error);
  /// Why some state was empty; asking forgets it.
  [[nodiscard]] auto failure() -> std::optional<Error> {
    return std::exchange(failure_, std::nullopt);
  }

private:
  void count(PackedState& state, std::size_t bytes);

  StateRoom room_;
  std::vector<PackedState*> held_;
  std::size_t bytes_ = 0;
  std::uint64_t now_ = 1; ///< Counts the times that room was made.
  std::optional<Error> failure_;
};

} // namespace sluice::relevance
