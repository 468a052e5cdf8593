// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sluice::simulator {

/// Whether the text is `8-4-4-4-12` hexadecimal digits.
[[nodiscard]] auto is_guid(std::string_view text) noexcept -> bool;
/// A GUID that depends on nothing but `seed`.
[[nodiscard]] auto guid_from(std::string_view seed) -> std::string;

} // namespace sluice::simulator
