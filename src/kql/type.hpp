// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice::kql {

/// The scalar types of the language. `boolean` is Kusto's `bool`, `int32` its `int`, `int64` its
/// `long`.
enum class Type : std::uint8_t {
  boolean,
  int32,
  int64,
  real,
  decimal, ///< 34 significant digits, see `decimal.hpp`.
  string,  ///< Has no null: what is missing is "".
  datetime,
  timespan,
  guid,
  dynamic, ///< Any JSON value.
};

/// The name a Kusto user knows: `bool`, `int`, `long`, `real`, ...
[[nodiscard]] auto to_text(Type type) noexcept -> std::string_view;

/// Reads a type's name, other spellings too (`boolean`, `double`, `date`, `time`, `uuid`, ...).
[[nodiscard]] auto parse_type(std::string_view name) noexcept -> std::optional<Type>;

[[nodiscard]] constexpr auto is_integer(Type type) noexcept -> bool {
  return type == Type::int32 || type == Type::int64;
}
[[nodiscard]] constexpr auto is_number(Type type) noexcept -> bool {
  return is_integer(type) || type == Type::real || type == Type::decimal;
}

} // namespace sluice::kql
