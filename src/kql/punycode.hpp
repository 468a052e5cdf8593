// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Private to the library: Unicode in the letters, digits and hyphens of host names (RFC 3492).
namespace sluice::kql {

/// Without `xn--` before it; nothing when the text is no UTF-8 or too long.
[[nodiscard]] auto to_punycode(std::string_view text) -> std::optional<std::string>;
/// Nothing when it is no punycode.
[[nodiscard]] auto from_punycode(std::string_view code) -> std::optional<std::string>;

} // namespace sluice::kql
