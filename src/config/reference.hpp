// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sluice::config {

/// The reference page docs/config.md: every option with its type, default, range and meaning.
[[nodiscard]] auto reference_page() -> std::string;

/// The JSON Schema (draft 2020-12) docs/sluice.schema.json, for editors:
///
///     # yaml-language-server: $schema=https://.../sluice.schema.json
[[nodiscard]] auto json_schema() -> std::string;

/// The smallest configuration that works.
[[nodiscard]] auto smallest_example() -> std::string_view;

} // namespace sluice::config
