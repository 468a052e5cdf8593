// SPDX-License-Identifier: Apache-2.0
#include "identity/renewing_sign_in.hpp"

#include <utility>

namespace sluice::identity {
namespace {

auto is_refusal(const Result<IssuedToken>& token) -> bool {
  return !token && token.error().kind() == ErrorKind::unauthorized;
}

} // namespace

auto is_same(const Secret& one, const Secret& other) -> bool {
  return one.reveal() == other.reveal();
}

auto is_same(const SignIn& one, const SignIn& other) -> bool {
  return one.way == other.way && is_same(one.secret, other.secret) &&
         is_same(one.password, other.password);
}

auto RenewingSignIn::create(std::shared_ptr<Renewed<SignIn>> sign_in, Make make)
    -> Result<std::unique_ptr<RenewingSignIn>> {
  auto current = sign_in->current({});
  std::unique_ptr<RenewingSignIn> made{new RenewingSignIn{std::move(sign_in), std::move(make)}};
  TRY_DO(made->take_up(std::move(current)));
  return made;
}

auto RenewingSignIn::take_up(std::shared_ptr<const SignIn> sign_in) -> Result<> {
  if (way_.sign_in == sign_in) {
    return {};
  }
  TRY(auto issuer, make_(*sign_in));
  if (way_.issuer && !before_.issuer) {
    before_ = std::move(way_);
  }
  way_ = {std::move(sign_in), std::move(issuer)};
  return {};
}

auto RenewingSignIn::issue_with_newest(const std::stop_token& stop) -> Result<IssuedToken> {
  const auto newest = sign_in_->current(stop);
  const auto taken = take_up(newest);
  auto token = way_.issuer->issue(stop);
  if (token && !taken) {
    log(LogLevel::warning,
        "new_credential_unusable",
        "the new credential cannot be used; the one before is still used",
        {{"reason", taken.error().message()}});
  }
  if (!is_refusal(token)) {
    return token;
  }
  if (!sign_in_->renew(newest, stop)) {
    return taken ? std::move(token) : taken.error();
  }
  TRY_DO(take_up(sign_in_->current(stop)));
  return way_.issuer->issue(stop);
}

auto RenewingSignIn::issue(const std::stop_token& stop) -> Result<IssuedToken> {
  const std::lock_guard lock{mutex_};
  auto token = issue_with_newest(stop);
  if (token) {
    before_ = {};
  } else if (is_refusal(token) && before_.issuer) {
    if (auto earlier = before_.issuer->issue(stop)) {
      log(LogLevel::warning,
          "new_credential_refused",
          "the new credential is refused; the one before is still used",
          {{"reason", token.error().message()}});
      return earlier;
    }
  }
  return token;
}

auto RenewingSignIn::used() const -> std::string {
  const std::lock_guard lock{mutex_};
  auto way = way_.issuer->used();
  return way.empty() ? std::string{name_of(way_.sign_in->way)} : way;
}

} // namespace sluice::identity
