// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::identity {

/// What a token says about itself. Read for warnings only: nothing here was verified, and the
/// service alone decides what the token is worth.
struct TokenFacts {
  std::string audience;
  std::string tenant;
  std::string application;
  /// The application permissions that were consented to. Sign-in succeeds even when there are none
  /// (observed); the service then refuses every call.
  std::vector<std::string> roles;

  [[nodiscard]] auto has_role(std::string_view role) const -> bool;
};

/// Reads the payload of a JWT; nothing when the token is not one.
[[nodiscard]] auto read_token_facts(std::string_view token) -> std::optional<TokenFacts>;

} // namespace sluice::identity
