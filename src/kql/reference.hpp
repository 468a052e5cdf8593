// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sluice::kql {

/// docs/kql.md: what of the language is served, from the tables that the program itself reads.
[[nodiscard]] auto reference_page() -> std::string;

} // namespace sluice::kql
