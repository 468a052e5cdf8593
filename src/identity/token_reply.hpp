// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/date_time.hpp"
#include "base/result.hpp"
#include "http/client.hpp"
#include "identity/token_issuer.hpp"

namespace sluice::identity {

/// Reads what a token endpoint answered: the v2 form, where the lifetime is a number, and the v1
/// form, where it is a string (both documented); without a lifetime, the end in `expires_on`.
/// Errors: as for `TokenSource::token`, by the AADSTS number first (documented table), then by the
/// `error` text, then by the status.
[[nodiscard]] auto read_token_reply(const http::Response& response, DateTime now)
    -> Result<IssuedToken>;

} // namespace sluice::identity
