// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/date_time.hpp"

namespace sluice::simulator {

/// Where a chunk stands on the ingestion axis of its feed. Written as 23 digits,
/// `yyyyMMddHHmmssfff` and a six-digit sequence number, it is the low or high key of a content id
/// (observed).
struct IngestKey {
  DateTime time;              ///< Whole milliseconds.
  std::uint32_t sequence = 0; ///< 0 to 999'999.

  /// The 23 digits. They sort as the keys do.
  [[nodiscard]] auto text() const -> std::string;
  /// Nothing when the text is not 23 digits that name a moment.
  [[nodiscard]] static auto parse(std::string_view text) -> std::optional<IngestKey>;

  friend auto operator==(const IngestKey&, const IngestKey&) -> bool = default;
  friend auto operator<=>(const IngestKey&, const IngestKey&) = default;
};

} // namespace sluice::simulator
