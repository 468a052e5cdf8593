// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace sluice::azure {

/// Base64 of the HMAC-SHA-256 of `text` under a key that is given as base64: how Azure Storage
/// signs. Errors: invalid_input when the key is not base64 or is empty.
[[nodiscard]] auto hmac_sha256_base64(const Secret& key_base64, std::string_view text)
    -> Result<std::string>;

} // namespace sluice::azure
