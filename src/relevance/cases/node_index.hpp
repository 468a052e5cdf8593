// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace sluice::relevance {

/// Private to `case_graph`: finds nodes by the fingerprints of the texts that they are known by, in
/// one piece of memory. Different texts may share a fingerprint, so whoever asks looks at the nodes
/// that are found.
///
/// `Pointer` points to a node or owns it.
///
/// Threads: one at a time. Memory: 16 bytes for each entry, with room for at most three times as
/// many.
template <class Pointer>
class NodeIndex {
public:
  [[nodiscard]] auto size() const noexcept -> std::size_t { return count_; }

  /// One more entry, wherever there are others of that fingerprint.
  void insert(std::uint64_t print, Pointer pointer) {
    if (4 * (count_ + 1) > 3 * slots_.size()) {
      grow();
    }
    put(print, std::move(pointer));
    ++count_;
  }

  /// Takes the entry of that node out. False when it was not there.
  auto erase(std::uint64_t print, const auto& node) -> bool {
    if (slots_.empty()) {
      return false;
    }
    auto at = home(print);
    while (slots_[at].pointer != nullptr &&
           (slots_[at].print != print || &*slots_[at].pointer != &node)) {
      at = next(at);
    }
    if (slots_[at].pointer == nullptr) {
      return false;
    }
    close_gap(at);
    --count_;
    return true;
  }

  /// Gives `visit` the nodes of that fingerprint. The index must stay as it is meanwhile.
  template <class Visit>
  void each(std::uint64_t print, const Visit& visit) const {
    if (slots_.empty()) {
      return;
    }
    for (auto at = home(print); slots_[at].pointer != nullptr; at = next(at)) {
      if (slots_[at].print == print) {
        visit(*slots_[at].pointer);
      }
    }
  }

private:
  struct Slot {
    std::uint64_t print = 0;
    Pointer pointer{}; ///< Null in a free one. No free one is between an entry and its home.
  };

  [[nodiscard]] auto home(std::uint64_t print) const -> std::size_t {
    return static_cast<std::size_t>(print) & (slots_.size() - 1);
  }
  [[nodiscard]] auto next(std::size_t at) const -> std::size_t {
    return (at + 1) & (slots_.size() - 1);
  }

  void put(std::uint64_t print, Pointer pointer) {
    auto at = home(print);
    while (slots_[at].pointer != nullptr) {
      at = next(at);
    }
    slots_[at] = {print, std::move(pointer)};
  }

  void grow() {
    constexpr std::size_t least = 64; // A power of two, as all sizes are.
    std::vector<Slot> before(slots_.empty() ? least : 2 * slots_.size());
    before.swap(slots_);
    for (auto& slot : before) {
      if (slot.pointer != nullptr) {
        put(slot.print, std::move(slot.pointer));
      }
    }
  }

  /// Frees a slot: what follows moves up, unless that is before its home.
  void close_gap(std::size_t gap) {
    for (auto at = next(gap); slots_[at].pointer != nullptr; at = next(at)) {
      const auto from_home = (at - home(slots_[at].print)) & (slots_.size() - 1);
      const auto from_gap = (at - gap) & (slots_.size() - 1);
      if (from_home >= from_gap) {
        slots_[gap] = std::exchange(slots_[at], {});
        gap = at;
      }
    }
    slots_[gap] = {};
  }

  std::vector<Slot> slots_;
  std::size_t count_ = 0;
};

} // namespace sluice::relevance
