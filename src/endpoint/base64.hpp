// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice::endpoint {

/// With padding.
[[nodiscard]] auto encode_base64(std::string_view bytes) -> std::string;
/// Nothing when it is none. NULs at the end, which one client sends (observed), are cut.
[[nodiscard]] auto decode_base64(std::string_view text) -> std::optional<std::string>;

} // namespace sluice::endpoint
