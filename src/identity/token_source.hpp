// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>

#include "base/result.hpp"
#include "http/bearer.hpp"

namespace sluice::identity {

/// Where access tokens for one service come from. A caller asks before every request and never
/// keeps one.
///
/// Threads: any.
class TokenSource {
public:
  TokenSource() = default;
  TokenSource(const TokenSource&) = delete;
  auto operator=(const TokenSource&) -> TokenSource& = delete;
  virtual ~TokenSource() = default;

  /// A token that will be good for a while yet; signs in when there is none.
  /// Errors: unauthorized when the credential is refused, with the code (`AADSTS7000215`) and a
  /// hint; forbidden when policy blocks the application; invalid_input when tenant or service are
  /// wrong; throttled, unavailable, malformed, cancelled.
  [[nodiscard]] virtual auto token(const std::stop_token& stop) -> Result<http::Bearer> = 0;

  /// The service refused `refused`: the next `token` signs in again, unless that has already
  /// happened.
  virtual void invalidate(const http::Bearer& refused) = 0;
};

} // namespace sluice::identity
