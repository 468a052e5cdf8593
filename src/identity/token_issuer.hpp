// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <stop_token>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace sluice::identity {

struct IssuedToken {
  Secret token;
  /// From the moment of issue.
  std::chrono::seconds lifetime{0};
};

/// Signs in, once per call. `CachedTokenSource` decides when.
class TokenIssuer {
public:
  TokenIssuer() = default;
  TokenIssuer(const TokenIssuer&) = delete;
  auto operator=(const TokenIssuer&) -> TokenIssuer& = delete;
  virtual ~TokenIssuer() = default;

  /// Errors: as for `TokenSource::token`.
  [[nodiscard]] virtual auto issue(const std::stop_token& stop) -> Result<IssuedToken> = 0;
  /// Which way gave the last token; empty where it goes without saying.
  [[nodiscard]] virtual auto used() const -> std::string { return {}; }
};

} // namespace sluice::identity
