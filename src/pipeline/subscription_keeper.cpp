// SPDX-License-Identifier: Apache-2.0
#include "pipeline/subscription_keeper.hpp"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"

namespace sluice::pipeline {
namespace {

/// A subscription that was just started cannot be used at once (observed: about five seconds).
constexpr auto start_settling = std::chrono::seconds{5};

} // namespace

auto SubscriptionKeeper::start(TenantFeed& tenant,
                               activity::ContentType type,
                               const std::stop_token& stop) -> Result<> {
  const auto feed = tenant.feed(type);
  const std::lock_guard lock{tenant.starting}; // Of many who want the same, one asks.
  const auto now = clock_.now();
  const auto last = tenant.started.find(type);
  if (last != tenant.started.end() && now - last->second < Ticks{start_settling} &&
      now >= last->second) {
    return {};
  }
  TRY(const auto postponed, ledger_.subscription_start_postponed(feed));
  if (postponed && now < *postponed) {
    return Error{ErrorKind::throttled,
                 fmt::format("the subscription to {} is off, and the service wants no request to "
                             "start it before {}",
                             feed.content_type,
                             to_iso8601(*postponed, 0))}
        .with_hint("a later run starts it");
  }
  auto started = tenant.subscriptions.start(type, stop);
  if (!started && started.error().kind() == ErrorKind::throttled && started.error().retry_after()) {
    TRY_DO(ledger_.postpone_subscription_start(feed, now + Ticks{*started.error().retry_after()}));
  }
  if (!started) {
    return std::move(started).while_doing(
        fmt::format("starting the subscription to {}", feed.content_type));
  }
  tenant.started.insert_or_assign(type, now);
  log(LogLevel::info,
      "subscription_started",
      "the subscription was off and is on now",
      {{"tenant", feed.tenant}, {"content_type", feed.content_type}});
  return {};
}

auto subscription_is_off(const Error& error) -> bool {
  return error.code() == "AF20022" || error.code() == "AF20023";
}

} // namespace sluice::pipeline
