// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/date_time.hpp"
#include "base/result.hpp"
#include "http/client.hpp"

namespace sluice::activity {

/// What the body of a refusal says: `{"error":{"code":"AF50000","message":"..."}}`, the same in
/// single quotes, a page of HTML with a code in it, or nothing.
struct ApiFault {
  std::string code; ///< `AF20022`, `429`; empty when the body names none.
  std::string message;
};

[[nodiscard]] auto read_api_fault(std::string_view body) -> ApiFault;

/// What a response other than 2xx means: first by its code, then by its status, since throttling
/// comes as 403 and a missing permission as 401 (observed). The error carries the service's code,
/// the wait it asks for in a header or in words, and a hint where one is known.
[[nodiscard]] auto to_error(const http::Response& response, DateTime now) -> Error;

/// The wait in "Please retry again after 8m 46s."
[[nodiscard]] auto wait_in_words(std::string_view message)
    -> std::optional<std::chrono::milliseconds>;

} // namespace sluice::activity
