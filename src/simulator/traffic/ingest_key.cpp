// SPDX-License-Identifier: Apache-2.0
#include "simulator/traffic/ingest_key.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace sluice::simulator {
namespace {

constexpr int ticks_per_millisecond = 10'000;

auto digits(std::string_view text, std::size_t from, std::size_t count) -> int {
  int value = 0;
  std::from_chars(text.data() + from, text.data() + from + count, value);
  return value;
}

} // namespace

auto IngestKey::text() const -> std::string {
  const auto c = to_civil(time);
  return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}{:03}{:06}",
                     c.year,
                     c.month,
                     c.day,
                     c.hour,
                     c.minute,
                     c.second,
                     c.ticks / ticks_per_millisecond,
                     sequence);
}

auto IngestKey::parse(std::string_view text) -> std::optional<IngestKey> {
  const bool well_formed =
      text.size() == 23 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (!well_formed) {
    return std::nullopt;
  }
  const auto time = from_civil({digits(text, 0, 4),
                                digits(text, 4, 2),
                                digits(text, 6, 2),
                                digits(text, 8, 2),
                                digits(text, 10, 2),
                                digits(text, 12, 2),
                                digits(text, 14, 3) * ticks_per_millisecond});
  if (!time) {
    return std::nullopt;
  }
  return IngestKey{*time, static_cast<std::uint32_t>(digits(text, 17, 6))};
}

} // namespace sluice::simulator
