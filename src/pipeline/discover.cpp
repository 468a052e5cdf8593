// SPDX-License-Identifier: Apache-2.0
#include "pipeline/discover.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "pipeline/leading.hpp"

namespace sluice::pipeline {
namespace {

using activity::ContentType;
using activity::Window;

/// A subscription that was just started cannot be listed at once (observed).
constexpr auto start_settling = std::chrono::seconds{5};
/// Polls of a run that is to end, as long as some feed cannot be listed.
constexpr int polls_of_one_run = 5;
/// Starts of one subscription for the sake of one window.
constexpr int most_restarts = 3;
/// Listings of one window, or of one page, for the sake of addresses that were refused.
constexpr int most_listings = 5;
/// How soon a missing permission is asked for again.
constexpr auto permission_recheck = std::chrono::hours{1};

/// Whether the error ends the run rather than this poll of this feed.
auto ends_run(const Error& error) -> bool {
  return error.kind() == ErrorKind::storage || error.kind() == ErrorKind::corrupt ||
         error.kind() == ErrorKind::unauthorized || error.kind() == ErrorKind::cancelled;
}

/// What a content that came without its times is entered with: seen now, gone in the documented
/// week.
auto to_listed(const activity::Content& content, DateTime now) -> ledger::ListedContent {
  const auto created = content.created.value_or(now);
  return {content.id.text(),
          created,
          content.expiration.value_or(created + Ticks{std::chrono::hours{7 * 24}})};
}

/// Listing a tenant's feeds twice would do no harm but double the requests.
auto role_of(const TenantFeed& tenant) -> std::string {
  return fmt::format("discover/{}", tenant.id());
}

/// Where the ledger remembers when a feed was last listed as far back as the service goes.
auto full_listing_note(const ledger::Feed& feed) -> std::string {
  return fmt::format("full_listing/{}/{}", feed.tenant, feed.content_type);
}

} // namespace

/// One poll of one feed.
struct Discover::FeedPass {
  TenantFeed& tenant;
  ContentType type;
  ledger::Feed feed;
  Doorbell& downstream;
  const std::stop_token& stop;
  /// Ids whose entries led elsewhere, and that no listing of the window gave in order since.
  std::set<std::string> refused{};
  /// Every window so far was read without a gap: the watermark may move.
  bool complete = true;
};

Discover::Discover(std::span<const std::unique_ptr<TenantFeed>> tenants,
                   ledger::Ledger& ledger,
                   Options options,
                   Clock& clock,
                   Progress& progress)
    : tenants_{tenants},
      ledger_{ledger},
      options_{options},
      clock_{clock},
      progress_{progress},
      keeper_{ledger, clock},
      retry_{options.retry, options.seed} {}

auto Discover::run(Doorbell& /*upstream*/, Doorbell& downstream, const std::stop_token& stop)
    -> Result<> {
  std::mutex mutex;
  Result<> outcome;
  std::stop_source source;
  const std::stop_callback forward{stop, [&] { source.request_stop(); }};
  {
    std::vector<std::jthread> threads;
    for (const auto& tenant : tenants_) {
      threads.emplace_back([&, this] {
        auto polled = options_.once ? poll_once(*tenant, downstream, source.get_token())
                                    : poll_until_stopped(*tenant, downstream, source.get_token());
        if (!polled) {
          const std::lock_guard lock{mutex};
          const bool fatal = ends_run(polled.error()) && !source.stop_requested();
          if (fatal) {
            source.request_stop();
          }
          outcome = outcome || fatal ? std::move(polled) : std::move(outcome);
        }
      });
    }
  }
  downstream.close();
  return outcome;
}

/// One poll, made again when a feed could not be listed: nobody comes back in a minute.
auto Discover::poll_once(TenantFeed& tenant, Doorbell& downstream, const std::stop_token& stop)
    -> Result<> {
  TRY_DO(wait_to_lead(ledger_, role_of(tenant), clock_, stop));
  for (int repeat = 1;; ++repeat) {
    auto polled = poll(tenant, downstream, stop);
    if (polled || ends_run(polled.error()) || polled.error().kind() == ErrorKind::forbidden ||
        repeat == polls_of_one_run || !clock_.wait(options_.retry.first_wait, stop)) {
      return polled;
    }
  }
}

auto Discover::poll_until_stopped(TenantFeed& tenant,
                                  Doorbell& downstream,
                                  const std::stop_token& stop) -> Result<> {
  while (!stop.stop_requested()) {
    TRY(const bool leads, ledger_.lead(role_of(tenant)));
    if (!leads) {
      clock_.wait(standby_wait, stop);
      continue;
    }
    const auto begun = clock_.steady();
    auto polled = poll(tenant, downstream, stop);
    if (!polled && ends_run(polled.error())) {
      return polled;
    }
    clock_.wait(options_.interval - (clock_.steady() - begun), stop);
  }
  return {};
}

auto Discover::poll(TenantFeed& tenant, Doorbell& downstream, const std::stop_token& stop)
    -> Result<> {
  Result<> first_error;
  Result<> missing_permission;
  const auto note = [&](Result<> result, std::string_view what) {
    if (!result && result.error().kind() == ErrorKind::forbidden) {
      missing_permission = std::move(result); // `note_blocked` logged it.
    } else if (!result) {
      if (result.error().kind() != ErrorKind::cancelled) {
        log(LogLevel::warning,
            "listing_failed",
            result.error().message(),
            {{"tenant", tenant.id()}, {"content_type", what}, {"hint", result.error().hint()}});
      }
      first_error = first_error ? std::move(result) : std::move(first_error);
    }
  };
  auto subscribed = ensure_subscribed(tenant, stop);
  if (!subscribed && ends_run(subscribed.error())) {
    return subscribed;
  }
  note(std::move(subscribed), "all");
  for (const auto type : tenant.types) {
    const auto feed = tenant.feed(type);
    if (auto reason = why_blocked(feed)) {
      missing_permission = *std::move(reason);
      continue;
    }
    FeedPass pass{tenant, type, feed, downstream, stop};
    auto listed = list_feed(pass);
    if (!listed && ends_run(listed.error())) {
      return listed;
    }
    if (!listed && listed.error().kind() == ErrorKind::forbidden) {
      note_blocked(feed, listed.error());
    }
    note(std::move(listed), activity::wire_name(type));
  }
  return first_error ? std::move(missing_permission) : std::move(first_error);
}

auto Discover::ensure_subscribed(TenantFeed& tenant, const std::stop_token& stop) -> Result<> {
  TRY(const auto subscriptions,
      with_retries([&] { return tenant.subscriptions.list(stop); }, stop));
  bool started = false;
  Result<> outcome;
  for (const auto type : tenant.types) {
    const bool enabled = std::ranges::any_of(subscriptions, [&](const auto& subscription) {
      return subscription.type == type && subscription.enabled.value_or(true);
    });
    if (enabled || why_blocked(tenant.feed(type))) {
      continue;
    }
    auto result = start_subscription(tenant, type, stop);
    if (result) {
      started = true;
    } else if (ends_run(result.error())) {
      return std::move(result).error();
    } else {
      outcome = std::move(result).error();
    }
  }
  if (started) {
    clock_.wait(start_settling, stop);
  }
  return outcome;
}

auto Discover::start_subscription(TenantFeed& tenant, ContentType type, const std::stop_token& stop)
    -> Result<> {
  auto started = with_retries([&] { return keeper_.start(tenant, type, stop); }, stop);
  if (!started && started.error().kind() == ErrorKind::forbidden) {
    note_blocked(tenant.feed(type), started.error());
  }
  return started;
}

auto Discover::list_feed(FeedPass& pass) -> Result<> {
  const auto now = pass.tenant.connection.server_clock().now();
  TRY(const auto watermark, ledger_.watermark(pass.feed));
  TRY(const bool full, is_full_listing_due(pass.feed, now));
  auto options = options_.windows;
  if (full) {
    options.overlap = options.reach;
  }
  const auto plan = activity::plan_windows(now, watermark, options);
  if (plan.gap) {
    log(LogLevel::error,
        "gap",
        "content became available that the service no longer lists: it is lost here",
        {{"tenant", pass.feed.tenant},
         {"content_type", pass.feed.content_type},
         {"from", to_iso8601(plan.gap->start, 0)},
         {"until", to_iso8601(plan.gap->end, 0)}});
  }
  TRY_DO(list_windows(pass, plan.windows));
  if (!pass.complete) {
    return Error{ErrorKind::untrusted,
                 fmt::format("the listing of {} has entries whose addresses lead elsewhere",
                             pass.feed.content_type)}
        .with_hint("nothing was sent there; `sluice status` shows them, later runs look again");
  }
  return full ? ledger_.remember(full_listing_note(pass.feed), to_iso8601(now, 0)) : Result<>{};
}

auto Discover::list_windows(FeedPass& pass, std::span<const Window> windows) -> Result<> {
  for (const auto& window : windows) {
    auto listed = list_window(pass, window);
    for (int restart = 0; !listed && subscription_is_off(listed.error()) && restart < most_restarts;
         ++restart) {
      TRY_DO(start_subscription(pass.tenant, pass.type, pass.stop));
      clock_.wait(start_settling, pass.stop);
      listed = list_window(pass, window);
    }
    if (!listed && subscription_is_off(listed.error())) {
      return Error{ErrorKind::unavailable, listed.error().message()}
          .with_code(listed.error().code())
          .with_hint("the subscription was started but is still off; a later run looks again");
    }
    if (!listed) {
      return std::move(listed).while_doing(fmt::format("listing {} from {} to {}",
                                                       pass.feed.content_type,
                                                       to_iso8601(window.start, 0),
                                                       to_iso8601(window.end, 0)));
    }
  }
  return {};
}

/// Lists a window until every entry in it was usable at least once, and moves the watermark.
auto Discover::list_window(FeedPass& pass, const Window& window) -> Result<> {
  pass.refused.clear();
  for (int listing = 1; listing == 1 || (!pass.refused.empty() && listing <= most_listings);
       ++listing) {
    TRY_DO(list_pages(pass, window));
  }
  ++progress_.windows_listed;
  pass.complete = pass.complete && pass.refused.empty();
  if (!pass.complete) {
    return {}; // Later polls begin here again.
  }
  FAILPOINT("discover.before_watermark");
  const auto settled = pass.tenant.connection.server_clock().now() - Ticks{options_.settle};
  TRY_DO(ledger_.enter({.feed = pass.feed,
                        .entries = {},
                        .listed_at = clock_.now(),
                        .complete_until = std::min(window.end, settled)}));
  return {};
}

/// Enters all pages of a window. One that failed is asked for again, not those before it.
auto Discover::list_pages(FeedPass& pass, const Window& window) -> Result<> {
  activity::ContentListing listing{pass.tenant.connection, pass.type, window};
  for (int led_elsewhere = 0;;) {
    auto page = with_retries([&] { return listing.next_page(pass.stop); }, pass.stop);
    if (page && !*page) {
      return {};
    }
    if (page) {
      TRY_DO(enter_page(pass, **page));
      continue;
    }
    if (page.error().kind() != ErrorKind::untrusted) {
      return std::move(page).error();
    }
    TRY_DO(refuse(pass, "next page", page.error().message()));
    if (++led_elsewhere == most_listings) {
      return std::move(page).error();
    }
  }
}

/// Reports something in a listing that was not followed.
auto Discover::refuse(const FeedPass& pass, std::string_view entry, std::string_view reason)
    -> Result<> {
  ++progress_.entries_refused;
  log(LogLevel::error,
      "entry_refused",
      reason,
      {{"tenant", pass.feed.tenant}, {"content_type", pass.feed.content_type}, {"entry", entry}});
  return ledger_.record_untrusted(
      {pass.feed, std::string{entry}, std::string{reason}, clock_.now()});
}

auto Discover::enter_page(FeedPass& pass, const activity::ContentPage& page) -> Result<> {
  const auto now = clock_.now();
  std::vector<ledger::ListedContent> entries;
  entries.reserve(page.contents.size());
  std::ranges::transform(page.contents, std::back_inserter(entries), [&](const auto& content) {
    return to_listed(content, now);
  });
  for (const auto& finding : page.findings) {
    TRY_DO(refuse(pass, finding.content_id, finding.reason));
    if (finding.kind == ErrorKind::untrusted) {
      pass.refused.insert(finding.content_id);
    }
  }
  for (const auto& content : page.contents) {
    pass.refused.erase(content.id.text());
  }
  TRY(const auto report,
      ledger_.enter(
          {.feed = pass.feed, .entries = entries, .listed_at = now, .complete_until = {}}));
  FAILPOINT("discover.after_enter");
  progress_.contents_found += report.added;
  progress_.contents_late += report.late;
  if (report.added > 0) {
    pass.downstream.ring();
  }
  return {};
}

auto Discover::is_full_listing_due(const ledger::Feed& feed, DateTime now) -> Result<bool> {
  TRY(const auto text, ledger_.recall(full_listing_note(feed)));
  const auto last = text ? parse_iso8601(*text) : std::nullopt;
  return !last || now - *last >= Ticks{options_.full_listing_interval} || *last > now;
}

void Discover::note_blocked(const ledger::Feed& feed, const Error& error) {
  log(LogLevel::error,
      "permission_missing",
      error.message(),
      {{"tenant", feed.tenant}, {"content_type", feed.content_type}, {"hint", error.hint()}});
  const std::lock_guard lock{blocked_mutex_};
  blocked_.insert_or_assign(feed, Blocked{error, clock_.now() + Ticks{permission_recheck}});
}

auto Discover::why_blocked(const ledger::Feed& feed) -> std::optional<Error> {
  const std::lock_guard lock{blocked_mutex_};
  const auto blocked = blocked_.find(feed);
  return blocked != blocked_.end() && clock_.now() < blocked->second.until
             ? std::optional{blocked->second.reason}
             : std::nullopt;
}

template <class Call>
auto Discover::with_retries(Call call, const std::stop_token& stop) -> decltype(call()) {
  for (int retry = 1;; ++retry) {
    auto result = call();
    if (result) {
      return result;
    }
    const auto wait = retry_.wait_before(retry, result.error());
    if (!wait || !clock_.wait(*wait, stop)) {
      return result;
    }
    ++progress_.failures;
  }
}

} // namespace sluice::pipeline
