// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice::simulator {

/// base64url without padding, as in JSON Web Tokens (RFC 7515).
[[nodiscard]] auto to_base64_url(std::string_view bytes) -> std::string;
/// Nothing when a character is none of the alphabet or the length cannot be.
[[nodiscard]] auto from_base64_url(std::string_view text) -> std::optional<std::string>;

} // namespace sluice::simulator
