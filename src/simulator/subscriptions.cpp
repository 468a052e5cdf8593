// SPDX-License-Identifier: Apache-2.0
#include "simulator/subscriptions.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace sluice::simulator {
namespace {

constexpr int most_by_fault = 3;

auto minutes_and_seconds(Ticks wait) -> std::string {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  return fmt::format("{}m {}s", seconds / 60, seconds % 60);
}

} // namespace

auto Visibility::shows(DateTime ingested) const -> bool {
  return ingested >= from_ && ingested <= until_ &&
         std::ranges::none_of(gaps_, [ingested](const auto& gap) {
           return ingested >= gap.first && ingested < gap.second;
         });
}

auto Subscriptions::entry(std::string_view client_id, ContentType type) -> Entry& {
  auto at = by_client_.find(client_id);
  if (at == by_client_.end()) {
    at = by_client_.emplace(std::string{client_id}, Entries{}).first;
  }
  return at->second[index_of(type)];
}

auto Subscriptions::start(std::string_view client_id,
                          ContentType type,
                          std::optional<Webhook> webhook,
                          DateTime now) -> ApiResult<SubscriptionState> {
  const std::lock_guard lock{mutex_};
  auto& subscription = entry(client_id, type);
  if (subscription.last_start && now - *subscription.last_start < rules_.start_interval) {
    return refuse("429",
                  minutes_and_seconds(*subscription.last_start + rules_.start_interval - now));
  }
  if (subscription.enabled && subscription.webhook == webhook) {
    return refuse("AF20024");
  }
  if (subscription.stopped) {
    subscription.gaps.emplace_back(*std::exchange(subscription.stopped, std::nullopt), now);
  }
  subscription.known = true;
  subscription.enabled = true;
  subscription.webhook = std::move(webhook);
  subscription.first_start = subscription.first_start.value_or(now);
  subscription.last_start = now;
  return SubscriptionState{.type = type, .enabled = true, .webhook = subscription.webhook};
}

void Subscriptions::stop(std::string_view client_id, ContentType type, DateTime now) {
  const std::lock_guard lock{mutex_};
  auto& subscription = entry(client_id, type);
  if (std::exchange(subscription.enabled, false) && !subscription.stopped) {
    subscription.stopped = now;
  }
}

auto Subscriptions::list(std::string_view client_id) const -> std::vector<SubscriptionState> {
  const std::lock_guard lock{mutex_};
  std::vector<SubscriptionState> states;
  const auto at = by_client_.find(client_id);
  for (const auto type : content_types) {
    if (at != by_client_.end() && at->second[index_of(type)].known) {
      const auto& subscription = at->second[index_of(type)];
      states.push_back({type, subscription.enabled, subscription.webhook});
    } else if (rules_.always_on) {
      states.push_back({type, true, std::nullopt});
    }
  }
  return states;
}

auto Subscriptions::view(std::string_view client_id, ContentType type, DateTime now) const
    -> ApiResult<Visibility> {
  const std::lock_guard lock{mutex_};
  const auto at = by_client_.find(client_id);
  const auto subscription = at == by_client_.end() ? Entry{} : at->second[index_of(type)];
  Visibility visibility;
  visibility.until_ = now;
  if (rules_.always_on && !subscription.known && subscription.drops == 0) {
    return visibility;
  }
  if (!subscription.known) {
    return refuse("AF20022");
  }
  if (!subscription.enabled) {
    return refuse("AF20023");
  }
  if (now < *subscription.first_start + rules_.first_content_delay) {
    visibility.from_ = now + Ticks{1};
    return visibility;
  }
  visibility.from_ = *subscription.first_start - rules_.backfill;
  visibility.gaps_ = subscription.gaps;
  return visibility;
}

auto Subscriptions::drop(std::string_view client_id, ContentType type) -> bool {
  const std::lock_guard lock{mutex_};
  auto& subscription = entry(client_id, type);
  if (!subscription.enabled || subscription.drops == most_by_fault) {
    return false;
  }
  ++subscription.drops;
  subscription.known = subscription.enabled = false;
  subscription.last_start.reset();
  return true;
}

auto Subscriptions::disable(std::string_view client_id, ContentType type) -> bool {
  const std::lock_guard lock{mutex_};
  auto& subscription = entry(client_id, type);
  if (!subscription.enabled || subscription.disablings == most_by_fault) {
    return false;
  }
  ++subscription.disablings;
  subscription.enabled = false;
  subscription.last_start.reset();
  return true;
}

} // namespace sluice::simulator
