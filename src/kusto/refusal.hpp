// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "http/client.hpp"

namespace sluice::kusto {

/// What an answer that is no success means for the caller: the service's own code and words, and
/// whether to try again, by its `@permanent`, else by the code (documented), else by the status.
[[nodiscard]] auto to_error(const http::Response& response) -> Error;

/// The same for a `OneApiError` or a text inside an answer.
[[nodiscard]] auto to_error(std::string_view one_api_error) -> Error;

/// What an ingestion error code means (documented); nothing when it is not listed as transient or
/// permanent.
enum class CodeMeaning : std::uint8_t { unknown, permanent, transient };
[[nodiscard]] auto meaning_of_code(std::string_view code) noexcept -> CodeMeaning;

} // namespace sluice::kusto
