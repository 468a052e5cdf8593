// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "ledger/table_cases.hpp"
#include "ledger/table_contents.hpp"
#include "ledger/table_keys.hpp"

namespace sluice::ledger::tables {
namespace {

using Kind = azure::TableChange::Kind;

constexpr int most_looks = 20;

/// Back to where it waits.
auto waiting_group(ContentFacts content) -> ChangeGroup {
  content.state = State::listed;
  content.attempts = 0;
  content.next_attempt = {};
  content.holder.clear();
  content.takings = 0;
  auto changed = row_of(content);
  changed.properties = {{"State", static_cast<std::int64_t>(content.state)},
                        {"Generation", std::int64_t{content.generation}}};
  return {
      {Kind::merge, std::move(changed)},
      {Kind::insert_or_replace, to_entity(content, waiting_row(content.expiration, content.key))}};
}

auto has_staged(const ContentFacts& content) -> bool {
  return content.staged && (content.state == State::collected || content.state == State::delivered);
}

/// What becomes of a content when all are to be correlated anew and this tenant's to be collected
/// anew. `there` are the rows of the tenant that may have to go.
auto replay_group(ContentFacts content,
                  bool of_replayed_tenant,
                  const std::set<std::string, std::less<>>& there) -> ChangeGroup {
  const bool replayed = of_replayed_tenant && content.raw &&
                        (content.state == State::collected || content.state == State::delivered);
  if (!replayed) {
    if (!has_staged(content)) {
      return {};
    }
    return {{Kind::insert_or_replace,
             to_entity(content, staged_row(rows::uncorrelated, content.created, content.key))}};
  }
  ++content.generation;
  ChangeGroup group;
  for (const auto family : {rows::undelivered, rows::uncorrelated}) {
    auto row = staged_row(family, content.created, content.key);
    if (there.contains(row)) {
      group.push_back({Kind::remove,
                       {.partition_key = tenant_partition(content.key.feed.tenant),
                        .row_key = std::move(row),
                        .etag = "*"}});
    }
  }
  auto back = waiting_group(std::move(content));
  std::ranges::move(back, std::back_inserter(group));
  return group;
}

struct Replayed {
  std::set<ContentKey> done;
  std::uint64_t overtaken = 0;
};

auto replay_tenant(Space& space,
                   const std::string& tenant,
                   bool of_replayed_tenant,
                   Replayed& replayed) -> Result<> {
  std::set<std::string, std::less<>> there;
  for (const auto family : {rows::undelivered, rows::uncorrelated}) {
    TRY_DO(space.each(
        {.filter = rows_of(tenant_partition(tenant), family), .select = "PartitionKey,RowKey"},
        [&](const azure::TableEntity& entity) -> Result<> {
          there.insert(entity.row_key);
          return {};
        }));
  }
  std::vector<ChangeGroup> groups;
  std::vector<ContentKey> keys;
  TRY_DO(space.each_content({.filter = rows_of(tenant_partition(tenant), rows::contents)},
                            [&](ContentFacts facts) -> Result<bool> {
                              if (!replayed.done.contains(facts.key)) {
                                keys.push_back(facts.key);
                                groups.push_back(
                                    replay_group(std::move(facts), of_replayed_tenant, there));
                              }
                              return true;
                            }));
  TRY(const auto outcomes, space.commit(groups));
  replayed.overtaken = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const bool waits = groups[i].size() > 1;
    if (!outcomes[i]) {
      ++replayed.overtaken;
    } else if (waits) {
      replayed.done.insert(keys[i]);
    }
  }
  return {};
}

} // namespace

auto retry_quarantined(Space& space, const std::optional<std::string>& tenant)
    -> Result<std::uint64_t> {
  TRY(const auto tenants, space.tenants(tenant));
  std::uint64_t count = 0;
  for (const auto& each : tenants) {
    std::vector<ChangeGroup> groups;
    TRY_DO(space.each_content(
        {.filter = rows_of(tenant_partition(each), rows::contents) + " and State eq 4L"},
        [&](ContentFacts facts) -> Result<bool> {
          groups.push_back(waiting_group(std::move(facts)));
          return true;
        }));
    TRY(const auto outcomes, space.commit(groups));
    count += static_cast<std::uint64_t>(
        std::ranges::count_if(outcomes, [](const auto& o) { return o.has_value(); }));
  }
  return count;
}

auto request_replay(Space& space, const std::optional<std::string>& tenant)
    -> Result<std::uint64_t> {
  TRY_DO(begin_case_epoch(space));
  TRY(const auto tenants, space.tenants());
  std::uint64_t count = 0;
  for (const auto& each : tenants) {
    Replayed replayed;
    for (int look = 0; look == 0 || replayed.overtaken != 0; ++look) {
      if (look == most_looks) {
        return Error{ErrorKind::unavailable, "the ledger: others change it all the time"}.with_hint(
            "repeat the replay while nothing else runs");
      }
      TRY_DO(replay_tenant(space, each, !tenant || *tenant == each, replayed));
    }
    count += replayed.done.size();
  }
  return count;
}

} // namespace sluice::ledger::tables
