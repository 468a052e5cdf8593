// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice::azure {

/// Base64 with `+`, `/` and padding (RFC 4648 section 4).
[[nodiscard]] auto base64_encoded(std::string_view bytes) -> std::string;
/// Nothing when `text` is not padded base64.
[[nodiscard]] auto base64_decoded(std::string_view text) -> std::optional<std::string>;

} // namespace sluice::azure
