// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "base/clock.hpp"
#include "identity/token_issuer.hpp"

namespace sluice::identity {

/// Takes tokens of the person who ran `az login` on this machine, for trying things out.
///
/// Threads: any.
class AzureCli final : public TokenIssuer {
public:
  struct Options {
    std::string audience;
    std::string tenant; ///< Empty for the one of `az login`.
    std::string program = "az";
    std::chrono::milliseconds total_time{std::chrono::seconds{30}};
  };

  /// `clock` must outlive this.
  AzureCli(Clock& clock, Options options) : clock_{clock}, options_{std::move(options)} {}

  /// Errors: unavailable with code `no_azure_cli` when the program is missing or nobody has signed
  /// in; malformed; cancelled.
  [[nodiscard]] auto issue(const std::stop_token& stop) -> Result<IssuedToken> override;

private:
  Clock& clock_;
  const Options options_;
};

} // namespace sluice::identity
