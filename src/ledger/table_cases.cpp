// SPDX-License-Identifier: Apache-2.0
#include "ledger/table_cases.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/failpoint.hpp"
#include "ledger/table_contents.hpp"
#include "ledger/table_keys.hpp"

namespace sluice::ledger::tables {
namespace {

using Kind = azure::TableChange::Kind;

constexpr std::string_view state_rows = "state|";
/// Set once some state has more than its row holds.
constexpr auto has_large_state = "LargeState";
/// Of one transaction, beside the head.
constexpr std::size_t most_bytes = std::size_t{2} * 1024 * 1024;
constexpr std::size_t most_findings = 1'000;

auto size_of(const azure::TableChange& change) -> std::size_t {
  return to_json(change.entity).size();
}

auto state_row(std::string_view key) -> std::string {
  return std::string{state_rows} + digest_part(key);
}

} // namespace

auto CaseBook::take_over() -> Result<bool> {
  const std::lock_guard lock{mutex_};
  return open_head();
}

/// Whether this worker may write; then the last step of another is finished.
auto CaseBook::open_head() -> Result<bool> {
  TRY(const auto standing, head_.open());
  if (standing == CaseHead::Standing::taken_over) {
    if (auto settled = settle_contents(); !settled) {
      head_.let_go();
      return std::move(settled).error();
    }
  }
  return standing != CaseHead::Standing::none;
}

/// The contents of the last step are no longer to be correlated.
auto CaseBook::settle_contents() -> Result<> {
  TRY(const auto text, bytes_of(head_.row(), "Contents"));
  std::vector<ChangeGroup> groups;
  for (std::string_view rest = text; !rest.empty();) {
    std::array<std::string, 3> parts;
    for (auto& part : parts) {
      const auto end = std::min(rest.find('\n'), rest.size());
      part = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    groups.push_back(
        {{Kind::remove, {.partition_key = parts[0], .row_key = parts[1], .etag = parts[2]}}});
  }
  // A row that changed since belongs to a later generation, or is gone already.
  TRY_DO(space_.commit(groups));
  return {};
}

/// Where the contents' rows are, as `settle_contents` reads it.
/// Errors: invalid_input for a content that the ledger does not know.
auto CaseBook::find_contents(std::span<const Delivery> contents) -> Result<std::string> {
  std::vector<std::string> texts(contents.size());
  TRY_DO(in_parallel(contents.size(), [&](std::size_t i) -> Result<> {
    const auto& [key, created] = std::tie(contents[i].key, contents[i].created);
    TRY(const auto row, space_.find_facts(key, staged_row(rows::uncorrelated, created, key)));
    if (!row) {
      TRY_DO(space_.content(key));
    } else if (row->generation == contents[i].generation) {
      texts[i] =
          fmt::format("{}\n{}\n{}\n", tenant_partition(key.feed.tenant), row->row, row->etag);
    }
    return {};
  }));
  std::string all;
  for (const auto& text : texts) {
    all += text;
  }
  return all;
}

auto CaseBook::state(const std::function<auto(const StateItem&)->Result<>>& visit) -> Result<> {
  TRY(const auto partition, cases_partition(space_));
  return space_.each({.filter = rows_of(partition, state_rows)},
                     [&](const azure::TableEntity& entity) -> Result<> {
                       TRY(auto key, bytes_of(entity, "Key"));
                       TRY(auto value, large_of(space_, entity, "Value"));
                       return visit({std::move(key), std::move(value)});
                     });
}

auto CaseBook::state_of(std::string_view key) -> Result<std::string> {
  TRY(const auto partition, cases_partition(space_));
  TRY(const auto row, space_.find(partition, state_row(key)));
  return row ? large_of(space_, *row, "Value") : std::string{};
}

auto CaseBook::parts_of(std::span<const StateItem> items) -> Result<std::vector<std::int64_t>> {
  std::vector<std::int64_t> parts(items.size());
  if (head_.row().number(has_large_state) == 0) {
    return parts;
  }
  TRY_DO(in_parallel(items.size(), [&](std::size_t i) -> Result<> {
    TRY(const auto row, space_.find(head_.partition(), state_row(items[i].key)));
    parts[i] = row ? row->number("Parts") : 0;
    return {};
  }));
  return parts;
}

auto CaseBook::add_state(std::span<const StateItem> items, Changes& changes) -> Result<> {
  TRY(const auto parts, parts_of(items));
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto& item = items[i];
    azure::TableEntity entity{.partition_key = head_.partition(), .row_key = state_row(item.key)};
    if (item.value.empty()) {
      entity.etag = "*";
      entity.properties.insert_or_assign("Parts", parts[i]);
      for (auto& removal : removals_of_parts(entity)) {
        changes.insert_or_assign(removal.entity.row_key, removal);
      }
      entity.properties.clear();
      changes.insert_or_assign(entity.row_key, azure::TableChange{Kind::remove, entity});
      continue;
    }
    put_bytes(entity, "Key", item.key);
    TRY(const auto more,
        put_large(std::move(entity),
                  "Value",
                  item.value,
                  parts[i],
                  "a piece of the correlator's state",
                  changes));
    if (more > 0) {
      head_.row().properties.insert_or_assign(has_large_state, std::int64_t{1});
    }
  }
  return {};
}

auto CaseBook::add_cases(std::span<const NewCase> cases, DateTime now, Changes& changes)
    -> Result<> {
  const auto& partition = head_.partition();
  std::map<std::string, std::int64_t> versions;
  auto sequence = head_.row().number("Sequence");
  for (const auto& told : cases) {
    const auto version_row = "version|" + digest_part(told.case_id);
    if (!versions.contains(version_row)) {
      TRY(const auto last, space_.find(partition, version_row));
      versions.emplace(version_row, last ? last->number("Version") : 0);
    }
    const auto version = ++versions.at(version_row);
    azure::TableEntity entity{.partition_key = partition,
                              .row_key = "case|" + number_part(++sequence),
                              .properties = {{"Organization", escaped(told.organization)},
                                             {"CaseId", escaped(told.case_id)},
                                             {"Version", version},
                                             {"ToldAt", now.since_year_one.count()}}};
    TRY_DO(put_large(std::move(entity), "Row", told.row, 0, "a case", changes));
  }
  for (const auto& [row, version] : versions) {
    changes.insert_or_assign(
        row,
        azure::TableChange{
            Kind::insert_or_replace,
            {.partition_key = partition, .row_key = row, .properties = {{"Version", version}}}});
  }
  head_.row().properties.insert_or_assign("Sequence", sequence);
  return {};
}

auto CaseBook::add_findings(std::span<const CaseFinding> findings, DateTime now, Changes& changes)
    -> Result<> {
  if (findings.empty()) {
    return {};
  }
  std::map<std::string, azure::TableEntity> all;
  TRY_DO(space_.each({.filter = rows_of(head_.partition(), "finding|")},
                     [&](const azure::TableEntity& entity) -> Result<> {
                       all.insert_or_assign(entity.row_key, entity);
                       return {};
                     }));
  for (const auto& finding : findings) {
    const auto row = "finding|" + digest_part(escaped(finding.kind) + "|" + finding.text);
    auto& entity = all[row];
    entity.partition_key = head_.partition();
    entity.row_key = row;
    entity.properties = {
        {"Kind", escaped(finding.kind)},
        {"Text", escaped(finding.text)},
        {"Times", entity.number("Times") + static_cast<std::int64_t>(finding.times)},
        {"LastSeen", now.since_year_one.count()}};
    changes.insert_or_assign(row, azure::TableChange{Kind::insert_or_replace, entity});
  }
  while (all.size() > most_findings) {
    const auto oldest = std::ranges::min_element(
        all, {}, [](const auto& entry) { return entry.second.number("LastSeen"); });
    oldest->second.etag = "*";
    changes.insert_or_assign(oldest->first, azure::TableChange{Kind::remove, oldest->second});
    all.erase(oldest);
  }
  return {};
}

auto CaseBook::record(const Correlated& correlated, DateTime now) -> Result<> {
  const std::lock_guard lock{mutex_};
  TRY(const bool leading, open_head());
  if (!leading) {
    return not_leading();
  }
  const auto record_all = [&]() -> Result<> {
    TRY(const auto contents, find_contents(correlated.contents));
    Changes changes;
    TRY_DO(add_state(correlated.state, changes));
    TRY_DO(add_cases(correlated.cases, now, changes));
    TRY_DO(add_findings(correlated.findings, now, changes));
    std::erase_if(head_.row().properties,
                  [](const auto& property) { return property.first.starts_with("Contents"); });
    put_bytes(head_.row(), "Contents", contents);
    ChangeGroup group;
    std::size_t bytes = 0;
    for (const auto& [row, change] : changes) {
      bytes += size_of(change);
      group.push_back(change);
    }
    TRY(group, still_to_do(space_, std::move(group)));
    if (group.size() > most_changes_beside_head || bytes > most_bytes) {
      return head_.decide(changes);
    }
    return head_.write(std::move(group));
  };
  if (auto recorded = record_all(); !recorded) {
    head_.let_go(); // Whoever comes next reads how it stands.
    return recorded;
  }
  FAILPOINT("ledger.cases_before_position");
  return settle_contents();
}

} // namespace sluice::ledger::tables
