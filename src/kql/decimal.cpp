// SPDX-License-Identifier: Apache-2.0
#include "kql/decimal.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>

#include "base/check.hpp"

namespace sluice::kql {
namespace {

constexpr std::size_t max_digits = 34;
constexpr std::int64_t max_exponent = 6144;
/// Beyond so many places the smaller of two summands is lost in rounding.
constexpr std::int64_t max_gap = 80;

struct FreeNumber {
  void operator()(BIGNUM* number) const { BN_free(number); }
};
struct FreeContext {
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};
using Number = std::unique_ptr<BIGNUM, FreeNumber>;

auto number() -> Number {
  Number made{BN_new()};
  CHECK(made != nullptr);
  return made;
}

auto read(std::string digits) -> Number {
  BIGNUM* raw = nullptr;
  CHECK(BN_dec2bn(&raw, digits.empty() ? "0" : digits.c_str()) > 0);
  return Number{raw};
}

auto written(const BIGNUM& value) -> std::string {
  char* text = BN_bn2dec(&value);
  CHECK(text != nullptr);
  std::string copy{text};
  OPENSSL_free(text);
  return copy;
}

auto with_zeros(std::string digits, std::int64_t count) -> std::string {
  digits.append(static_cast<std::size_t>(count), '0');
  return digits;
}

/// Half to even on the 34 digits that stay; gives whether the digits grew by a carry.
auto rounded(std::string digits) -> std::pair<std::string, bool> {
  const auto rest = std::string_view{digits}.substr(max_digits);
  const bool above =
      rest[0] > '5' || (rest[0] == '5' && rest.find_first_not_of('0', 1) != std::string_view::npos);
  const bool half = rest[0] == '5' && !above;
  const bool odd = (digits[max_digits - 1] - '0') % 2 != 0;
  digits.resize(max_digits);
  if (!above && !(half && odd)) {
    return {std::move(digits), false};
  }
  for (auto at = digits.rbegin(); at != digits.rend(); ++at) {
    if (*at != '9') {
      ++*at;
      return {std::move(digits), false};
    }
    *at = '0';
  }
  return {"1" + digits, true};
}

auto is_digit(char c) -> bool {
  return c >= '0' && c <= '9';
}

/// `e-7` at the end of a number; 0 when there is none.
auto read_exponent(std::string_view text) -> std::optional<std::int64_t> {
  if (text.empty()) {
    return 0;
  }
  text.remove_prefix(1);
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  std::int64_t exponent = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, exponent);
  return error == std::errc{} && stop == end && std::abs(exponent) <= 2 * max_exponent
             ? std::optional{exponent}
             : std::nullopt;
}

auto trimmed(std::string_view text) -> std::string_view {
  const auto begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

} // namespace

auto Decimal::made(bool negative, std::string digits, std::int64_t exponent)
    -> std::optional<Decimal> {
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.size() > max_digits) {
    exponent += static_cast<std::int64_t>(digits.size() - max_digits);
    digits = rounded(std::move(digits)).first;
  }
  const auto last = digits.find_last_not_of('0');
  const auto kept = last == std::string::npos ? 0 : last + 1;
  exponent += static_cast<std::int64_t>(digits.size() - kept);
  digits.resize(kept);
  Decimal decimal;
  if (digits.empty()) {
    return decimal;
  }
  decimal.negative_ = negative;
  decimal.digits_ = std::move(digits);
  decimal.exponent_ = exponent;
  return std::abs(decimal.places()) <= max_exponent ? std::optional{std::move(decimal)}
                                                    : std::nullopt;
}

auto Decimal::places() const -> std::int64_t {
  return static_cast<std::int64_t>(digits_.size()) + exponent_;
}

auto Decimal::parse(std::string_view text) -> std::optional<Decimal> {
  text = trimmed(text);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  std::string digits;
  std::int64_t exponent = 0;
  bool after_point = false;
  std::size_t at = 0;
  for (; at < text.size() && (is_digit(text[at]) || (text[at] == '.' && !after_point)); ++at) {
    if (text[at] == '.') {
      after_point = true;
      continue;
    }
    digits += text[at];
    exponent -= after_point ? 1 : 0;
  }
  const auto rest = text.substr(at);
  const bool has_tail = !rest.empty() && rest.front() != 'e' && rest.front() != 'E';
  const auto power = has_tail ? std::nullopt : read_exponent(rest);
  return digits.empty() || !power ? std::nullopt
                                  : made(negative, std::move(digits), exponent + *power);
}

auto Decimal::from(std::int64_t value) -> Decimal {
  return *parse(std::to_string(value));
}

auto Decimal::from(double value) -> std::optional<Decimal> {
  return std::isfinite(value) ? parse(fmt::format("{}", value)) : std::nullopt;
}

auto Decimal::text() const -> std::string {
  constexpr std::int64_t max_zeros = 40;
  if (is_zero()) {
    return "0";
  }
  const std::string sign = negative_ ? "-" : "";
  if (exponent_ > max_zeros || places() < -max_zeros) {
    return sign + digits_ + "e" + std::to_string(exponent_);
  }
  if (exponent_ >= 0) {
    return sign + with_zeros(digits_, exponent_);
  }
  if (places() <= 0) {
    return sign + with_zeros("0.", -places()) + digits_;
  }
  const auto whole = static_cast<std::size_t>(places());
  return sign + digits_.substr(0, whole) + "." + digits_.substr(whole);
}

auto Decimal::as_real() const -> double {
  const auto written = (negative_ ? "-" : "") + digits_ + "e" + std::to_string(exponent_);
  double value = 0;
  std::from_chars(written.data(), written.data() + written.size(), value);
  return value;
}

auto Decimal::truncated() const -> std::optional<std::int64_t> {
  constexpr std::int64_t max_places = 19;
  if (places() <= 0) {
    return 0;
  }
  if (places() > max_places) {
    return std::nullopt;
  }
  const auto whole = std::min(digits_.size(), static_cast<std::size_t>(places()));
  const auto written = (negative_ ? "-" : "") +
                       with_zeros(digits_.substr(0, whole), std::max<std::int64_t>(exponent_, 0));
  std::int64_t value = 0;
  const auto* end = written.data() + written.size();
  const auto [stop, error] = std::from_chars(written.data(), end, value);
  return error == std::errc{} && stop == end ? std::optional{value} : std::nullopt;
}

auto Decimal::negated() const -> Decimal {
  auto other = *this;
  other.negative_ = !negative_ && !is_zero();
  return other;
}

auto Decimal::floored() const -> Decimal {
  if (exponent_ >= 0) {
    return *this;
  }
  const auto whole = static_cast<std::size_t>(std::max<std::int64_t>(places(), 0));
  const auto towards_zero = *made(negative_, digits_.substr(0, whole), 0);
  return negative_ ? *sum(towards_zero, from(std::int64_t{-1})) : towards_zero;
}

auto Decimal::sum(const Decimal& a, const Decimal& b) -> std::optional<Decimal> {
  if (a.is_zero() || b.is_zero()) {
    return a.is_zero() ? b : a;
  }
  if (std::abs(a.places() - b.places()) > max_gap) {
    return a.places() > b.places() ? a : b;
  }
  const auto exponent = std::min(a.exponent_, b.exponent_);
  const auto total = read(with_zeros(a.digits_, a.exponent_ - exponent));
  const auto other = read(with_zeros(b.digits_, b.exponent_ - exponent));
  BN_set_negative(total.get(), a.negative_ ? 1 : 0);
  BN_set_negative(other.get(), b.negative_ ? 1 : 0);
  CHECK(BN_add(total.get(), total.get(), other.get()) == 1);
  const bool negative = BN_is_negative(total.get()) != 0;
  BN_set_negative(total.get(), 0);
  return made(negative, written(*total), exponent);
}

auto Decimal::product(const Decimal& a, const Decimal& b) -> std::optional<Decimal> {
  const auto left = read(a.digits_);
  const auto right = read(b.digits_);
  const auto result = number();
  const std::unique_ptr<BN_CTX, FreeContext> context{BN_CTX_new()};
  CHECK(BN_mul(result.get(), left.get(), right.get(), context.get()) == 1);
  return made(a.negative_ != b.negative_, written(*result), a.exponent_ + b.exponent_);
}

auto Decimal::quotient(const Decimal& a, const Decimal& b) -> std::optional<Decimal> {
  if (b.is_zero()) {
    return std::nullopt;
  }
  constexpr std::int64_t more = 2 * max_digits + 2; // So that the quotient has digits to round.
  const auto left = read(with_zeros(a.digits_, more));
  const auto right = read(b.digits_);
  const auto result = number();
  const auto rest = number();
  const std::unique_ptr<BN_CTX, FreeContext> context{BN_CTX_new()};
  CHECK(BN_div(result.get(), rest.get(), left.get(), right.get(), context.get()) == 1);
  // A rest shows as one more digit, so that it is not taken for an exact half.
  const auto digits = written(*result) + (BN_is_zero(rest.get()) ? "0" : "1");
  return made(a.negative_ != b.negative_, digits, a.exponent_ - more - b.exponent_ - 1);
}

auto Decimal::sort_key() const -> std::string {
  constexpr std::int64_t middle = 50'000; // So that the number of places is never negative.
  if (is_zero()) {
    return "1";
  }
  auto key = (negative_ ? "0" : "2") + std::to_string(places() + middle) + digits_;
  if (negative_) { // The greater the size, the earlier.
    for (auto& digit : std::span{key}.subspan(1)) {
      digit = static_cast<char>('0' + '9' - digit);
    }
    key += '~';
  }
  return key;
}

auto operator<=>(const Decimal& a, const Decimal& b) -> std::strong_ordering {
  if (a == b) {
    return std::strong_ordering::equal;
  }
  if (a.negative_ != b.negative_) {
    return a.negative_ ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  if (a.is_zero() || b.is_zero()) {
    return a.is_zero() == b.negative_ ? std::strong_ordering::greater : std::strong_ordering::less;
  }
  // Both begin with a digit that is not 0, so that digits compare as text.
  const auto magnitude =
      a.places() != b.places() ? a.places() <=> b.places() : a.digits_.compare(b.digits_) <=> 0;
  return a.negative_ ? 0 <=> magnitude : magnitude;
}

} // namespace sluice::kql
