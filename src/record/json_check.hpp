// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace sluice::record {

/// Why `text` is not exactly one JSON value in UTF-8; empty when it is. Numbers of any size, half
/// surrogate pairs and keys that stand twice are allowed, as JSON allows them and records have them
/// (observed). Looks at every byte: for records that are kept, not for all.
[[nodiscard]] auto json_fault(std::string_view text, std::size_t max_depth = 512)
    -> std::string_view;

} // namespace sluice::record
