// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

/// Private to this library.
namespace sluice::relevance {

/// States that nobody uses: the next one is unpacked into the memory of one of them.
template <class State>
class StateShelf {
public:
  [[nodiscard]] auto take() -> std::unique_ptr<State> {
    if (spare_.empty()) {
      return std::make_unique<State>();
    }
    auto state = std::move(spare_.back());
    spare_.pop_back();
    return state;
  }
  void put_back(std::unique_ptr<State> state) {
    if (spare_.size() < most_spare) {
      spare_.push_back(std::move(state));
    }
  }

private:
  /// About as many as the records of a usual content touch.
  static constexpr std::size_t most_spare = 128;

  std::vector<std::unique_ptr<State>> spare_;
};

/// A state to look at for a while: one that is open anyway, or one unpacked for this.
template <class State>
class StateReading {
public:
  explicit StateReading(const State& open) : state_{&open} {}
  StateReading(std::unique_ptr<State> unpacked, StateShelf<State>& shelf)
      : state_{unpacked.get()},
        unpacked_{std::move(unpacked)},
        shelf_{&shelf} {}
  StateReading(const StateReading&) = delete;
  auto operator=(const StateReading&) -> StateReading& = delete;
  ~StateReading() {
    if (unpacked_ != nullptr) {
      shelf_->put_back(std::move(unpacked_));
    }
  }

  [[nodiscard]] auto operator*() const -> const State& { return *state_; }
  [[nodiscard]] auto operator->() const -> const State* { return state_; }

private:
  const State* state_;
  std::unique_ptr<State> unpacked_;
  StateShelf<State>* shelf_ = nullptr;
};

} // namespace sluice::relevance
