// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/failpoint.hpp"
#include "ledger/collected_content.hpp"
#include "ledger/table_claims.hpp"
#include "ledger/table_contents.hpp"
#include "ledger/table_keys.hpp"

/// How a group of collected contents is recorded where no transaction spans it:
///
///  1. The row of each waiting content learns which raw object the archive has, and next to it is
///     written which record ids it is about to claim. From now on the content cannot expire.
///  2. The ids are claimed. Whoever comes later, for whatever reason, finds the same owners.
///  3. The waiting row goes, and everything that the content is from now on comes, at once.
///
/// A death in between leaves the content waiting; the next one who collects it claims the same ids
/// for the same content. Steps 1 and 3 demand the row as this worker last left it, so a worker that
/// was taken for dead, and whose work another has, is refused.
namespace sluice::ledger::tables {
namespace {

using Kind = azure::TableChange::Kind;

/// One content on its way. Without `now` it is not ours to record.
struct Passage {
  const CollectedContent* content = nullptr;
  std::optional<ContentFacts> now = {};
  CollectOutcome outcome = {};
};

/// Finds out where the content stands.
auto begin(Bench& bench, Passage& passage) -> Result<> {
  const auto& content = *passage.content;
  passage.now = bench.holds.find(content.key);
  if (passage.now) {
    return check_collected(content, passage.now->state, passage.now->generation);
  }
  TRY(const auto facts, bench.space.content(content.key));
  TRY_DO(check_collected(content, facts.state, facts.generation));
  if (facts.state == State::listed) {
    TRY(passage.now, own_waiting(bench, facts));
    passage.outcome.recorded = passage.now.has_value();
  } else {
    passage.outcome = {.duplicates = facts.duplicates, .state = facts.state, .former_staged = {}};
  }
  return {};
}

auto claimant_of(const Passage& passage) -> Claimant {
  return {.key = &passage.content->key,
          .owns = passage.now->owns,
          .record_ids = passage.content->claims};
}

/// The passages that this worker may still record.
auto open_passages(std::span<Passage> all) -> std::vector<Passage*> {
  std::vector<Passage*> open;
  for (auto& passage : all) {
    if (passage.now) {
      open.push_back(&passage);
    }
  }
  return open;
}

/// The row was not as we left it: what we held is another's, or it was our own request whose reply
/// was lost.
auto look_again(Bench& bench, Passage& passage) -> Result<> {
  bench.holds.erase(passage.content->key);
  auto before = std::exchange(passage.now, std::nullopt);
  TRY_DO(begin(bench, passage));
  if (passage.now && passage.now->etag == before->etag) {
    return Error{ErrorKind::unavailable, "the ledger refuses a change that nothing contradicts"};
  }
  return {};
}

auto announcement(const Space& space, const Passage& passage, DateTime now) -> Result<ChangeGroup> {
  auto facts = *passage.now;
  facts.raw = passage.content->raw;
  facts.owns = facts.owns || !passage.content->claims.empty();
  TRY(auto group, announce_claims(space, claimant_of(passage), now));
  const auto row = content_row(facts.key);
  group.insert(group.begin(),
               {{Kind::replace, to_entity(facts, facts.row)},
                {Kind::insert_or_replace, to_entity(facts, row)}});
  return group;
}

auto finished(const Passage& passage) -> ContentFacts {
  const auto& content = *passage.content;
  auto facts = *passage.now;
  facts.state = passage.outcome.state;
  facts.raw = content.raw;
  facts.staged = content.staged;
  facts.duplicates = passage.outcome.duplicates;
  facts.rules = content.rules;
  const auto duplicate = facts.duplicates.size();
  facts.counts = {.records = content.records,
                  .kept = content.claims.size() - duplicate,
                  .dropped = content.dropped,
                  .duplicate = duplicate,
                  .quarantined = content.quarantined};
  facts.attempts = 0;
  facts.next_attempt = {};
  facts.code.clear();
  facts.reason.clear();
  facts.holder.clear();
  facts.takings = 0;
  return facts;
}

auto finish(Passage& passage) -> ChangeGroup {
  const auto& content = *passage.content;
  // A destination that has rows of an earlier generation must hear that there are none now.
  const bool nothing_to_deliver =
      passage.outcome.duplicates.size() == content.claims.size() && passage.now->had.empty();
  passage.outcome.state = nothing_to_deliver ? State::delivered : State::collected;
  const auto& former = passage.now->staged;
  if (former && (!content.staged || former->name != content.staged->name)) {
    passage.outcome.former_staged = former;
  }
  const auto facts = finished(passage);
  ChangeGroup group{{Kind::remove, row_of(*passage.now)},
                    {Kind::insert_or_replace, to_entity(facts, content_row(facts.key))}};
  if (facts.staged) {
    group.push_back({Kind::insert_or_replace,
                     to_entity(facts, staged_row(rows::uncorrelated, facts.created, facts.key))});
  }
  if (facts.state == State::collected) {
    group.push_back({Kind::insert_or_replace,
                     to_entity(facts, staged_row(rows::undelivered, facts.created, facts.key))});
  }
  return group;
}

/// Makes the changes of `group_of` for all that are open. Those that were overtaken are looked at
/// again, and left out of what follows.
template <class GroupOf, class Done>
auto commit_all(Bench& bench,
                std::span<Passage> passages,
                const GroupOf& group_of,
                const Done& done) -> Result<> {
  for (auto open = open_passages(passages); !open.empty();) {
    std::vector<ChangeGroup> groups;
    for (auto* passage : open) {
      TRY(auto group, group_of(*passage));
      groups.push_back(std::move(group));
    }
    TRY(const auto outcomes, bench.space.commit(groups));
    std::vector<Passage*> again;
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (outcomes[i]) {
        done(*open[i], *outcomes[i]);
      } else {
        TRY_DO(look_again(bench, *open[i]));
        if (open[i]->now) {
          again.push_back(open[i]);
        }
      }
    }
    open = std::move(again);
  }
  return {};
}

auto claim_all(Bench& bench, std::span<Passage> passages) -> Result<> {
  const auto open = open_passages(passages);
  std::vector<Claimant> claimants;
  for (const auto* passage : open) {
    claimants.push_back(claimant_of(*passage));
  }
  for (const auto& claimant : claimants) {
    TRY_DO(give_up_others(bench.space, claimant));
  }
  TRY(auto duplicates, claim(bench.space, claimants));
  for (std::size_t i = 0; i < open.size(); ++i) {
    open[i]->outcome.duplicates = std::move(duplicates[i]);
  }
  return {};
}

} // namespace

auto record_collected(Bench& bench, std::span<const CollectedContent> contents, DateTime now)
    -> Result<std::vector<CollectOutcome>> {
  std::vector<Passage> passages;
  for (const auto& content : contents) {
    passages.push_back({.content = &content});
  }
  TRY_DO(in_parallel(passages.size(), [&](std::size_t i) { return begin(bench, passages[i]); }));
  TRY_DO(commit_all(
      bench,
      passages,
      [&](const Passage& passage) { return announcement(bench.space, passage, now); },
      [&](Passage& passage, const std::vector<std::string>& etags) {
        passage.now->etag = etags.front();
        passage.now->owns = passage.now->owns || !passage.content->claims.empty();
        if (bench.holds.find(passage.content->key)) {
          bench.holds.put(*passage.now);
        }
      }));
  FAILPOINT("ledger.claims_announced");
  TRY_DO(claim_all(bench, passages));
  FAILPOINT("ledger.claims_before_counts");
  TRY_DO(commit_all(
      bench,
      passages,
      [](Passage& passage) -> Result<ChangeGroup> { return finish(passage); },
      [](Passage&, const auto&) {}));
  std::vector<CollectOutcome> outcomes;
  for (auto& passage : passages) {
    bench.holds.erase(passage.content->key);
    outcomes.push_back(std::move(passage.outcome));
  }
  return outcomes;
}

} // namespace sluice::ledger::tables
