// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/result.hpp"

namespace sluice::http {

/// What a status means where the service says nothing more: 401 unauthorized, 403 forbidden, 404
/// and 410 gone, 429 throttled, 408 and 5xx unavailable. Nothing for the others.
[[nodiscard]] auto kind_of_status(int status) noexcept -> std::optional<ErrorKind>;

} // namespace sluice::http
