// SPDX-License-Identifier: Apache-2.0
#include "ledger/table_workers.hpp"

#include "base/guid.hpp"
#include "base/log.hpp"
#include "ledger/table_keys.hpp"

namespace sluice::ledger::tables {
namespace {

constexpr std::string_view workers_partition = "workers";
constexpr std::string_view lead_rows = "lead|";
/// Beats within the time after which silence means death.
constexpr int beats_in_silence = 4;
/// After so many times that silence the entity of a dead worker is removed.
constexpr int silences_of_grace = 20;

auto lead_row(std::string_view role) -> std::string {
  return std::string{lead_rows} + key_part(role);
}

} // namespace

Workers::Workers(Space& space, Clock& clock, std::chrono::milliseconds silence)
    : space_{space},
      clock_{clock},
      silence_{silence},
      id_{random_guid()} {}

Workers::~Workers() {
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
    remove(id_);
  }
}

auto Workers::join() -> Result<> {
  const std::lock_guard lock{mutex_};
  if (thread_.joinable()) {
    return {};
  }
  TRY_DO(beat());
  thread_ = std::jthread{[this](const std::stop_token& stop) { beat_until(stop); }};
  return {};
}

auto Workers::beat() -> Result<> {
  return space_.update(workers_partition, id_, [](azure::TableEntity& entity) {
    entity.properties.insert_or_assign("Beat", entity.number("Beat") + 1);
    return true;
  });
}

void Workers::beat_until(const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock{mutex};
  // Real time whatever `clock_` says: this tells others that the process runs.
  while (!ended_.wait_for(
      lock, stop, silence_ / beats_in_silence, [&] { return stop.stop_requested(); })) {
    if (auto told = beat(); !told) {
      log(LogLevel::warning, "beat_failed", told.error().message(), {{"worker", id_}});
    }
  }
}

/// Nothing depends on it: at worst others wait for the silence.
void Workers::remove(const std::string& id) {
  static_cast<void>(space_.commit(
      {{azure::TableChange::Kind::remove,
        {.partition_key = std::string{workers_partition}, .row_key = id, .etag = "*"}}}));
}

auto Workers::observe() -> Result<> {
  std::map<std::string, std::int64_t, std::less<>> now;
  const auto moment = clock_.steady();
  TRY_DO(space_.each({.filter = "PartitionKey eq " + azure::filter_literal(workers_partition)},
                     [&](const azure::TableEntity& entity) -> Result<> {
                       now.insert_or_assign(entity.row_key, entity.number("Beat"));
                       return {};
                     }));
  const std::lock_guard lock{mutex_};
  std::erase_if(seen_, [&](const auto& entry) { return !now.contains(entry.first); });
  for (const auto& [id, beat] : now) {
    const auto [entry, is_new] = seen_.try_emplace(id, Seen{beat, moment});
    if (!is_new && entry->second.beat != beat) {
      entry->second = {beat, moment};
    } else if (moment - entry->second.since > silence_ * silences_of_grace) {
      remove(id);
    }
  }
  return {};
}

auto Workers::is_dead(std::string_view id) -> bool {
  const std::lock_guard lock{mutex_};
  if (id == id_) {
    return false;
  }
  const auto entry = seen_.find(id);
  return entry == seen_.end() || clock_.steady() - entry->second.since > silence_;
}

Leads::~Leads() {
  while (!held_.empty()) {
    resign(std::string{*held_.begin()});
  }
}

auto Leads::number(std::string_view role) -> Result<std::int64_t> {
  TRY_DO(workers_.join());
  TRY_DO(workers_.observe());
  std::int64_t number = 0;
  TRY_DO(space_.update(ledger_partition, lead_row(role), [&](azure::TableEntity& entity) {
    const bool ours = entity.text("Holder") == workers_.id();
    number = entity.number("Number");
    if (ours) {
      return false;
    }
    if (!workers_.is_dead(entity.text("Holder"))) {
      number = 0;
      return false;
    }
    entity.properties.insert_or_assign("Holder", workers_.id());
    entity.properties.insert_or_assign("Number", ++number);
    return true;
  }));
  const std::lock_guard lock{mutex_};
  if (number != 0) {
    held_.emplace(role);
  } else if (const auto lost = held_.find(role); lost != held_.end()) {
    held_.erase(lost);
  }
  return number;
}

void Leads::resign(std::string_view role) {
  {
    const std::lock_guard lock{mutex_};
    if (const auto held = held_.find(role); held != held_.end()) {
      held_.erase(held);
    }
  }
  // When it fails the others wait for this worker's end.
  static_cast<void>(
      space_.update(ledger_partition, lead_row(role), [&](azure::TableEntity& entity) {
        if (entity.text("Holder") != workers_.id()) {
          return false;
        }
        entity.properties.insert_or_assign("Holder", std::string{});
        return true;
      }));
}

} // namespace sluice::ledger::tables
