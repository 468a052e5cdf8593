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

constexpr std::string_view head_row = "head";
constexpr std::string_view state_rows = "state|";
constexpr std::string_view journal_rows = "journal|";
/// Set once some state has more than its row holds.
constexpr auto has_large_state = "LargeState";
/// Of the changes in one row of the journal.
constexpr std::size_t journal_row_bytes = 280'000;
/// Changes and bytes of one transaction, beside the head.
constexpr std::size_t most_changes = azure::Table::most_changes - 1;
constexpr std::size_t most_bytes = std::size_t{2} * 1024 * 1024;
constexpr std::size_t most_findings = 1'000;

auto not_leading() -> Error {
  return Error{ErrorKind::unavailable, "another worker leads the correlation"};
}

auto size_of(const azure::TableChange& change) -> std::size_t {
  return to_json(change.entity).size();
}

auto state_row(std::string_view key) -> std::string {
  return std::string{state_rows} + digest_part(key);
}

auto journal_row(std::size_t piece) -> std::string {
  return fmt::format("{}{:06}", journal_rows, piece);
}

/// Changes as lines: what is done, and the entity as JSON.
auto line_of(const azure::TableChange& change) -> std::string {
  return (change.kind == Kind::remove ? "-" : "+") + to_json(change.entity) + "\n";
}

auto changes_in(std::string_view lines) -> Result<ChangeGroup> {
  ChangeGroup changes;
  while (!lines.empty()) {
    const auto end = std::min(lines.find('\n'), lines.size());
    TRY(auto entity, azure::entity_from_json(lines.substr(1, end - 1)));
    const bool removes = lines.front() == '-';
    entity.etag = removes ? "*" : "";
    changes.push_back({removes ? Kind::remove : Kind::insert_or_replace, std::move(entity)});
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return changes;
}

/// Without removals of what is not there (any more).
auto still_to_do(const Space& space, ChangeGroup changes) -> Result<ChangeGroup> {
  std::vector<char> keep(changes.size(), 1);
  TRY_DO(in_parallel(changes.size(), [&](std::size_t i) -> Result<> {
    if (changes[i].kind == Kind::remove) {
      const auto& entity = changes[i].entity;
      TRY(const auto found, space.find(entity.partition_key, entity.row_key));
      keep[i] = found ? 1 : 0;
    }
    return {};
  }));
  ChangeGroup left;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (keep[i] != 0) {
      left.push_back(std::move(changes[i]));
    }
  }
  return left;
}

} // namespace

auto CaseBook::take_over() -> Result<bool> {
  const std::lock_guard lock{mutex_};
  return open_head();
}

/// Makes this worker the one who may write, if it leads.
auto CaseBook::open_head() -> Result<bool> {
  TRY(const auto number, leads_.number(role));
  if (number == 0) {
    head_.reset();
    return false;
  }
  TRY(const auto partition, cases_partition(space_));
  if (head_ && head_->partition_key == partition && number_ == number) {
    return true;
  }
  head_.reset();
  return read_head(number);
}

auto CaseBook::read_head(std::int64_t number) -> Result<bool> {
  TRY(const auto partition, cases_partition(space_));
  TRY(auto found, space_.find(partition, head_row));
  azure::TableEntity head{.partition_key = partition, .row_key = std::string{head_row}};
  const bool is_new = !found;
  if (found) {
    if (found->number("Number") > number) {
      return false; // Another has taken over since we asked.
    }
    head = *std::move(found);
  }
  head.properties.insert_or_assign("Number", number);
  TRY(const auto written,
      space_.commit(ChangeGroup{{is_new ? Kind::insert : Kind::replace, head}}));
  if (!written) {
    return false;
  }
  head.etag = written->front();
  head_ = std::move(head);
  number_ = number;
  TRY_DO(carry_out());
  TRY_DO(settle_contents());
  return true;
}

/// Makes the changes together with the head as it is to be now.
/// Errors: unavailable when another has written since.
auto CaseBook::write(ChangeGroup changes) -> Result<> {
  changes.insert(changes.begin(), {Kind::replace, *head_});
  TRY(const auto written, space_.commit(changes));
  if (!written) {
    head_.reset();
    return not_leading();
  }
  head_->etag = written->front();
  return {};
}

/// Writes the changes down and lets the head, as it is to be now, decide that they are to be made.
auto CaseBook::decide(const Changes& changes) -> Result<> {
  std::vector<std::string> pieces(1);
  for (const auto& [row, change] : changes) {
    auto line = line_of(change);
    if (!pieces.back().empty() && pieces.back().size() + line.size() > journal_row_bytes) {
      pieces.emplace_back();
    }
    pieces.back() += line;
  }
  const auto decided = *head_;
  TRY(const auto before, space_.find(head_->partition_key, head_row));
  if (!before || before->etag != head_->etag) {
    head_.reset();
    return not_leading();
  }
  head_->properties = before->properties;
  for (std::size_t piece = 0; piece < pieces.size(); ++piece) {
    azure::TableEntity entity{.partition_key = head_->partition_key, .row_key = journal_row(piece)};
    put_bytes(entity, "Changes", pieces[piece]);
    TRY_DO(write({{Kind::insert_or_replace, std::move(entity)}}));
  }
  FAILPOINT("ledger.journal_written");
  head_->properties = decided.properties;
  head_->properties.insert_or_assign("Journal", static_cast<std::int64_t>(pieces.size()));
  TRY_DO(write({}));
  FAILPOINT("ledger.journal_decided");
  return carry_out();
}

/// Makes the changes that were decided. Doing so twice is doing so once.
auto CaseBook::carry_out() -> Result<> {
  const auto pieces = static_cast<std::size_t>(head_->number("Journal"));
  if (pieces == 0) {
    return {};
  }
  for (std::size_t piece = 0; piece < pieces; ++piece) {
    TRY(const auto entity, space_.find(head_->partition_key, journal_row(piece)));
    if (!entity) {
      return Error{ErrorKind::corrupt, "the ledger: a part of the journal of cases is missing"};
    }
    TRY(const auto lines, bytes_of(*entity, "Changes"));
    TRY(auto all, changes_in(lines));
    TRY(const auto changes, still_to_do(space_, std::move(all)));
    for (auto rest = std::span{changes}; !rest.empty();) {
      const auto some = rest.first(std::min(rest.size(), most_changes));
      TRY_DO(write({some.begin(), some.end()}));
      FAILPOINT("ledger.journal_half_done");
      rest = rest.subspan(some.size());
    }
  }
  head_->properties.insert_or_assign("Journal", std::int64_t{0});
  return write({});
}

/// The contents of the last step are no longer to be correlated.
auto CaseBook::settle_contents() -> Result<> {
  TRY(const auto text, bytes_of(*head_, "Contents"));
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

auto CaseBook::parts_of(std::span<const StateItem> items) -> Result<std::vector<std::int64_t>> {
  std::vector<std::int64_t> parts(items.size());
  if (head_->number(has_large_state) == 0) {
    return parts;
  }
  TRY_DO(in_parallel(items.size(), [&](std::size_t i) -> Result<> {
    TRY(const auto row, space_.find(head_->partition_key, state_row(items[i].key)));
    parts[i] = row ? row->number("Parts") : 0;
    return {};
  }));
  return parts;
}

auto CaseBook::add_state(std::span<const StateItem> items, Changes& changes) -> Result<> {
  TRY(const auto parts, parts_of(items));
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto& item = items[i];
    azure::TableEntity entity{.partition_key = head_->partition_key,
                              .row_key = state_row(item.key)};
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
      head_->properties.insert_or_assign(has_large_state, std::int64_t{1});
    }
  }
  return {};
}

auto CaseBook::add_cases(std::span<const NewCase> cases, DateTime now, Changes& changes)
    -> Result<> {
  const auto& partition = head_->partition_key;
  std::map<std::string, std::int64_t> versions;
  auto sequence = head_->number("Sequence");
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
  head_->properties.insert_or_assign("Sequence", sequence);
  return {};
}

auto CaseBook::add_findings(std::span<const CaseFinding> findings, DateTime now, Changes& changes)
    -> Result<> {
  if (findings.empty()) {
    return {};
  }
  std::map<std::string, azure::TableEntity> all;
  TRY_DO(space_.each({.filter = rows_of(head_->partition_key, "finding|")},
                     [&](const azure::TableEntity& entity) -> Result<> {
                       all.insert_or_assign(entity.row_key, entity);
                       return {};
                     }));
  for (const auto& finding : findings) {
    const auto row = "finding|" + digest_part(escaped(finding.kind) + "|" + finding.text);
    auto& entity = all[row];
    entity.partition_key = head_->partition_key;
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
    std::erase_if(head_->properties,
                  [](const auto& property) { return property.first.starts_with("Contents"); });
    put_bytes(*head_, "Contents", contents);
    ChangeGroup group;
    std::size_t bytes = 0;
    for (const auto& [row, change] : changes) {
      bytes += size_of(change);
      group.push_back(change);
    }
    TRY(group, still_to_do(space_, std::move(group)));
    if (group.size() > most_changes || bytes > most_bytes) {
      return decide(changes);
    }
    return write(std::move(group));
  };
  if (auto recorded = record_all(); !recorded) {
    head_.reset(); // Whoever comes next reads how it stands.
    return recorded;
  }
  FAILPOINT("ledger.cases_before_position");
  return settle_contents();
}

} // namespace sluice::ledger::tables
