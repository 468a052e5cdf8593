// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "endpoint/error_reply.hpp"
#include "endpoint/service.hpp"

namespace sluice::endpoint {

/// Whether a request for `name` is for the one database: by its name in any case, by no name, or by
/// `NetDefaultDB`, which clients say for "the default one" (observed).
[[nodiscard]] auto is_database(const Service& service, std::string_view name) -> bool;

[[nodiscard]] auto no_database(std::string_view name) -> Failure;

} // namespace sluice::endpoint
