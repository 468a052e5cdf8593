// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Private to the library.
namespace sluice::kql {

/// The geometry as GeoJSON: a point, line or area, several of one of these, or a collection.
/// Nothing when it is not well-known text (ISO 19125) in two dimensions.
[[nodiscard]] auto well_known_text_to_json(std::string_view text) -> std::optional<std::string>;

} // namespace sluice::kql
