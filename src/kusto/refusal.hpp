// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "http/client.hpp"

namespace sluice::kusto {

/// What an answer that is no success means for the caller: the service's own code and words, and
/// whether to try again, by its `@permanent`, else by the code (documented), else by the status.
/// The code of status 413 is always `BadRequest_RequestTooLarge`.
[[nodiscard]] auto to_error(const http::Response& response) -> Error;

/// The same for a `OneApiError` or a text inside an answer.
[[nodiscard]] auto to_error(std::string_view one_api_error) -> Error;

} // namespace sluice::kusto
