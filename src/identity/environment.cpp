// SPDX-License-Identifier: Apache-2.0
#include "identity/environment.hpp"

#include <cstdlib>

namespace sluice::identity {

auto process_environment() -> Environment {
  return [](std::string_view name) -> std::optional<std::string> {
    const auto* value = std::getenv(std::string{name}.c_str());
    return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>{value};
  };
}

} // namespace sluice::identity
