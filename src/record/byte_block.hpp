// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sluice::record {

/// Thirty-two bytes that are looked at together, on any machine. The answers have a bit for each of
/// them, that of the first one lowest.
class PlainByteBlock {
public:
  static constexpr std::size_t size = 32;

  /// All of them must be there to be read.
  explicit PlainByteBlock(const char* bytes) { std::memcpy(words_.data(), bytes, size); }

  [[nodiscard]] auto that_are(char c) const -> std::uint32_t {
    const auto wanted = each * static_cast<unsigned char>(c);
    return bits_where([=](std::uint64_t word) {
      const auto differs = word ^ wanted;
      return ~(((differs & ~highest) + ~highest) | differs) & highest;
    });
  }
  /// Below the blank.
  [[nodiscard]] auto that_are_controls() const -> std::uint32_t {
    return bits_where([](std::uint64_t word) {
      return ~(((word & ~highest) + each * (0x80U - ' ')) | word) & highest;
    });
  }

private:
  static constexpr std::uint64_t each = 0x0101010101010101U;
  static constexpr std::uint64_t highest = each << 7U;

  /// `found` has the highest bit of each byte that is wanted.
  [[nodiscard]] auto bits_where(const auto& found) const -> std::uint32_t {
    constexpr std::uint64_t gathers = 0x0102040810204080U;
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      bits |= static_cast<std::uint32_t>((found(words_[i]) >> 7U) * gathers >> 56U) << (8 * i);
    }
    return bits;
  }

  std::array<std::uint64_t, size / sizeof(std::uint64_t)> words_{};
};

#if defined(__SSE2__)
/// The same with what every x86-64 has.
class WideByteBlock {
public:
  static constexpr std::size_t size = PlainByteBlock::size;

  explicit WideByteBlock(const char* bytes)
      : low_{_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes))},
        high_{_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + size / 2))} {}

  [[nodiscard]] auto that_are(char c) const -> std::uint32_t {
    const auto wanted = _mm_set1_epi8(c);
    return bits_of(_mm_cmpeq_epi8(low_, wanted), _mm_cmpeq_epi8(high_, wanted));
  }
  [[nodiscard]] auto that_are_controls() const -> std::uint32_t {
    const auto last = _mm_set1_epi8(' ' - 1);
    return bits_of(_mm_cmpeq_epi8(_mm_min_epu8(low_, last), low_),
                   _mm_cmpeq_epi8(_mm_min_epu8(high_, last), high_));
  }

private:
  static auto bits_of(__m128i low, __m128i high) -> std::uint32_t {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(low)) |
           static_cast<std::uint32_t>(_mm_movemask_epi8(high)) << 16U;
  }

  __m128i low_;
  __m128i high_;
};
using ByteBlock = WideByteBlock;
#else
using ByteBlock = PlainByteBlock;
#endif

} // namespace sluice::record
