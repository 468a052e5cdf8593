// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::record {

/// Recognises a few field names among the many keys of a record. Most keys are turned down by their
/// length and first character.
class WantedFields {
public:
  explicit WantedFields(std::vector<std::string> names);

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
    const auto first = bit_of(key.empty() ? '"' : key.front());
    const bool may_be_plain =
        key.size() < by_length_.size() && (by_length_[key.size()].plain & first) != 0;
    return may_be_plain ? find_of_length(key) : std::nullopt;
  }

private:
  /// What a key of a given length may be.
  struct Length {
    std::uint64_t first = 0; ///< Bits of the characters that it may start with.
    std::uint64_t plain = 0; ///< Of them those of keys without escapes.
    bool escaped = false;
    std::uint32_t begin = 0; ///< Where the names of this length begin in `names_`.
    std::uint32_t count = 0;
  };

  struct Name {
    std::string text;
    std::size_t place = 0; ///< Among all of them.
  };

  /// Letters, digits and the backslash each have one of their own.
  static constexpr auto bit_of(char c) noexcept -> std::uint64_t {
    return std::uint64_t{1} << (static_cast<unsigned char>(c) % 64U);
  }
  [[nodiscard]] auto find_of_length(std::string_view key) const -> std::optional<std::size_t>;

  std::vector<Name> names_; ///< By length.
  std::vector<Length> by_length_;
};

} // namespace sluice::record
