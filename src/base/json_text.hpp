// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sluice {

/// Appends `text` as a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD, so the
/// result is always valid JSON.
void append_json_quoted(std::string& out, std::string_view text);

/// `text` as a JSON string, quotes included.
[[nodiscard]] auto json_quoted(std::string_view text) -> std::string;

/// `text` with control characters (line ends too) written as `\n`, `\u001b`, ..., so that it cannot
/// forge a second line or drive a terminal.
[[nodiscard]] auto escape_control(std::string_view text) -> std::string;

} // namespace sluice
