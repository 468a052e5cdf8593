// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>

#include "activity/content_listing.hpp"
#include "activity/window_plan.hpp"
#include "base/clock.hpp"
#include "http/retry_policy.hpp"
#include "ledger/ledger.hpp"
#include "pipeline/progress.hpp"
#include "pipeline/stage.hpp"
#include "pipeline/subscription_keeper.hpp"
#include "pipeline/tenant_feed.hpp"

namespace sluice::pipeline {

/// Keeps the subscriptions on, lists what became available, and enters every content id in the
/// ledger before the watermark moves past it.
///
/// A window counts as complete when all its pages were read and entered. Each poll lists the
/// windows of the overlap again, and once a day all that the service still lists, since content may
/// turn up late in an old window (inferred; every mature collector re-reads).
///
/// An entry whose address leads elsewhere gets no request. Its window is listed again, up to five
/// times a poll, in case the service gives a sound address for the same content; each refusal is
/// reported and counted. As long as none comes the watermark stays before the window, so that every
/// poll looks again until the service no longer lists it.
class Discover final : public Stage {
public:
  struct Options {
    /// One poll of every feed, or polls until stopped.
    bool once = false;
    /// From the beginning of one poll to that of the next.
    std::chrono::milliseconds interval{std::chrono::minutes{1}};
    /// The watermark stays this far behind the service's clock.
    std::chrono::seconds settle{std::chrono::minutes{5}};
    /// How often everything that the service still lists is listed again.
    std::chrono::hours full_listing_interval{24};
    activity::WindowPlanOptions windows;
    /// For each call; after `most_retries` the feed is left to the next poll.
    http::RetryPolicy::Options retry{.most_retries = 12, .most_malformed_retries = 12};
    std::uint64_t seed = 1;
  };

  /// What is passed in must outlive the stage.
  Discover(std::span<const std::unique_ptr<TenantFeed>> tenants,
           ledger::Ledger& ledger,
           Options options,
           Clock& clock,
           Progress& progress);

  [[nodiscard]] auto name() const noexcept -> std::string_view override { return "discover"; }
  /// Polls each tenant on a thread of its own.
  [[nodiscard]] auto run(Doorbell& upstream, Doorbell& downstream, const std::stop_token& stop)
      -> Result<> override;

  /// Polls all feeds of one tenant once. A feed that fails does not keep the others from theirs;
  /// the first error is returned when all were tried, one that a repetition may mend before a
  /// missing permission. Errors: as for `Stage::run`; unavailable and its like when a feed could
  /// not be listed; forbidden when a feed lacks a permission, also while it is not asked for.
  [[nodiscard]] auto poll(TenantFeed& tenant, Doorbell& downstream, const std::stop_token& stop)
      -> Result<>;

private:
  struct FeedPass;
  struct Blocked {
    Error reason;
    DateTime until; ///< When to ask again.
  };

  [[nodiscard]] auto
  poll_once(TenantFeed& tenant, Doorbell& downstream, const std::stop_token& stop) -> Result<>;
  [[nodiscard]] auto poll_until_stopped(TenantFeed& tenant,
                                        Doorbell& downstream,
                                        const std::stop_token& stop) -> Result<>;

  [[nodiscard]] auto ensure_subscribed(TenantFeed& tenant, const std::stop_token& stop) -> Result<>;
  [[nodiscard]] auto start_subscription(TenantFeed& tenant,
                                        activity::ContentType type,
                                        const std::stop_token& stop) -> Result<>;
  [[nodiscard]] auto list_feed(FeedPass& pass) -> Result<>;
  [[nodiscard]] auto list_window(FeedPass& pass, const activity::Window& window) -> Result<>;
  [[nodiscard]] auto list_pages(FeedPass& pass, const activity::Window& window) -> Result<>;
  [[nodiscard]] auto refuse(const FeedPass& pass, std::string_view entry, std::string_view reason)
      -> Result<>;
  [[nodiscard]] auto enter_page(FeedPass& pass, const activity::ContentPage& page) -> Result<>;
  [[nodiscard]] auto list_windows(FeedPass& pass, std::span<const activity::Window> windows)
      -> Result<>;
  [[nodiscard]] auto is_full_listing_due(const ledger::Feed& feed, DateTime now) -> Result<bool>;
  void note_blocked(const ledger::Feed& feed, const Error& error);
  /// Why the feed is not asked for now, if so.
  [[nodiscard]] auto why_blocked(const ledger::Feed& feed) -> std::optional<Error>;

  template <class Call>
  [[nodiscard]] auto with_retries(Call call, const std::stop_token& stop) -> decltype(call());

  const std::span<const std::unique_ptr<TenantFeed>> tenants_;
  ledger::Ledger& ledger_;
  const Options options_;
  Clock& clock_;
  Progress& progress_;
  SubscriptionKeeper keeper_;
  http::RetryPolicy retry_;
  std::mutex blocked_mutex_;
  /// Feeds that lack a permission.
  std::map<ledger::Feed, Blocked> blocked_;
};

} // namespace sluice::pipeline
