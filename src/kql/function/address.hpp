// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kql/function/arguments.hpp"

/// Private to the function table: addresses of IPv4 and IPv6.
namespace sluice::kql {

/// An address with how many of its leading bits count; IPv4 lies in the last four bytes.
struct Address {
  std::array<std::uint8_t, 16> bytes{};
  int prefix = 128;
};

/// Four decimal numbers, perhaps with `/prefix`; the prefix counts from 96.
[[nodiscard]] auto read_v4(std::string_view text) -> std::optional<Address>;
/// IPv4 too, as IPv6 writes it.
[[nodiscard]] auto read_v6(std::string_view text) -> std::optional<Address>;

/// All texts of the arguments, those in arrays too.
[[nodiscard]] auto texts_of(Arguments a) -> std::vector<std::string>;

} // namespace sluice::kql
