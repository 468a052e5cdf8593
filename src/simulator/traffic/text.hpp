// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/date_time.hpp"

/// Fast appending of what audit records are made of. Records feed benchmarks, so nothing here
/// allocates apart from the growth of `out`.
namespace sluice::simulator {

/// Scrambles a number so that different numbers stay different: the last step of splitmix64.
[[nodiscard]] constexpr auto scrambled(std::uint64_t z) noexcept -> std::uint64_t {
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

/// 128 bits, written `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` in lower case.
struct Guid {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  /// Different for every `number`, and it looks random.
  [[nodiscard]] static constexpr auto of(std::uint64_t number) noexcept -> Guid {
    const auto first = scrambled(number);
    return {first, scrambled(first ^ 0x9E3779B97F4A7C15U)};
  }
  [[nodiscard]] auto text() const -> std::string;
};

void append_guid(std::string& out, Guid guid);
/// The last `digits` (1 to 16) hexadecimal digits of `value`, in lower case.
void append_hex(std::string& out, std::uint64_t value, int digits);
void append_number(std::string& out, std::uint64_t value);
/// `2026-07-13T16:32:35`, as records write their CreationTime: UTC without a zone (observed).
void append_seconds(std::string& out, DateTime time);
/// `2026-07-13T16:32:35.1234567Z`, as nested times are written (observed).
void append_ticks(std::string& out, DateTime time);
/// `text` as the inside of a JSON string: quotes, backslashes and control characters escaped.
void append_escaped(std::string& out, std::string_view text);

/// One place of a text that `fill` replaces.
struct Value {
  std::string_view name;
  std::string_view text;
};

/// Appends `text` with each `%name%` replaced by its value as it stands. Every name must be known.
void fill(std::string& out, std::string_view text, std::initializer_list<Value> values);

} // namespace sluice::simulator
