// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/date_time.hpp"
#include "base/result.hpp"
#include "http/client.hpp"

namespace sluice::azure {

/// What a refusal of Blob, Queue or Table means. The error carries the service's code
/// (`x-ms-error-code`, or that of the body) and its first sentence, never an address or signature.
///
/// Kinds: gone for what is not there; unauthorized when the proof was not believed; forbidden when
/// a role is missing; throttled and unavailable as asked, and for what is still being deleted or
/// arrived damaged; invalid_input for the rest, among it every condition that does not hold: see
/// `is_conflict`.
[[nodiscard]] auto storage_error(const http::Response& response, DateTime now) -> Error;

/// True when the request was right but the resource is not as it supposed: it exists already, was
/// changed by another, is leased. A repetition of a request whose reply was lost looks the same, so
/// read before you conclude that it was another.
[[nodiscard]] auto is_conflict(const Error& error) -> bool;

} // namespace sluice::azure
