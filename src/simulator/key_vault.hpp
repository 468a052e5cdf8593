// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/date_time.hpp"
#include "base/result.hpp"
#include "http/server.hpp"
#include "simulator/token_mint.hpp"
#include "simulator/vault_certificate.hpp"

namespace sluice::simulator {

struct KeyVaultOptions {
  std::string tenant_id;
  /// A file `NAME` is a secret of the vault. `NAME.pem` and `NAME.pfx` are certificates with their
  /// keys, of which the vault makes a secret too. Empty: the vault is empty.
  std::filesystem::path folder;
  /// The resource that the vault's challenge names; empty for the address that was called.
  std::string challenge;
};

/// A key vault as far as those who read need it (documented): a secret; a certificate, its
/// versions, its policy, the list of certificates. Everything has one version. Files are read with
/// each request, so that they may be changed.
///
/// Threads: any.
class KeyVault {
public:
  /// `mint` must outlive this.
  KeyVault(KeyVaultOptions options, TokenMint& mint) : options_{std::move(options)}, mint_{mint} {}

  /// Whether the path is one of the vault's.
  [[nodiscard]] static auto takes(std::string_view path) -> bool;
  /// `base_url` is the address that the client called, without a path.
  [[nodiscard]] auto answer(const http::ServerRequest& request,
                            std::string_view base_url,
                            DateTime now) const -> http::ServerReply;

private:
  /// A path cut at its slashes: `secrets`, name, version.
  struct Address;
  [[nodiscard]] auto challenge(std::string_view base_url, std::string_view why) const
      -> http::ServerReply;
  /// Errors: unauthorized, in the service's words.
  [[nodiscard]] auto check_token(const http::ServerRequest& request,
                                 std::string_view base_url,
                                 DateTime now) const -> Result<>;
  [[nodiscard]] auto secret(const Address& address, std::string_view base_url, DateTime now) const
      -> http::ServerReply;
  [[nodiscard]] auto certificate(const Address& address,
                                 std::string_view base_url,
                                 DateTime now) const -> http::ServerReply;
  [[nodiscard]] auto certificates(std::string_view base_url, DateTime now) const
      -> http::ServerReply;

  const KeyVaultOptions options_;
  TokenMint& mint_;
};

} // namespace sluice::simulator
