// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sluice {

/// A random GUID (version 4) of 36 lower-case characters that nobody can foresee.
[[nodiscard]] auto random_guid() -> std::string;

} // namespace sluice
