// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "http/url.hpp"

namespace sluice::http {

/// An access token that knows the one origin it was issued for and shows itself to no other.
///
/// Threads: a value; share freely.
class Bearer {
public:
  Bearer(Origin origin, Secret token) : origin_{std::move(origin)}, token_{std::move(token)} {}

  [[nodiscard]] auto origin() const noexcept -> const Origin& { return origin_; }

  /// The token, for the `Authorization` header of a request to `origin`.
  /// Errors: untrusted when `origin` is not the token's own.
  [[nodiscard]] auto reveal_to(const Origin& origin) const -> Result<Secret>;

  /// True when both carry the same token.
  [[nodiscard]] auto same_token(const Bearer& other) const noexcept -> bool {
    return token_.reveal() == other.token_.reveal();
  }

private:
  Origin origin_;
  Secret token_;
};

} // namespace sluice::http
