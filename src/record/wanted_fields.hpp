// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::record {

/// Recognises a few field names among the many keys of a record. Most keys are turned down by their
/// length and first character, nearly all others by their last one.
class WantedFields {
public:
  /// At most `max_names` of them.
  explicit WantedFields(std::vector<std::string> names);

  static constexpr std::size_t max_names = 254;

  [[nodiscard]] auto size() const noexcept -> std::size_t { return names_.size(); }

  /// False when no wanted name, plain or written with escapes, takes that many bytes and starts
  /// with that one.
  [[nodiscard]] auto may_be(std::size_t key_bytes, char first) const noexcept -> bool {
    return key_bytes < by_length_.size() && (by_length_[key_bytes].first & bit_of(first)) != 0;
  }

  /// Which wanted field a raw key (without its quotes) names. Asked after `may_be`.
  [[nodiscard]] auto find(std::string_view key) const -> std::optional<std::size_t>;
  /// The same for any key that is known to have no escapes.
  [[nodiscard]] auto find_plain(std::string_view key) const -> std::optional<std::size_t> {
    const bool may_be_plain = key.size() < by_length_.size() &&
                              (by_length_.data()[key.size()].plain & bit_of(first_of(key))) != 0;
    return may_be_plain ? find_in_slot(key) : std::nullopt;
  }

private:
  /// What a key of a given length may be.
  struct Length {
    std::uint64_t first = 0; ///< Bits of the characters that it may start with.
    std::uint64_t plain = 0; ///< Of them those of keys without escapes.
    bool escaped = false;
  };

  struct Name {
    std::string text;
    bool has_backslash = false;
    std::uint8_t next = none; ///< Of those with the same slot.
  };

  static constexpr std::uint8_t none = 255;

  /// Letters, digits and the backslash each have one of their own.
  static constexpr auto bit_of(char c) noexcept -> std::uint64_t {
    return std::uint64_t{1} << (static_cast<unsigned char>(c) % 64U);
  }
  static auto first_of(std::string_view key) noexcept -> char {
    return key.empty() ? '"' : key.front();
  }
  [[nodiscard]] auto find_in_slot(std::string_view key) const -> std::optional<std::size_t>;
  /// Few names have one in common.
  static auto slot_of(std::string_view key) noexcept -> std::size_t {
    const auto first = static_cast<unsigned char>(first_of(key));
    const auto last = static_cast<unsigned char>(key.empty() ? '"' : key.back());
    return (key.size() * 8 + first + last * std::size_t{37}) % slot_count;
  }

  static constexpr std::size_t slot_count = 256;

  std::vector<Name> names_;
  std::array<std::uint8_t, slot_count> slots_{}; ///< The first name of each.
  std::vector<Length> by_length_;
};

} // namespace sluice::record
