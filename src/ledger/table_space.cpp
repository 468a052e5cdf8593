// SPDX-License-Identifier: Apache-2.0
#include "ledger/table_space.hpp"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <thread>

#include "azure/storage_error.hpp"
#include "base/failpoint.hpp"
#include "base/parallel.hpp"
#include "ledger/table_keys.hpp"

namespace sluice::ledger::tables {
namespace {

constexpr std::size_t parallel_requests = 8;
/// Attempts at changing one entity that others change too.
constexpr int most_updates = 50;
constexpr auto tenant_rows = std::string_view{"tenant|"};

auto bytes_of_changes(const ChangeGroup& group) -> std::size_t {
  constexpr std::size_t overhead = 600;
  return std::accumulate(
      group.begin(), group.end(), std::size_t{0}, [](std::size_t sum, const auto& change) {
        return sum + overhead + to_json(change.entity).size();
      });
}

} // namespace

auto is_overtaken(const Error& error) -> bool {
  const bool no_entity = error.kind() == ErrorKind::gone && (error.code() == "ResourceNotFound" ||
                                                             error.code() == "EntityDoesNotExist");
  return no_entity || azure::is_conflict(error);
}

auto in_parallel(std::size_t count, const std::function<auto(std::size_t)->Result<>>& work)
    -> Result<> {
  return sluice::in_parallel(count, parallel_requests, work);
}

auto Space::create() const -> Result<> {
  TRY_DO(ledger_.create({}));
  TRY_DO(claims_.create({}));
  return {};
}

auto Space::commit(std::span<const ChangeGroup> groups) const -> Result<std::vector<GroupOutcome>> {
  std::vector<GroupOutcome> outcomes(groups.size());
  std::vector<std::vector<std::size_t>> packs;
  std::size_t changes = 0;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto& group = groups[i];
    if (group.empty()) {
      outcomes[i].emplace();
      continue;
    }
    const auto size = bytes_of_changes(group);
    const bool fits = !packs.empty() && changes + group.size() <= azure::Table::most_changes &&
                      bytes + size <= azure::Table::most_change_bytes &&
                      groups[packs.back().back()].front().entity.partition_key ==
                          group.front().entity.partition_key;
    if (!fits) {
      packs.emplace_back();
      changes = 0;
      bytes = 0;
    }
    packs.back().push_back(i);
    changes += group.size();
    bytes += size;
  }
  TRY_DO(in_parallel(packs.size(),
                     [&](std::size_t i) { return commit_pack(groups, packs[i], outcomes); }));
  return outcomes;
}

auto Space::commit_pack(std::span<const ChangeGroup> groups,
                        std::span<const std::size_t> pack,
                        std::span<GroupOutcome> outcomes) const -> Result<> {
  ChangeGroup all;
  for (const auto index : pack) {
    all.insert(all.end(), groups[index].begin(), groups[index].end());
  }
  auto done = ledger_.transact(all, {});
  if (done) {
    FAILPOINT("ledger.table_changed");
    auto etag = done->begin();
    for (const auto index : pack) {
      const auto end = etag + static_cast<std::ptrdiff_t>(groups[index].size());
      outcomes[index].emplace(etag, end);
      etag = end;
    }
    return {};
  }
  if (!is_overtaken(done.error())) {
    return std::move(done).error();
  }
  if (pack.size() == 1) {
    return {};
  }
  return in_parallel(pack.size(), [&](std::size_t i) {
    return commit_pack(groups, pack.subspan(i, 1), outcomes);
  });
}

auto Space::commit(const ChangeGroup& group) const -> Result<GroupOutcome> {
  TRY(auto outcomes, commit(std::span{&group, 1}));
  return std::move(outcomes.front());
}

auto Space::find(std::string_view partition, std::string_view row) const
    -> Result<std::optional<azure::TableEntity>> {
  auto found = ledger_.find(partition, row, {});
  if (!found && is_overtaken(found.error())) {
    return std::nullopt;
  }
  TRY(auto entity, std::move(found));
  return entity;
}

auto Space::find_facts(const ContentKey& key, std::string_view row) const
    -> Result<std::optional<ContentFacts>> {
  TRY(const auto entity, find(tenant_partition(key.feed.tenant), row));
  if (!entity) {
    return std::nullopt;
  }
  TRY(auto facts, facts_of(*entity));
  return facts;
}

auto Space::content(const ContentKey& key) const -> Result<ContentFacts> {
  TRY(auto facts, find_facts(key, content_row(key)));
  if (!facts) {
    return Error{ErrorKind::invalid_input, "the ledger does not know the content"};
  }
  return *std::move(facts);
}

auto Space::each(const azure::TableQuery& query,
                 const std::function<auto(const azure::TableEntity&)->Result<>>& visit) const
    -> Result<> {
  return ledger_.query(query, visit, {});
}

auto Space::each_content(const azure::TableQuery& query,
                         const std::function<auto(ContentFacts)->Result<bool>>& visit) const
    -> Result<> {
  bool ended = false;
  auto queried =
      ledger_.query(query,
                    [&](const azure::TableEntity& entity) -> Result<> {
                      TRY(auto facts, facts_of(entity));
                      TRY(const bool go_on, visit(std::move(facts)));
                      ended = !go_on;
                      return go_on ? Result<>{} : Result<>{Error{ErrorKind::cancelled, "enough"}};
                    },
                    {});
  return ended ? Result<>{} : queried;
}

auto Space::update(std::string_view partition,
                   std::string_view row,
                   const std::function<auto(azure::TableEntity&)->bool>& change) const -> Result<> {
  for (int attempt = 0; attempt < most_updates; ++attempt) {
    TRY(auto found, find(partition, row));
    const bool is_new = !found;
    auto entity = is_new ? azure::TableEntity{.partition_key = std::string{partition},
                                              .row_key = std::string{row}}
                         : *std::move(found);
    if (!change(entity)) {
      return {};
    }
    auto written = is_new ? ledger_.insert(entity, {}) : ledger_.replace(entity, {});
    if (written) {
      return {};
    }
    if (!is_overtaken(written.error())) {
      return std::move(written).error();
    }
  }
  return Error{ErrorKind::unavailable, "the ledger: too many change one entity at once"};
}

auto Space::tenants() const -> Result<std::vector<std::string>> {
  std::vector<std::string> all;
  TRY_DO(each({.filter = rows_of(ledger_partition, tenant_rows)}, [&](const auto& entity) {
    all.push_back(unescaped(entity.text("Tenant")));
    return Result<>{};
  }));
  std::ranges::sort(all);
  return all;
}

auto Space::tenants(const std::optional<std::string>& tenant) const
    -> Result<std::vector<std::string>> {
  return tenant ? Result<std::vector<std::string>>{std::vector{*tenant}} : tenants();
}

auto Space::require_tenant(const std::string& tenant) -> Result<> {
  const std::lock_guard lock{mutex_};
  if (known_tenants_.contains(tenant)) {
    return {};
  }
  TRY_DO(update(ledger_partition, tenant_partition(tenant), [&](azure::TableEntity& entity) {
    const auto text = escaped(tenant);
    const bool is_new = entity.text("Tenant") != text;
    entity.properties.insert_or_assign("Tenant", text);
    return is_new;
  }));
  known_tenants_.insert(tenant);
  return {};
}

} // namespace sluice::ledger::tables
