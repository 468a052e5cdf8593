// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

/// What the language has and Sluice does not serve: it is refused by its name, and a name that is
/// in neither list is a mistake.
namespace sluice::kql {

/// Names of functions and aggregates, ascending.
[[nodiscard]] auto unserved_functions() noexcept -> std::span<const std::string_view>;
/// Names of plugins of `evaluate`, ascending; `--check` may know what columns they give.
[[nodiscard]] auto unserved_plugins() noexcept -> std::span<const std::string_view>;

} // namespace sluice::kql
