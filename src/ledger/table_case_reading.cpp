// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/guid.hpp"
#include "ledger/table_cases.hpp"
#include "ledger/table_contents.hpp"
#include "ledger/table_keys.hpp"

namespace sluice::ledger::tables {
namespace {

using Kind = azure::TableChange::Kind;

constexpr std::string_view epoch_row = "epoch";
constexpr std::string_view case_rows = "case|";

auto told_row(std::string_view destination) -> std::string {
  return "told|" + key_part(destination);
}

auto told_to(Space& space, std::string_view partition, std::string_view destination)
    -> Result<std::int64_t> {
  TRY(const auto entity, space.find(partition, told_row(destination)));
  return entity ? entity->number("Sequence") : 0;
}

auto sequence_of(const azure::TableEntity& entity) -> std::int64_t {
  std::int64_t sequence = 0;
  for (const char c : std::string_view{entity.row_key}.substr(case_rows.size())) {
    sequence = sequence * 10 + (c - '0');
  }
  return sequence;
}

auto version_of(const Space& space, const azure::TableEntity& entity) -> Result<CaseVersion> {
  CaseVersion version{.sequence = static_cast<std::uint64_t>(sequence_of(entity)),
                      .organization = unescaped(entity.text("Organization")),
                      .case_id = unescaped(entity.text("CaseId")),
                      .version = static_cast<std::uint32_t>(entity.number("Version")),
                      .told_at = {Ticks{entity.number("ToldAt")}},
                      .row = {}};
  TRY(version.row, large_of(space, entity, "Row"));
  return version;
}

/// The earlier of the two that are there.
auto earlier(std::optional<DateTime> a, std::optional<DateTime> b) -> std::optional<DateTime> {
  return a && b ? std::min(*a, *b) : (a ? a : b);
}

} // namespace

auto uncorrelated_contents(Space& space, std::size_t limit) -> Result<std::vector<Delivery>> {
  TRY(const auto tenants, space.tenants());
  std::vector<Delivery> all;
  for (const auto& tenant : tenants) {
    std::size_t of_tenant = 0;
    TRY_DO(space.each_content(
        {.filter = rows_of(tenant_partition(tenant), rows::uncorrelated),
         .page_size = static_cast<int>(std::clamp<std::size_t>(limit, 1, 1'000))},
        [&](const ContentFacts& facts) -> Result<bool> {
          all.push_back(delivery_of(facts));
          return ++of_tenant < limit;
        }));
  }
  put_in_order(all, limit);
  return all;
}

auto correlated_until(Space& space) -> Result<std::optional<DateTime>> {
  TRY(const auto tenants, space.tenants());
  std::optional<DateTime> listed;
  for (const auto& tenant : tenants) {
    TRY_DO(space.each({.filter = rows_of(tenant_partition(tenant), rows::feeds)},
                      [&](const azure::TableEntity& entity) -> Result<> {
                        listed = std::max(listed, time_in(entity, "Watermark"));
                        return {};
                      }));
  }
  auto until = listed;
  for (const auto& tenant : tenants) {
    const auto partition = tenant_partition(tenant);
    // What nobody can collect any more does not hold the time back.
    TRY_DO(
        space.each({.filter = rows_of(partition, rows::waiting), .select = "Created,Expires,Raw"},
                   [&](const azure::TableEntity& entity) -> Result<> {
                     if (entity.properties.contains("Raw") || time_in(entity, "Expires") > listed) {
                       until = earlier(until, time_in(entity, "Created"));
                     }
                     return {};
                   }));
    TRY_DO(space.each_content({.filter = rows_of(partition, rows::uncorrelated), .page_size = 1},
                              [&](const ContentFacts& facts) -> Result<bool> {
                                until = earlier(until, facts.created);
                                return false;
                              }));
  }
  return until;
}

auto case_epoch(Space& space) -> Result<std::string> {
  std::string epoch;
  TRY_DO(space.update(ledger_partition, epoch_row, [&](azure::TableEntity& entity) {
    epoch = entity.text("Epoch");
    if (!epoch.empty()) {
      return false;
    }
    epoch = random_guid();
    entity.properties.insert_or_assign("Epoch", epoch);
    return true;
  }));
  return epoch;
}

auto cases_partition(Space& space) -> Result<std::string> {
  TRY(const auto epoch, case_epoch(space));
  return "cases|" + epoch;
}

auto begin_case_epoch(Space& space) -> Result<> {
  TRY(const auto former, cases_partition(space));
  TRY_DO(space.update(ledger_partition, epoch_row, [&](azure::TableEntity& entity) {
    entity.properties.insert_or_assign("Epoch", random_guid());
    return true;
  }));
  std::vector<ChangeGroup> removals;
  TRY_DO(space.each(
      {.filter = "PartitionKey eq " + azure::filter_literal(former),
       .select = "PartitionKey,RowKey"},
      [&](const azure::TableEntity& entity) -> Result<> {
        removals.push_back(
            {{Kind::remove, {.partition_key = former, .row_key = entity.row_key, .etag = "*"}}});
        return {};
      }));
  TRY_DO(space.commit(removals));
  return {};
}

auto undelivered_cases(Space& space, std::string_view destination, std::size_t limit)
    -> Result<std::vector<CaseVersion>> {
  TRY(const auto partition, cases_partition(space));
  TRY(const auto told, told_to(space, partition, destination));
  std::vector<CaseVersion> versions;
  auto queried = space.each(
      {.filter = fmt::format("{} and RowKey gt {}",
                             rows_of(partition, case_rows),
                             azure::filter_literal(std::string{case_rows} + number_part(told))),
       .page_size = static_cast<int>(std::clamp<std::size_t>(limit, 1, 1'000))},
      [&](const azure::TableEntity& entity) -> Result<> {
        if (versions.size() == limit) {
          return Error{ErrorKind::cancelled, "enough"};
        }
        TRY(auto version, version_of(space, entity));
        versions.push_back(std::move(version));
        return {};
      });
  if (!queried && queried.error().kind() != ErrorKind::cancelled) {
    return std::move(queried).error();
  }
  return versions;
}

auto mark_cases_delivered(Space& space, std::string_view destination, std::uint64_t sequence)
    -> Result<> {
  TRY_DO(require_destination(space, destination));
  TRY(const auto partition, cases_partition(space));
  return space.update(partition, told_row(destination), [&](azure::TableEntity& entity) {
    const auto told = static_cast<std::int64_t>(sequence);
    const bool moves = told > entity.number("Sequence");
    entity.properties.insert_or_assign("Sequence", told);
    return moves;
  });
}

auto reset_cases(Space& space, std::string_view destination) -> Result<> {
  TRY(const auto partition, cases_partition(space));
  return space.update(partition, told_row(destination), [](azure::TableEntity& entity) {
    const bool told = entity.number("Sequence") != 0;
    entity.properties.insert_or_assign("Sequence", std::int64_t{0});
    return told;
  });
}

auto forget_cases(Space& space, DateTime before) -> Result<std::uint64_t> {
  TRY(const auto partition, cases_partition(space));
  TRY(const auto names, destinations(space));
  auto everywhere = std::numeric_limits<std::int64_t>::max();
  for (const auto& name : names) {
    TRY(const auto told, told_to(space, partition, name));
    everywhere = std::min(everywhere, told);
  }
  std::map<std::string, std::int64_t, std::less<>> newest;
  std::vector<azure::TableEntity> old;
  TRY_DO(space.each({.filter = rows_of(partition, case_rows),
                     .select = "PartitionKey,RowKey,CaseId,Version,ToldAt,Parts"},
                    [&](const azure::TableEntity& entity) -> Result<> {
                      auto& version = newest[std::string{entity.text("CaseId")}];
                      version = std::max(version, entity.number("Version"));
                      if (entity.number("ToldAt") < before.since_year_one.count() &&
                          sequence_of(entity) <= everywhere) {
                        old.push_back(entity);
                      }
                      return {};
                    }));
  std::vector<ChangeGroup> removals;
  for (auto& entity : old) {
    if (newest.find(entity.text("CaseId"))->second > entity.number("Version")) {
      auto group = removals_of_parts(entity);
      entity.etag = "*";
      group.push_back({Kind::remove, std::move(entity)});
      removals.push_back(std::move(group));
    }
  }
  TRY_DO(space.commit(removals));
  return removals.size();
}

auto case_findings(Space& space, std::size_t limit) -> Result<std::vector<CaseFinding>> {
  TRY(const auto partition, cases_partition(space));
  std::vector<CaseFinding> all;
  TRY_DO(space.each({.filter = rows_of(partition, "finding|")},
                    [&](const azure::TableEntity& entity) -> Result<> {
                      all.push_back({.kind = unescaped(entity.text("Kind")),
                                     .text = unescaped(entity.text("Text")),
                                     .times = static_cast<std::uint64_t>(entity.number("Times")),
                                     .last_seen = {Ticks{entity.number("LastSeen")}}});
                      return {};
                    }));
  std::ranges::sort(all, [](const auto& a, const auto& b) {
    return std::tie(b.last_seen, a.kind, a.text) < std::tie(a.last_seen, b.kind, b.text);
  });
  all.resize(std::min(all.size(), limit));
  return all;
}

} // namespace sluice::ledger::tables
