// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace sluice::ledger {

/// The key of a record id: the 16 bytes of a GUID, whatever its case, or the SHA-256 (32 bytes) of
/// any other text, so that no two ids share a key and none is long.
[[nodiscard]] auto record_key(std::string_view record_id) -> std::vector<std::byte>;

} // namespace sluice::ledger
