// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "http/server.hpp"

namespace sluice::simulator {

/// What the Management Activity API answers when it refuses.
struct ApiError {
  int status = 400;
  std::string code; ///< `AF20055`, or `429`; empty for a refusal without the usual JSON.
  std::string message;
};

template <class T = void>
using ApiResult = tl::expected<T, ApiError>;

/// An error of the documented table. `about` goes where its text names the offending thing.
[[nodiscard]] auto api_error(std::string_view code, std::string_view about = {}) -> ApiError;
/// The same, ready to be returned from a function with an `ApiResult`.
[[nodiscard]] auto refuse(std::string_view code, std::string_view about = {})
    -> tl::unexpected<ApiError>;
/// 401 without a code, in the words of the web framework behind the API (not verified).
[[nodiscard]] auto unauthorized() -> ApiError;

/// `{"error":{"code":..,"message":..}}`; with single quotes when asked (observed in 2016).
[[nodiscard]] auto to_reply(const ApiError& error, bool single_quoted = false) -> http::ServerReply;

} // namespace sluice::simulator
