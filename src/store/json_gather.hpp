// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Private to this library: what the list aggregates make of a JSON array of all values gathered.
/// The arrays are canonical (see `kql/dynamic.hpp`), nulls are not in them.
namespace sluice::store {

/// The first `limit` items; of items that are arrays, their items (observed).
[[nodiscard]] auto gather_list(std::string_view items, std::int64_t limit) -> std::string;
/// The first `limit` different items in order of their first appearance; of items that are arrays,
/// their items (observed).
[[nodiscard]] auto gather_set(std::string_view items, std::int64_t limit) -> std::string;
/// One bag with the members of all items that are bags, at most `limit`; the first value of a key
/// stays (observed).
[[nodiscard]] auto gather_bag(std::string_view items, std::int64_t limit) -> std::string;

/// Of `value:weight` joined by commas, the least value whose weights, with those of all lesser
/// ones, make up that share; empty when no weight is positive.
[[nodiscard]] auto weighted_percentile(std::string_view pairs, double percent) -> std::string;

} // namespace sluice::store
