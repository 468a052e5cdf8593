// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace sluice::kql {

/// A stretch of the query's text: byte offsets, `end` not included.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;

  friend auto operator==(const Span&, const Span&) -> bool = default;
};

/// From the start of `first` to the end of `last`.
[[nodiscard]] constexpr auto join(Span first, Span last) noexcept -> Span {
  return {first.begin, last.end};
}

} // namespace sluice::kql
