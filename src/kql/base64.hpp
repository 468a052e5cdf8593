// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice::kql {

/// Base 64 of RFC 4648 with its padding.
[[nodiscard]] auto to_base64(std::string_view bytes) -> std::string;

/// Nothing when the text is no base64 with its padding.
[[nodiscard]] auto from_base64(std::string_view text) -> std::optional<std::string>;

} // namespace sluice::kql
