// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sluice::kql {

/// The pattern as RE2 wants it. The engine was observed to take `\d` and `\s` for the digits and
/// blanks of all of Unicode, where RE2's are ASCII; `\w` goes with them (own decision). `\b` stays
/// ASCII: RE2 has no other.
[[nodiscard]] auto to_re2(std::string_view pattern) -> std::string;

} // namespace sluice::kql
