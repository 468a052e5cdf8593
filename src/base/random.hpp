// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace sluice {

/// A small, fast, repeatable source of numbers (splitmix64). Never for keys or tokens.
class Random {
public:
  explicit Random(std::uint64_t seed) noexcept : state_{seed} {}

  auto next() noexcept -> std::uint64_t {
    state_ += 0x9E3779B97F4A7C15U;
    auto z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  /// 0 to `end` - 1; `end` is at least 1.
  auto below(std::uint64_t end) noexcept -> std::uint64_t { return next() % end; }
  /// 0 up to, not including, 1.
  auto fraction() noexcept -> double { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
  auto chance(double probability) noexcept -> bool { return fraction() < probability; }

private:
  std::uint64_t state_;
};

} // namespace sluice
