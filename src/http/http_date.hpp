// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/date_time.hpp"
#include "http/client.hpp"

namespace sluice::http {

/// Reads the date of HTTP headers, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, the one form that may
/// still be sent). Nothing when the text is anything else.
[[nodiscard]] auto parse_http_date(std::string_view text) -> std::optional<DateTime>;

/// The same form, to the second.
[[nodiscard]] auto to_http_date(DateTime time) -> std::string;

/// The `Retry-After` of a response, as seconds or as a date after `now`; capped at one day.
[[nodiscard]] auto retry_after(const Headers& headers, DateTime now)
    -> std::optional<std::chrono::milliseconds>;

} // namespace sluice::http
