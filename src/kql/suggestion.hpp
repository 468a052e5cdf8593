// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sluice::kql {

/// The candidate that `name` may have been meant to be: the fewest edits away, at most a third of
/// its length; "" when none is near.
[[nodiscard]] auto closest_name(std::string_view name, std::span<const std::string_view> candidates)
    -> std::string;

} // namespace sluice::kql
