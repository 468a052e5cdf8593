// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "http/client.hpp"
#include "identity/token_source.hpp"

namespace sluice::azure {

enum class StorageService : std::uint8_t { blob, queue, table };

/// How requests to storage prove that they may be made.
///
/// Threads: any.
class Authorization {
public:
  Authorization() = default;
  Authorization(const Authorization&) = delete;
  auto operator=(const Authorization&) -> Authorization& = delete;
  virtual ~Authorization() = default;

  /// Completes `request`, which carries all its other headers and its body.
  /// Errors: those of the token source; invalid_input when the request cannot be signed.
  [[nodiscard]] virtual auto authorize(http::Request& request,
                                       StorageService service,
                                       const std::stop_token& stop) -> Result<> = 0;
  /// The service did not believe it. True when another attempt would show something new.
  [[nodiscard]] virtual auto refused(const http::Request& request) -> bool;
};

/// Signs each request with a key of the account (documented as Shared Key).
/// Errors: invalid_input when the key is not base64.
[[nodiscard]] auto shared_key(std::string account, const Secret& key_base64)
    -> Result<std::shared_ptr<Authorization>>;

/// Shows a shared access signature: a query, with or without `?`, that goes out byte for byte as it
/// came.
[[nodiscard]] auto shared_access_signature(Secret query) -> std::shared_ptr<Authorization>;

/// Shows an access token for `https://storage.azure.com`. `tokens` must outlive it.
[[nodiscard]] auto bearer_token(identity::TokenSource& tokens) -> std::shared_ptr<Authorization>;

} // namespace sluice::azure
