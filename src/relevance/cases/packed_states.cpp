// SPDX-License-Identifier: Apache-2.0
#include "relevance/cases/packed_states.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace sluice::relevance {

auto PackedStates::bytes_of(PackedState& state, std::string_view key) -> std::string_view {
  state.used_ = now_;
  if (!state.is_elsewhere_) {
    return state.bytes;
  }
  auto read = room_.read(key);
  if (!read || read->empty()) {
    fail(read ? Error{ErrorKind::corrupt, fmt::format("the state of {} is gone", key)}
              : std::move(read).error());
    return {};
  }
  state.bytes = *std::move(read);
  keep(state);
  return state.bytes;
}

void PackedStates::keep(PackedState& state) {
  state.is_elsewhere_ = false;
  state.used_ = now_;
  if (state.place_ == PackedState::nowhere) {
    state.place_ = held_.size();
    held_.push_back(&state);
  }
  count(state, state.bytes.size());
}

void PackedStates::forget(PackedState& state) {
  count(state, 0);
  if (state.place_ != PackedState::nowhere) {
    held_.back()->place_ = state.place_;
    held_[state.place_] = held_.back();
    held_.pop_back();
    state.place_ = PackedState::nowhere;
  }
}

void PackedStates::count(PackedState& state, std::size_t bytes) {
  bytes_ += bytes - state.counted_;
  state.counted_ = bytes;
}

/// Half of the room is made free at once, so that not every call looks at all states.
void PackedStates::make_room() {
  ++now_;
  if (!room_.read || bytes_ <= room_.most_bytes) {
    return;
  }
  auto states = held_;
  std::ranges::sort(states, {}, &PackedState::used_);
  for (auto* state : states) {
    if (bytes_ <= room_.most_bytes / 2) {
      return;
    }
    forget(*state);
    std::string{}.swap(state->bytes); // Which lets go of the memory; an assignment keeps it.
    state->is_elsewhere_ = true;
  }
}

void PackedStates::fail(Error error) {
  if (!failure_) {
    failure_ = std::move(error);
  }
}

} // namespace sluice::relevance
