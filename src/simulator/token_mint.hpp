// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/date_time.hpp"
#include "base/result.hpp"

namespace sluice::simulator {

/// What an access token says of its bearer.
struct TokenClaims {
  std::string audience;
  std::string tenant_id;
  std::string client_id;
  std::vector<std::string> roles;
  bool by_certificate = false;
  DateTime issued;
  DateTime expires;
};

/// Makes access tokens that look like the real ones (a JSON Web Token with the documented claims)
/// and knows its own again.
///
/// Threads: any.
class TokenMint {
public:
  /// `key` signs the tokens; another key makes tokens that this one refuses.
  explicit TokenMint(std::string key) : key_{std::move(key)} {}

  /// No two tokens are the same.
  [[nodiscard]] auto issue(const TokenClaims& claims) -> std::string;
  /// Errors: unauthorized when the token is not ours, has expired or was revoked.
  [[nodiscard]] auto verify(std::string_view token, DateTime now) const -> Result<TokenClaims>;
  /// From now on `verify` refuses the token.
  void revoke(std::string_view token);

private:
  [[nodiscard]] auto signature_of(std::string_view text) const -> std::string;

  const std::string key_;
  std::atomic<std::uint64_t> serial_{1};
  mutable std::mutex mutex_;
  std::set<std::string, std::less<>> revoked_; ///< Signatures.
};

} // namespace sluice::simulator
