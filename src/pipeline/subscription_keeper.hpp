// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <stop_token>

#include "base/clock.hpp"
#include "ledger/ledger.hpp"
#include "pipeline/tenant_feed.hpp"

namespace sluice::pipeline {

/// Starts subscriptions that are off, as seldom as the service wants it: not before a time that it
/// named, and not again right after a start.
///
/// Threads: any.
class SubscriptionKeeper {
public:
  /// What is passed in must outlive the keeper.
  SubscriptionKeeper(ledger::Ledger& ledger, Clock& clock) : ledger_{ledger}, clock_{clock} {}

  /// Starts the subscription, unless that was done within the last seconds.
  /// Errors: throttled when the service wants no such request yet; as for `Subscriptions::start`;
  /// those of the ledger.
  [[nodiscard]] auto
  start(TenantFeed& tenant, activity::ContentType type, const std::stop_token& stop) -> Result<>;

private:
  ledger::Ledger& ledger_;
  Clock& clock_;
};

/// Whether the service refused because the subscription is missing or disabled.
[[nodiscard]] auto subscription_is_off(const Error& error) -> bool;

} // namespace sluice::pipeline
