// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/result.hpp"

namespace sluice::simulator {

/// invalid_input: the value is not what the option takes. `what` ends the sentence.
[[nodiscard]] auto wrong(std::string_view value, std::string_view what) -> Error;

/// `250ms`, `30s`, `15m`, `24h` or `7d`, up to ten years.
[[nodiscard]] auto read_duration(std::string_view text) -> std::optional<std::chrono::milliseconds>;

/// Reads `value` as what `target` is: a text, a switch, a number or a duration.
/// Errors: invalid_input.
template <class T>
[[nodiscard]] auto assign(T& target, std::string_view value) -> Result<> {
  if constexpr (std::is_same_v<T, std::string>) {
    target = value;
  } else if constexpr (std::is_same_v<T, bool>) {
    if (value != "true" && value != "false") {
      return wrong(value, "true or false");
    }
    target = value == "true";
  } else if constexpr (std::is_arithmetic_v<T>) {
    T number{};
    const auto* const end = value.data() + value.size();
    const auto [rest, error] = std::from_chars(value.data(), end, number);
    if (error != std::errc{} || rest != end) {
      return wrong(value, "a number in range");
    }
    target = number;
  } else {
    const auto duration = read_duration(value);
    if (!duration) {
      return wrong(value, "a duration such as 250ms, 30s, 15m, 24h or 7d");
    }
    target = std::chrono::duration_cast<T>(*duration);
  }
  return {};
}

/// The same for what must not be zero.
template <class T>
[[nodiscard]] auto assign_positive(T& target, std::string_view value) -> Result<> {
  T number{};
  TRY_DO(assign(number, value));
  if (number == T{}) {
    return wrong(value, "more than zero");
  }
  target = number;
  return {};
}

/// A number from 0 to 1.
[[nodiscard]] auto assign_share(double& target, std::string_view value) -> Result<>;
[[nodiscard]] auto assign_guid(std::string& target, std::string_view value) -> Result<>;
/// What the file at `path` holds, at most 1 MiB.
[[nodiscard]] auto read_text(std::string_view path) -> Result<std::string>;

} // namespace sluice::simulator
