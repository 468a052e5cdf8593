// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <random>

#include <fmt/format.h>

#include "ledger/table_contents.hpp"
#include "ledger/table_keys.hpp"

namespace sluice::ledger::tables {
namespace {

using Kind = azure::TableChange::Kind;

constexpr std::size_t max_reason_bytes = 2'048;
/// Looks at the waiting rows before a worker that always comes too late gives up for now.
constexpr int most_looks = 5;

auto short_text(const std::string& text) -> std::string {
  return text.substr(0, max_reason_bytes);
}

/// A change of the row of a waiting content; the row is as it was read.
auto held_change(const ContentFacts& facts) -> azure::TableChange {
  auto entity = row_of(facts);
  entity.properties = {{"Holder", facts.holder},
                       {"Takings", std::int64_t{facts.takings}},
                       {"Attempts", std::int64_t{facts.attempts}},
                       {"NextAttempt", facts.next_attempt.since_year_one.count()},
                       {"Code", escaped(facts.code)},
                       {"Reason", escaped(facts.reason)}};
  return {Kind::merge, std::move(entity)};
}

/// Due contents of one tenant in the order of expiration, whoever holds them.
auto due_of(Bench& bench, const std::string& tenant, DateTime now, std::size_t most)
    -> Result<std::vector<ContentFacts>> {
  std::vector<ContentFacts> due;
  std::vector<ContentFacts> of_others;
  TRY_DO(bench.space.each_content(
      {.filter = fmt::format("{} and NextAttempt le {}L",
                             rows_of(tenant_partition(tenant), rows::waiting),
                             now.since_year_one.count()),
       .page_size = static_cast<int>(std::clamp<std::size_t>(most * 2, 20, 1'000))},
      [&](ContentFacts facts) -> Result<bool> {
        if (facts.holder.empty() ||
            (facts.holder == bench.workers.id() && !bench.holds.find(facts.key))) {
          due.push_back(std::move(facts));
        } else if (facts.holder != bench.workers.id()) {
          of_others.push_back(std::move(facts));
        }
        return due.size() < most;
      }));
  if (!of_others.empty()) {
    TRY_DO(bench.workers.observe()); // After the rows: who holds one has joined before.
    for (auto& facts : of_others) {
      if (bench.workers.is_dead(facts.holder)) {
        due.push_back(std::move(facts));
      }
    }
  }
  return due;
}

auto due_in_order(Bench& bench, const WorkQuery& query, std::size_t most)
    -> Result<std::vector<ContentFacts>> {
  TRY(const auto tenants, bench.space.tenants(query.tenant));
  std::vector<ContentFacts> due;
  for (const auto& tenant : tenants) {
    TRY(auto some, due_of(bench, tenant, query.now, most));
    std::ranges::move(some, std::back_inserter(due));
  }
  std::ranges::sort(due, {}, [](const auto& facts) {
    return std::tie(facts.expiration, facts.created, facts.key);
  });
  return due;
}

auto set_aside_poison(Bench& bench, const ContentFacts& facts) -> Result<> {
  const Error error{ErrorKind::invalid_input,
                    fmt::format("{} workers in a row have taken it and were never heard of again",
                                facts.takings)};
  auto done = give_up(bench, facts.key, State::quarantined, error);
  const bool overtaken = !done && done.error().kind() == ErrorKind::invalid_input;
  return overtaken ? Result<>{} : done;
}

auto to_item(const ContentFacts& facts) -> WorkItem {
  return {.key = facts.key,
          .created = facts.created,
          .expiration = facts.expiration,
          .attempts = facts.attempts,
          .generation = facts.generation,
          .raw = facts.raw};
}

} // namespace

auto Holds::find(const ContentKey& key) -> std::optional<ContentFacts> {
  const std::lock_guard lock{mutex_};
  const auto found = held_.find(key);
  return found == held_.end() ? std::nullopt : std::optional{found->second};
}

void Holds::put(ContentFacts facts) {
  const std::lock_guard lock{mutex_};
  auto key = facts.key;
  held_.insert_or_assign(std::move(key), std::move(facts));
}

void Holds::erase(const ContentKey& key) {
  const std::lock_guard lock{mutex_};
  held_.erase(key);
}

auto Holds::all() -> std::vector<ContentFacts> {
  const std::lock_guard lock{mutex_};
  std::vector<ContentFacts> facts;
  for (const auto& [key, held] : held_) {
    facts.push_back(held);
  }
  return facts;
}

auto take_work(Bench& bench, const WorkQuery& query) -> Result<std::vector<WorkItem>> {
  TRY_DO(bench.workers.join());
  std::vector<WorkItem> items;
  for (int look = 0; look < most_looks && items.size() < query.limit; ++look) {
    const auto wanted = query.limit - items.size();
    TRY(auto due, due_in_order(bench, query, wanted));
    const auto poison = std::ranges::stable_partition(
        due, [&](const auto& facts) { return facts.takings < bench.most_takings; });
    for (const auto& facts : poison) {
      TRY_DO(set_aside_poison(bench, facts));
    }
    due.erase(poison.begin(), poison.end());
    due.resize(std::min(due.size(), wanted));
    std::vector<ChangeGroup> groups;
    for (auto& facts : due) {
      facts.holder = bench.workers.id();
      ++facts.takings;
      groups.push_back({held_change(facts)});
    }
    TRY(const auto outcomes, bench.space.commit(groups));
    bool overtaken = false;
    for (std::size_t i = 0; i < due.size(); ++i) {
      if (outcomes[i]) {
        due[i].etag = outcomes[i]->front();
        items.push_back(to_item(due[i]));
        bench.holds.put(std::move(due[i]));
      } else {
        overtaken = true;
      }
    }
    if (!overtaken) {
      break;
    }
  }
  return items;
}

auto next_attempt(Space& space, const std::string& tenant) -> Result<std::optional<DateTime>> {
  std::optional<DateTime> next;
  TRY_DO(space.each(
      {.filter = rows_of(tenant_partition(tenant), rows::waiting), .select = "NextAttempt"},
      [&](const azure::TableEntity& entity) -> Result<> {
        const auto due = time_in(entity, "NextAttempt");
        next = due && next ? std::min(*due, *next) : due;
        return {};
      }));
  return next;
}

void release(Bench& bench, std::span<const ContentKey> keys) {
  std::vector<ChangeGroup> groups;
  for (const auto& key : keys) {
    if (auto facts = bench.holds.find(key)) {
      facts->holder.clear();
      facts->takings = 0;
      groups.push_back({held_change(*facts)});
      bench.holds.erase(key);
    }
  }
  // When it fails the content comes free with the end of this worker.
  static_cast<void>(bench.space.commit(groups));
}

auto own_waiting(Bench& bench, const ContentFacts& content) -> Result<std::optional<ContentFacts>> {
  TRY(auto row, bench.space.find_facts(content.key, waiting_row(content.expiration, content.key)));
  if (!row || row->holder.empty() || row->holder == bench.workers.id()) {
    return row;
  }
  TRY_DO(bench.workers.observe());
  return bench.workers.is_dead(row->holder) ? std::move(row) : std::nullopt;
}

auto record_failure(Bench& bench, const ContentKey& key, const Error& error, DateTime next_attempt)
    -> Result<> {
  auto held = bench.holds.find(key);
  bench.holds.erase(key);
  for (int look = 0; look < most_looks; ++look) {
    if (!held) {
      TRY(const auto content, bench.space.content(key));
      TRY(held, own_waiting(bench, content));
    }
    if (!held) {
      return {}; // It has come to its end, or another tries it now.
    }
    held->holder.clear();
    held->takings = 0;
    ++held->attempts;
    held->next_attempt = next_attempt;
    held->code = short_text(error.code());
    held->reason = short_text(error.message());
    TRY(const auto done, bench.space.commit(ChangeGroup{held_change(*held)}));
    if (done) {
      return {};
    }
    held.reset();
  }
  return {};
}

auto give_up(Bench& bench, const ContentKey& key, State end, const Error& error) -> Result<> {
  bench.holds.erase(key);
  for (int look = 0; look < most_looks; ++look) {
    TRY(const auto content, bench.space.content(key));
    const bool allowed = content.state == end || content.state == State::listed ||
                         (content.state == State::collected && end == State::quarantined);
    if (!allowed) {
      return Error{ErrorKind::invalid_input,
                   fmt::format("a content that is {} cannot become {}",
                               name_of(content.state),
                               name_of(end))};
    }
    auto changed = row_of(content);
    changed.properties = {{"State", static_cast<std::int64_t>(end)},
                          {"Code", escaped(short_text(error.code()))},
                          {"Reason", escaped(short_text(error.message()))}};
    ChangeGroup group{{Kind::merge, std::move(changed)}};
    for (const auto& row : {waiting_row(content.expiration, key),
                            staged_row(rows::undelivered, content.created, key),
                            staged_row(rows::uncorrelated, content.created, key)}) {
      TRY(const auto there, bench.space.find_facts(key, row));
      if (there) {
        group.push_back({Kind::remove, row_of(*there)});
      }
    }
    TRY(const auto done, bench.space.commit(group));
    if (done) {
      return {};
    }
  }
  return Error{ErrorKind::unavailable, "the ledger: too many change one content at once"};
}

} // namespace sluice::ledger::tables
