// SPDX-License-Identifier: Apache-2.0
#include "identity/cached_token_source.hpp"

#include <utility>

#include "base/log.hpp"

namespace sluice::identity {
namespace {

using namespace std::chrono_literals;

/// After an early renewal failed, while the old token is still good.
constexpr std::chrono::nanoseconds next_early_attempt = 30s;

/// Sign-in succeeds without any permission (observed), and only then does the trouble begin: say
/// why before it does.
void warn_of_missing_roles(const TokenFacts& facts) {
  if (facts.roles.empty()) {
    log(LogLevel::warning,
        "token_without_roles",
        "the token carries no application permission: every call of the service will be refused",
        {{"tenant", facts.tenant},
         {"client_id", facts.application},
         {"hint",
          "give the app registration ActivityFeed.Read as an application permission and grant "
          "admin consent"}});
  }
}

auto renewal_age(std::chrono::nanoseconds lifetime) -> std::chrono::nanoseconds {
  return lifetime >= 20min ? lifetime - 5min : lifetime * 3 / 4;
}

} // namespace

CachedTokenSource::CachedTokenSource(std::unique_ptr<TokenIssuer> issuer,
                                     http::Origin origin,
                                     Clock& clock)
    : issuer_{std::move(issuer)},
      origin_{std::move(origin)},
      clock_{clock} {}

auto CachedTokenSource::token(const std::stop_token& stop) -> Result<http::Bearer> {
  std::unique_lock lock{mutex_};
  for (;;) {
    const auto now = clock_.steady();
    if (held_ && (now < held_->renew_at || (renewing_ && now < held_->end))) {
      return held_->bearer;
    }
    if (!renewing_) {
      return renew(lock, stop);
    }
    const auto seen = renewals_;
    if (!changed_.wait(lock, stop, [&] { return renewals_ != seen; })) {
      return Error{ErrorKind::cancelled, "waiting for a token"};
    }
    // What stood in the way of one stands in the way of all who waited for it, except that it lost
    // patience.
    if (failure_ && failure_->kind() != ErrorKind::cancelled) {
      return *failure_;
    }
  }
}

auto CachedTokenSource::renew(std::unique_lock<std::mutex>& lock, const std::stop_token& stop)
    -> Result<http::Bearer> {
  renewing_ = true;
  lock.unlock();
  const auto asked_at = clock_.steady();
  auto issued = issuer_->issue(stop);
  auto facts = issued ? read_token_facts(issued->token.reveal()) : std::nullopt;
  lock.lock();
  renewing_ = false;
  ++renewals_;
  changed_.notify_all();
  if (issued) {
    failure_.reset();
    if (facts && (!facts_ || facts_->roles != facts->roles)) {
      warn_of_missing_roles(*facts);
    }
    facts_ = std::move(facts);
    const std::chrono::nanoseconds lifetime = issued->lifetime;
    held_.emplace(Held{http::Bearer{origin_, std::move(issued->token)},
                       asked_at + renewal_age(lifetime),
                       asked_at + lifetime});
    return held_->bearer;
  }
  failure_ = std::move(issued).error();
  if (held_ && clock_.steady() < held_->end) {
    log(LogLevel::warning, "token_renewal_failed", failure_->message());
    held_->renew_at = clock_.steady() + next_early_attempt;
    failure_.reset();
    return held_->bearer;
  }
  return *failure_;
}

void CachedTokenSource::invalidate(const http::Bearer& refused) {
  const std::lock_guard lock{mutex_};
  if (held_ && held_->bearer.same_token(refused)) {
    held_.reset();
  }
}

auto CachedTokenSource::facts() const -> std::optional<TokenFacts> {
  const std::lock_guard lock{mutex_};
  return facts_;
}

} // namespace sluice::identity
