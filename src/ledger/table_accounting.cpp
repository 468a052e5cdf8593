// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "ledger/table_contents.hpp"
#include "ledger/table_keys.hpp"

namespace sluice::ledger::tables {
namespace {

constexpr std::string_view memory_partition = "memory";

using Feeds = std::map<std::string, FeedAccount>;
using Rules = std::map<std::string, std::uint64_t>;

void add_content(FeedAccount& feed, const ContentFacts& content) {
  ++feed.entered;
  switch (content.state) {
  case State::listed:
    ++feed.waiting;
    break;
  case State::collected:
    ++feed.collected;
    break;
  case State::delivered:
    ++feed.delivered;
    break;
  case State::expired:
    ++feed.expired;
    break;
  case State::quarantined:
    ++feed.quarantined;
    break;
  }
  feed.records.records += content.counts.records;
  feed.records.kept += content.counts.kept;
  feed.records.dropped += content.counts.dropped;
  feed.records.duplicate += content.counts.duplicate;
  feed.records.quarantined += content.counts.quarantined;
  const bool in_flight = content.state == State::listed || content.state == State::collected;
  if (in_flight && (!feed.oldest_in_flight || content.created < *feed.oldest_in_flight)) {
    feed.oldest_in_flight = content.created;
  }
}

auto add_tenant(Space& space, const std::string& tenant, Account& account) -> Result<> {
  Feeds feeds_of_tenant;
  Rules rules;
  TRY_DO(space.each({.filter = rows_of(tenant_partition(tenant), rows::feeds)},
                    [&](const azure::TableEntity& entity) -> Result<> {
                      const auto type = unescaped(entity.text("Type"));
                      auto& feed = feeds_of_tenant[type];
                      feed.feed = {tenant, type};
                      feed.late = static_cast<std::uint64_t>(entity.number("Late"));
                      feed.watermark = time_in(entity, "Watermark");
                      return {};
                    }));
  TRY_DO(space.each_content({.filter = rows_of(tenant_partition(tenant), rows::contents)},
                            [&](const ContentFacts& facts) -> Result<bool> {
                              auto& feed = feeds_of_tenant[facts.key.feed.content_type];
                              feed.feed = facts.key.feed;
                              add_content(feed, facts);
                              for (const auto& rule : facts.rules) {
                                rules[rule.rule] += rule.matched;
                              }
                              return true;
                            }));
  for (auto& [type, feed] : feeds_of_tenant) {
    account.feeds.push_back(std::move(feed));
  }
  for (const auto& [rule, matched] : rules) {
    account.rules.push_back({tenant, rule, matched});
  }
  return {};
}

auto trouble_of(const ContentFacts& facts) -> Trouble {
  return {.key = facts.key,
          .state = facts.state,
          .created = facts.created,
          .expiration = facts.expiration,
          .attempts = facts.attempts,
          .next_attempt = facts.next_attempt,
          .code = facts.code,
          .reason = facts.reason};
}

} // namespace

auto account(Space& space, const std::optional<std::string>& tenant) -> Result<Account> {
  Account account;
  TRY(const auto tenants, space.tenants(tenant));
  for (const auto& each : tenants) {
    TRY_DO(add_tenant(space, each, account));
  }
  TRY(const auto total, space.find("findings", "total"));
  account.untrusted = total ? static_cast<std::uint64_t>(total->number("Times")) : 0;
  return account;
}

auto troubles(Space& space, std::size_t limit) -> Result<std::vector<Trouble>> {
  TRY(const auto tenants, space.tenants());
  std::vector<Trouble> all;
  const auto add = [&](const ContentFacts& facts) -> Result<bool> {
    all.push_back(trouble_of(facts));
    return true;
  };
  for (const auto& tenant : tenants) {
    const auto partition = tenant_partition(tenant);
    TRY_DO(space.each_content({.filter = rows_of(partition, rows::contents) + " and State eq 4L"},
                              add));
    TRY_DO(space.each_content({.filter = rows_of(partition, rows::waiting) + " and Attempts gt 0L"},
                              add));
  }
  std::ranges::sort(all, [](const auto& a, const auto& b) {
    return std::tie(b.state, a.created, a.key) < std::tie(a.state, b.created, b.key);
  });
  all.resize(std::min(all.size(), limit));
  return all;
}

auto findings(Space& space, std::size_t limit) -> Result<std::vector<Finding>> {
  std::vector<Finding> all;
  TRY_DO(space.each(
      {.filter = rows_of("findings", "finding|")},
      [&](const azure::TableEntity& entity) -> Result<> {
        all.push_back({.feed = {unescaped(entity.text("Tenant")), unescaped(entity.text("Type"))},
                       .entry = unescaped(entity.text("Entry")),
                       .why = unescaped(entity.text("Why")),
                       .last_seen = {Ticks{entity.number("LastSeen")}},
                       .times = static_cast<std::uint64_t>(entity.number("Times"))});
        return {};
      }));
  std::ranges::sort(all, std::ranges::greater{}, &Finding::last_seen);
  all.resize(std::min(all.size(), limit));
  return all;
}

auto remember(Space& space, std::string_view name, std::string_view value) -> Result<> {
  return space.update(memory_partition, key_part(name), [&](azure::TableEntity& entity) {
    entity.properties.insert_or_assign("Value", escaped(value));
    return true;
  });
}

auto recall(Space& space, std::string_view name) -> Result<std::optional<std::string>> {
  TRY(const auto entity, space.find(memory_partition, key_part(name)));
  return entity ? std::optional{unescaped(entity->text("Value"))} : std::nullopt;
}

} // namespace sluice::ledger::tables
