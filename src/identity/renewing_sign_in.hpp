// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "identity/renewed.hpp"
#include "identity/token_issuer.hpp"

namespace sluice::identity {

/// Signs in with a credential that may be renewed while we work. One that is refused is read anew,
/// and tried again when it is another by then. A new one that is refused, which happens while the
/// sign-in service learns of it, leaves the one before in use; so does one that makes no sense,
/// such as a file that is still being written.
///
/// Threads: any; one signs in at a time.
class RenewingSignIn final : public TokenIssuer {
public:
  using Make = std::function<auto(const SignIn&)->Result<std::unique_ptr<TokenIssuer>>>;

  /// Errors: those of `make`.
  [[nodiscard]] static auto create(std::shared_ptr<Renewed<SignIn>> sign_in, Make make)
      -> Result<std::unique_ptr<RenewingSignIn>>;

  [[nodiscard]] auto issue(const std::stop_token& stop) -> Result<IssuedToken> override;
  [[nodiscard]] auto used() const -> std::string override;

private:
  /// A credential and what signs in with it.
  struct Way {
    std::shared_ptr<const SignIn> sign_in;
    std::unique_ptr<TokenIssuer> issuer;
  };

  RenewingSignIn(std::shared_ptr<Renewed<SignIn>> sign_in, Make make)
      : sign_in_{std::move(sign_in)},
        make_{std::move(make)} {}
  [[nodiscard]] auto take_up(std::shared_ptr<const SignIn> sign_in) -> Result<>;
  [[nodiscard]] auto issue_with_newest(const std::stop_token& stop) -> Result<IssuedToken>;

  const std::shared_ptr<Renewed<SignIn>> sign_in_;
  const Make make_;
  mutable std::mutex mutex_;
  Way way_;
  Way before_; ///< Kept until the newer one has given a token.
};

} // namespace sluice::identity
