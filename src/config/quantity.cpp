// SPDX-License-Identifier: Apache-2.0
#include "config/quantity.hpp"

#include <array>
#include <charconv>
#include <span>
#include <system_error>

namespace sluice::config {
namespace {

struct Unit {
  std::string_view suffix;
  std::int64_t factor;
};

/// A number and one of `units`, as long as the product is at most `most`.
auto parse_quantity(std::string_view text, std::span<const Unit> units, std::int64_t most) noexcept
    -> std::optional<std::int64_t> {
  std::int64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [stopped, problem] = std::from_chars(text.data(), end, number);
  if (problem != std::errc{} || text.front() == '-') {
    return std::nullopt;
  }
  const auto suffix = text.substr(static_cast<std::size_t>(stopped - text.data()));
  for (const auto& unit : units) {
    if (unit.suffix == suffix && number <= most / unit.factor) {
      return number * unit.factor;
    }
  }
  return std::nullopt;
}

constexpr std::int64_t second = 1'000;
constexpr std::int64_t day = 24 * 60 * 60 * second;

} // namespace

auto parse_duration(std::string_view text) noexcept -> std::optional<std::int64_t> {
  static constexpr std::array<Unit, 5> units{
      {{"ms", 1}, {"s", second}, {"m", 60 * second}, {"h", 60 * 60 * second}, {"d", day}}};
  return parse_quantity(text, units, 36'525 * day);
}

auto parse_size(std::string_view text) noexcept -> std::optional<std::int64_t> {
  static constexpr std::array<Unit, 5> units{
      {{"", 1}, {"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}}};
  return parse_quantity(text, units, std::int64_t{1} << 60);
}

auto parse_count(std::string_view text) noexcept -> std::optional<std::int64_t> {
  static constexpr std::array<Unit, 1> units{{{"", 1}}};
  return parse_quantity(text, units, std::int64_t{1} << 60);
}

} // namespace sluice::config
