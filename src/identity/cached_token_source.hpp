// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "base/clock.hpp"
#include "identity/token_facts.hpp"
#include "identity/token_issuer.hpp"
#include "identity/token_source.hpp"

namespace sluice::identity {

/// Keeps the last token and renews it early: five minutes before its end, or after three quarters
/// of a life shorter than twenty minutes.
///
/// Threads: any. One signs in, the others wait for it; while an old token is still good, they go on
/// with that one.
class CachedTokenSource final : public TokenSource {
public:
  /// Tokens go to `origin` alone. `clock` must outlive the source.
  CachedTokenSource(std::unique_ptr<TokenIssuer> issuer, http::Origin origin, Clock& clock);

  [[nodiscard]] auto token(const std::stop_token& stop) -> Result<http::Bearer> override;
  void invalidate(const http::Bearer& refused) override;

  /// What the current token says about itself; nothing before the first sign-in, or when the token
  /// is opaque.
  [[nodiscard]] auto facts() const -> std::optional<TokenFacts>;

private:
  struct Held {
    http::Bearer bearer;
    std::chrono::nanoseconds renew_at;
    std::chrono::nanoseconds end;
  };

  [[nodiscard]] auto renew(std::unique_lock<std::mutex>& lock, const std::stop_token& stop)
      -> Result<http::Bearer>;

  const std::unique_ptr<TokenIssuer> issuer_;
  const http::Origin origin_;
  Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<Held> held_;
  std::optional<TokenFacts> facts_;
  bool renewing_ = false;
  std::uint64_t renewals_ = 0;
  /// Why the last renewal gave no token.
  std::optional<Error> failure_;
};

} // namespace sluice::identity
