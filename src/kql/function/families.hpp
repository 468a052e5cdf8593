// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "kql/function_table.hpp"

/// The rows of the function table, one list for each file of this folder.
namespace sluice::kql {

[[nodiscard]] auto comparison_functions() -> std::vector<Function>;
[[nodiscard]] auto string_operators() -> std::vector<Function>;
[[nodiscard]] auto logic_functions() -> std::vector<Function>;
[[nodiscard]] auto arithmetic_functions() -> std::vector<Function>;
[[nodiscard]] auto text_functions() -> std::vector<Function>;
[[nodiscard]] auto regex_functions() -> std::vector<Function>;
[[nodiscard]] auto conversion_functions() -> std::vector<Function>;
[[nodiscard]] auto dynamic_functions() -> std::vector<Function>;
[[nodiscard]] auto time_functions() -> std::vector<Function>;
[[nodiscard]] auto real_functions() -> std::vector<Function>;
[[nodiscard]] auto array_functions() -> std::vector<Function>;
[[nodiscard]] auto address_text_functions() -> std::vector<Function>;
[[nodiscard]] auto network_functions() -> std::vector<Function>;
[[nodiscard]] auto encoding_functions() -> std::vector<Function>;
[[nodiscard]] auto parse_functions() -> std::vector<Function>;
[[nodiscard]] auto base64_functions() -> std::vector<Function>;
[[nodiscard]] auto bit_functions() -> std::vector<Function>;
[[nodiscard]] auto hash_functions() -> std::vector<Function>;
[[nodiscard]] auto path_functions() -> std::vector<Function>;
[[nodiscard]] auto geo_functions() -> std::vector<Function>;
[[nodiscard]] auto punycode_functions() -> std::vector<Function>;
[[nodiscard]] auto unit_functions() -> std::vector<Function>;
[[nodiscard]] auto series_interpolation_functions() -> std::vector<Function>;
[[nodiscard]] auto geohash_functions() -> std::vector<Function>;
[[nodiscard]] auto geo_line_functions() -> std::vector<Function>;
[[nodiscard]] auto geo_polygon_functions() -> std::vector<Function>;
[[nodiscard]] auto geo_set_functions() -> std::vector<Function>;
[[nodiscard]] auto geo_shape_functions() -> std::vector<Function>;
[[nodiscard]] auto geo_cell_functions() -> std::vector<Function>;
[[nodiscard]] auto series_item_functions() -> std::vector<Function>;
[[nodiscard]] auto series_shape_functions() -> std::vector<Function>;
[[nodiscard]] auto series_line_functions() -> std::vector<Function>;
[[nodiscard]] auto bag_functions() -> std::vector<Function>;
[[nodiscard]] auto unicode_functions() -> std::vector<Function>;
[[nodiscard]] auto zone_functions() -> std::vector<Function>;
[[nodiscard]] auto aggregate_functions() -> std::vector<Aggregate>;

} // namespace sluice::kql
