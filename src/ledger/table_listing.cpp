// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/failpoint.hpp"
#include "ledger/table_contents.hpp"
#include "ledger/table_keys.hpp"

namespace sluice::ledger::tables {
namespace {

using Kind = azure::TableChange::Kind;

/// Contents that a worker remembers to be entered; some 100 bytes each.
constexpr std::size_t most_known = 500'000;
/// What is kept of a text from outside.
constexpr std::size_t max_finding_bytes = 2'048;
constexpr std::size_t max_findings = 1'000;
constexpr std::string_view findings_partition = "findings";

auto entry_group(const ContentFacts& facts) -> ChangeGroup {
  return {{Kind::insert, to_entity(facts, content_row(facts.key))},
          {Kind::insert, to_entity(facts, waiting_row(facts.expiration, facts.key))}};
}

void put_feed(azure::TableEntity& entity, const Feed& feed) {
  entity.properties.insert_or_assign("Type", escaped(feed.content_type));
}

/// Removes the findings that were seen least lately, beyond the most that are kept.
auto trim_findings(Space& space) -> Result<> {
  std::vector<azure::TableEntity> all;
  TRY_DO(space.each(
      {.filter = rows_of(findings_partition, "finding|"), .select = "PartitionKey,RowKey,LastSeen"},
      [&](const azure::TableEntity& entity) -> Result<> {
        all.push_back(entity);
        return {};
      }));
  if (all.size() <= max_findings) {
    return {};
  }
  std::ranges::sort(
      all, std::ranges::greater{}, [](const auto& entity) { return entity.number("LastSeen"); });
  std::vector<ChangeGroup> removals;
  for (auto& entity : std::span{all}.subspan(max_findings)) {
    entity.etag = "*";
    removals.push_back({{Kind::remove, std::move(entity)}});
  }
  TRY_DO(space.commit(removals));
  return {};
}

} // namespace

auto Entrance::is_known(const std::string& row) -> bool {
  const std::lock_guard lock{mutex_};
  return known_.contains(row);
}

void Entrance::note_known(const std::string& row) {
  const std::lock_guard lock{mutex_};
  if (known_.size() >= most_known) {
    known_.clear();
  }
  known_.insert(row);
}

auto Entrance::enter(const Listing& listing) -> Result<EnterReport> {
  TRY_DO(space_.require_tenant(listing.feed.tenant));
  TRY(const auto before, watermark(space_, listing.feed));
  EnterReport report;
  std::vector<ContentFacts> unknown;
  std::set<std::string> rows;
  for (const auto& entry : listing.entries) {
    ContentFacts facts{.key = {listing.feed, entry.content_id},
                       .created = entry.created,
                       .expiration = entry.expiration};
    facts.raw = entry.raw;
    const auto row = listing.feed.tenant + content_row(facts.key);
    if (is_known(row) || !rows.insert(row).second) {
      ++report.known;
    } else {
      unknown.push_back(std::move(facts));
    }
  }
  std::vector<ChangeGroup> groups;
  std::ranges::transform(unknown, std::back_inserter(groups), entry_group);
  TRY(const auto outcomes, space_.commit(groups));
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    const bool added = outcomes[i].has_value();
    report.added += added ? 1U : 0U;
    report.known += added ? 0U : 1U;
    report.late += added && before && unknown[i].created < *before ? 1U : 0U;
    note_known(listing.feed.tenant + content_row(unknown[i].key));
  }
  FAILPOINT("ledger.entries_before_watermark");
  TRY_DO(space_.update(
      tenant_partition(listing.feed.tenant),
      feed_row(listing.feed.content_type),
      [&](azure::TableEntity& entity) {
        const bool is_new = entity.properties.empty();
        const auto now = time_in(entity, "Watermark");
        const bool moves = listing.complete_until && (!now || *listing.complete_until > *now);
        put_feed(entity, listing.feed);
        if (moves) {
          entity.properties.insert_or_assign("Watermark",
                                             listing.complete_until->since_year_one.count());
        }
        entity.properties.insert_or_assign(
            "Late", entity.number("Late") + static_cast<std::int64_t>(report.late));
        return is_new || moves || report.late != 0;
      }));
  return report;
}

auto find_feed(Space& space, const Feed& feed) -> Result<std::optional<azure::TableEntity>> {
  return space.find(tenant_partition(feed.tenant), feed_row(feed.content_type));
}

auto time_in(const azure::TableEntity& entity, std::string_view name) -> std::optional<DateTime> {
  if (!entity.properties.contains(name)) {
    return std::nullopt;
  }
  return DateTime{Ticks{std::clamp<std::int64_t>(entity.number(name), 0, DateTime::max_ticks)}};
}

auto watermark(Space& space, const Feed& feed) -> Result<std::optional<DateTime>> {
  TRY(const auto entity, find_feed(space, feed));
  return entity ? time_in(*entity, "Watermark") : std::nullopt;
}

auto postpone_subscription_start(Space& space, const Feed& feed, DateTime until) -> Result<> {
  TRY_DO(space.require_tenant(feed.tenant));
  return space.update(
      tenant_partition(feed.tenant), feed_row(feed.content_type), [&](azure::TableEntity& entity) {
        put_feed(entity, feed);
        entity.properties.insert_or_assign("StartAfter", until.since_year_one.count());
        return true;
      });
}

auto subscription_start_postponed(Space& space, const Feed& feed)
    -> Result<std::optional<DateTime>> {
  TRY(const auto entity, find_feed(space, feed));
  return entity ? time_in(*entity, "StartAfter") : std::nullopt;
}

auto record_untrusted(Space& space, const Finding& finding) -> Result<> {
  const auto entry = finding.entry.substr(0, max_finding_bytes);
  const auto why = finding.why.substr(0, max_finding_bytes);
  const auto& feed = finding.feed;
  bool is_new = false;
  TRY_DO(space.update(
      findings_partition,
      "finding|" + digest_part(escaped(feed.tenant) + "|" + escaped(feed.content_type) + "|" +
                               escaped(entry) + "|" + escaped(why)),
      [&](azure::TableEntity& entity) {
        is_new = entity.properties.empty();
        entity.properties.insert_or_assign("Tenant", escaped(feed.tenant));
        entity.properties.insert_or_assign("Type", escaped(feed.content_type));
        entity.properties.insert_or_assign("Entry", escaped(entry));
        entity.properties.insert_or_assign("Why", escaped(why));
        entity.properties.insert_or_assign("LastSeen", finding.last_seen.since_year_one.count());
        entity.properties.insert_or_assign("Times", entity.number("Times") + 1);
        return true;
      }));
  if (is_new) {
    TRY_DO(trim_findings(space));
  }
  return space.update(findings_partition, "total", [](azure::TableEntity& entity) {
    entity.properties.insert_or_assign("Times", entity.number("Times") + 1);
    return true;
  });
}

} // namespace sluice::ledger::tables
