// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date_time.hpp"
#include "simulator/api_error.hpp"
#include "simulator/traffic/content_type.hpp"

namespace sluice::simulator {

struct Webhook {
  std::string address;
  std::string auth_id;
  std::string expiration; ///< As it was sent; empty for never.

  friend auto operator==(const Webhook&, const Webhook&) -> bool = default;
};

struct SubscriptionRules {
  /// A second start of the same type sooner than this is refused (documented: 15 minutes).
  std::chrono::seconds start_interval{15 * 60};
  /// Content that was ingested up to this long before the first start is listed too.
  std::chrono::seconds backfill{7 * 24 * 3600};
  /// For this long after the first start nothing is listed (documented: up to 12 hours).
  std::chrono::seconds first_content_delay{0};
  /// Every client counts as subscribed to everything from the beginning.
  bool always_on = false;
};

/// One row of a listing of subscriptions.
struct SubscriptionState {
  ContentType type{};
  bool enabled = false;
  std::optional<Webhook> webhook;
};

/// Which parts of a feed a subscription shows: what came in while it was on.
class Visibility {
public:
  [[nodiscard]] auto shows(DateTime ingested) const -> bool;

private:
  friend class Subscriptions;
  DateTime from_;
  DateTime until_;
  std::vector<std::pair<DateTime, DateTime>> gaps_; ///< Stopped from, to.
};

/// The subscriptions of one tenant, by app and content type (observed: apps do not share).
///
/// Threads: any.
class Subscriptions {
public:
  explicit Subscriptions(SubscriptionRules rules) : rules_{rules} {}

  /// Turns the feed on, or changes its webhook. Refuses with AF20024 when nothing would change and
  /// with "429" when the last start was too recent.
  [[nodiscard]] auto
  start(std::string_view client_id, ContentType type, std::optional<Webhook> webhook, DateTime now)
      -> ApiResult<SubscriptionState>;
  /// Turns the feed off. What comes in until the next start is never shown.
  void stop(std::string_view client_id, ContentType type, DateTime now);
  /// The types that were ever started.
  [[nodiscard]] auto list(std::string_view client_id) const -> std::vector<SubscriptionState>;
  /// Refuses with AF20022 or AF20023 when the feed is not on.
  [[nodiscard]] auto view(std::string_view client_id, ContentType type, DateTime now) const
      -> ApiResult<Visibility>;

  /// The service itself drops or disables the subscription. Content does not get lost by it, and
  /// the next start is not too soon. At most three times each; false after that.
  [[nodiscard]] auto drop(std::string_view client_id, ContentType type) -> bool;
  [[nodiscard]] auto disable(std::string_view client_id, ContentType type) -> bool;

private:
  struct Entry {
    bool known = false; ///< Was started, and not dropped.
    bool enabled = false;
    std::optional<Webhook> webhook;
    std::optional<DateTime> first_start, last_start, stopped;
    std::vector<std::pair<DateTime, DateTime>> gaps;
    int drops = 0, disablings = 0;
  };
  using Entries = std::array<Entry, content_types.size()>;

  [[nodiscard]] auto entry(std::string_view client_id, ContentType type) -> Entry&;

  const SubscriptionRules rules_;
  mutable std::mutex mutex_;
  std::map<std::string, Entries, std::less<>> by_client_;
};

} // namespace sluice::simulator
