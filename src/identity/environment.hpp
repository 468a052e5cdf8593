// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::identity {

/// A variable of the environment; nothing when it is not set or empty. Passed in, so that tests
/// bring their own.
using Environment = std::function<auto(std::string_view name)->std::optional<std::string>>;

/// The environment of this process.
[[nodiscard]] auto process_environment() -> Environment;

} // namespace sluice::identity
