// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice::identity {

/// Base64 with `-` and `_`, without padding (RFC 4648 section 5): the encoding inside a JWT.
[[nodiscard]] auto base64url_encoded(std::string_view bytes) -> std::string;

/// Padding is accepted. Nothing when another character stands in `text`.
[[nodiscard]] auto base64url_decoded(std::string_view text) -> std::optional<std::string>;

/// The same for the usual alphabet, with `+` and `/` (section 4).
[[nodiscard]] auto base64_decoded(std::string_view text) -> std::optional<std::string>;

} // namespace sluice::identity
