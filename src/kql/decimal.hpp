// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::kql {

/// A decimal fraction of at most 34 significant digits, as IEEE 754 calls decimal128: what the type
/// `decimal` computes with. Results that need more digits are rounded, halves to the even digit.
///
/// Two decimals of the same value are the same: 1.50 is 1.5, so that their texts may be compared,
/// grouped and joined. What would be beyond 10^+-6144 is nothing.
///
/// Threads: a value; any.
class Decimal {
public:
  /// Zero.
  Decimal() = default;

  /// `-12.5`, `.5`, `1e-7`; blanks around it allowed.
  [[nodiscard]] static auto parse(std::string_view text) -> std::optional<Decimal>;
  [[nodiscard]] static auto from(std::int64_t value) -> Decimal;
  /// The shortest decimal that reads back as this real; nothing for NaN and infinities.
  [[nodiscard]] static auto from(double value) -> std::optional<Decimal>;

  /// Digits with a point where one is needed, `-12.5`; with an exponent beyond 40 places.
  [[nodiscard]] auto text() const -> std::string;
  /// The nearest real.
  [[nodiscard]] auto as_real() const -> double;
  /// Towards zero; nothing beyond 64 bits.
  [[nodiscard]] auto truncated() const -> std::optional<std::int64_t>;
  [[nodiscard]] auto is_zero() const noexcept -> bool { return digits_.empty(); }
  [[nodiscard]] auto is_negative() const noexcept -> bool { return negative_; }
  [[nodiscard]] auto negated() const -> Decimal;
  /// Down to a whole number.
  [[nodiscard]] auto floored() const -> Decimal;

  [[nodiscard]] static auto sum(const Decimal& a, const Decimal& b) -> std::optional<Decimal>;
  [[nodiscard]] static auto product(const Decimal& a, const Decimal& b) -> std::optional<Decimal>;
  /// Nothing when `b` is zero.
  [[nodiscard]] static auto quotient(const Decimal& a, const Decimal& b) -> std::optional<Decimal>;

  friend auto operator==(const Decimal&, const Decimal&) -> bool = default;
  friend auto operator<=>(const Decimal& a, const Decimal& b) -> std::strong_ordering;

  /// A text that sorts, byte by byte, as the decimals do.
  [[nodiscard]] auto sort_key() const -> std::string;

private:
  /// Rounds and takes trailing zeros away; nothing beyond the exponents that there are.
  [[nodiscard]] static auto made(bool negative, std::string digits, std::int64_t exponent)
      -> std::optional<Decimal>;
  /// How many digits stand before the point.
  [[nodiscard]] auto places() const -> std::int64_t;

  bool negative_ = false;
  std::string digits_; ///< Without zeros at either end; empty for zero.
  std::int64_t exponent_ = 0;
};

} // namespace sluice::kql
