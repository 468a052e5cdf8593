// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "activity/content.hpp"
#include "activity/feed_connection.hpp"
#include "base/result.hpp"

namespace sluice::activity {

/// What is subscribed to. Content exists only for types that are; what becomes available while one
/// is stopped is lost (documented).
///
/// Threads: any.
class Subscriptions {
public:
  struct Subscription {
    ContentType type = ContentType::general;
    /// False when disabled; nothing when the service does not say (observed).
    std::optional<bool> enabled;
    /// Address of a webhook somebody else has set; empty for none.
    std::string webhook;
  };

  /// `connection` must outlive this.
  explicit Subscriptions(FeedConnection& connection) : connection_{connection} {}

  /// Types that were never started are absent; types that we do not know are left out.
  /// Errors: as for `FeedConnection::call`; malformed when the reply is no list.
  [[nodiscard]] auto list(const std::stop_token& stop) -> Result<std::vector<Subscription>>;

  /// Starts `type`; one that is already on is a success. A new subscription can be listed after
  /// about five seconds (observed). Call it only for types that `list` shows missing or disabled:
  /// starts within fifteen minutes of each other are refused (documented).
  /// Errors: throttled with the wait that the service names; forbidden when this type needs a
  /// permission the application lacks (the others go on); unavailable with a hint when auditing is
  /// off for the tenant.
  [[nodiscard]] auto start(ContentType type, const std::stop_token& stop) -> Result<>;

  /// Stops `type`, for every program that shares the application's registration.
  [[nodiscard]] auto stop(ContentType type, const std::stop_token& stop) -> Result<>;

private:
  FeedConnection& connection_;
};

} // namespace sluice::activity
