// SPDX-License-Identifier: Apache-2.0
#include "ledger/table_case_head.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/failpoint.hpp"
#include "ledger/table_cases.hpp"

namespace sluice::ledger::tables {
namespace {

using Kind = azure::TableChange::Kind;

constexpr std::string_view head_row = "head";
constexpr std::string_view journal_rows = "journal|";
/// Of the changes in one row of the journal.
constexpr std::size_t journal_row_bytes = 280'000;

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

/// Lines of changes, none of which is cut.
auto pieces_of(const RowChanges& changes) -> std::vector<std::string> {
  std::vector<std::string> pieces(1);
  for (const auto& [row, change] : changes) {
    auto line = line_of(change);
    if (!pieces.back().empty() && pieces.back().size() + line.size() > journal_row_bytes) {
      pieces.emplace_back();
    }
    pieces.back() += line;
  }
  return pieces;
}

} // namespace

auto not_leading() -> Error {
  return Error{ErrorKind::unavailable, "another worker leads the correlation"};
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

auto CaseHead::open() -> Result<Standing> {
  TRY(const auto number, leads_.number(role));
  if (number == 0) {
    head_.reset();
    return Standing::none;
  }
  TRY(auto partition, cases_partition(space_));
  if (head_ && head_->partition_key == partition && number_ == number) {
    return Standing::kept;
  }
  head_.reset();
  TRY(const bool is_ours, read(number, std::move(partition)));
  if (!is_ours) {
    return Standing::none;
  }
  if (auto done = carry_out(); !done) {
    head_.reset(); // What was decided comes before anything else: the next one begins with it.
    return std::move(done).error();
  }
  return Standing::taken_over;
}

auto CaseHead::read(std::int64_t number, std::string partition) -> Result<bool> {
  TRY(auto found, space_.find(partition, head_row));
  azure::TableEntity head{.partition_key = std::move(partition), .row_key = std::string{head_row}};
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
  return true;
}

auto CaseHead::write(ChangeGroup changes) -> Result<> {
  changes.insert(changes.begin(), {Kind::replace, *head_});
  TRY(const auto written, space_.commit(changes));
  if (!written) {
    head_.reset();
    return not_leading();
  }
  head_->etag = written->front();
  return {};
}

/// The changes are written down first; then the head, as it is to be now, says that they are to be
/// made.
auto CaseHead::decide(const RowChanges& changes) -> Result<> {
  const auto pieces = pieces_of(changes);
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
auto CaseHead::carry_out() -> Result<> {
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
      const auto some = rest.first(std::min(rest.size(), most_changes_beside_head));
      TRY_DO(write({some.begin(), some.end()}));
      FAILPOINT("ledger.journal_half_done");
      rest = rest.subspan(some.size());
    }
  }
  head_->properties.insert_or_assign("Journal", std::int64_t{0});
  return write({});
}

} // namespace sluice::ledger::tables
