// SPDX-License-Identifier: Apache-2.0
#include "pipeline/correlate.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "pipeline/leading.hpp"

namespace sluice::pipeline {
namespace {

constexpr std::string_view role = "correlate";
constexpr std::size_t buffer_bytes = std::size_t{64} * 1024;
/// What a group's changes may take in memory before they are recorded.
constexpr std::size_t most_gathered_bytes = std::size_t{256} * 1024;

/// Whether the staged object is the reason, and no other would fare better.
auto is_damage(const Error& error) -> bool {
  return error.kind() == ErrorKind::corrupt || error.kind() == ErrorKind::gone ||
         error.kind() == ErrorKind::malformed;
}

auto unusable_state(Error error) -> Error {
  const bool is_damaged = error.kind() == ErrorKind::corrupt;
  error = std::move(error).while_doing("reading the state of open cases");
  return is_damaged ? std::move(error).with_hint("`sluice replay` makes it anew from the archive")
                    : std::move(error);
}

} // namespace

void Correlate::Gathered::add(relevance::CorrelationChanges changes) {
  for (auto& change : changes.state) {
    bytes += change.value.size();
    state.insert_or_assign(std::move(change.key), std::move(change.value));
  }
  for (auto& told : changes.cases) {
    bytes += told.row.size();
    cases.push_back({std::move(told.organization), std::move(told.case_id), std::move(told.row)});
  }
  for (auto& finding : changes.findings) {
    findings.push_back({.kind = std::move(finding.kind), .text = std::move(finding.text)});
  }
}

Correlate::Correlate(relevance::CaseRules rules,
                     ledger::Ledger& ledger,
                     archive::Archive& archive,
                     Options options,
                     Clock& clock,
                     Progress& progress)
    : rules_{std::move(rules)},
      ledger_{ledger},
      archive_{archive},
      options_{options},
      clock_{clock},
      progress_{progress} {}

auto Correlate::run(Doorbell& upstream, Doorbell& downstream, const std::stop_token& stop)
    -> Result<> {
  while (!stop.stop_requested()) {
    const bool last = upstream.closed(); // Asked first: what was collected until then is seen.
    TRY(const bool leads, take_lead(last, stop));
    if (!leads) {
      upstream.wait(standby_wait, stop);
      continue;
    }
    if (auto done = correlate_staged(stop); !done) {
      TRY(const bool still_leads, ledger_.lead(role));
      if (still_leads) {
        return done;
      }
    }
    downstream.ring(); // Also for the contents themselves, which collect has rung for.
    if (last) {
      break;
    }
    upstream.wait(options_.interval, stop);
  }
  downstream.close();
  return {};
}

/// Only one process correlates. One that takes over reads the state as the other left it.
auto Correlate::take_lead(bool last, const std::stop_token& stop) -> Result<bool> {
  if (last) {
    TRY_DO(wait_to_lead(ledger_, role, clock_, stop));
    leads_ = leads_ && correlator_.has_value();
  }
  TRY(const bool leads, ledger_.lead(role));
  if (!leads || !leads_) {
    correlator_.reset();
  }
  leads_ = leads;
  return leads;
}

auto Correlate::correlate_staged(const std::stop_token& stop) -> Result<> {
  while (!stop.stop_requested()) {
    if (!correlator_) {
      TRY_DO(restore());
    }
    TRY(const auto group, ledger_.uncorrelated(options_.group));
    if (group.empty()) {
      return advance();
    }
    if (auto done = correlate_group(group); !done) {
      correlator_.reset(); // It has taken what was not recorded.
      return done;
    }
  }
  return {};
}

auto Correlate::restore() -> Result<> {
  correlator_.emplace(
      rules_,
      relevance::StateRoom{
          .read = [this](std::string_view key) { return ledger_.correlation_state_of(key); },
          .most_bytes = options_.state_bytes});
  auto restored = ledger_.correlation_state(
      [this](const ledger::StateItem& item) { return correlator_->restore(item.key, item.value); });
  if (!restored) {
    correlator_.reset();
    return unusable_state(std::move(restored).error());
  }
  return {};
}

auto Correlate::correlate_group(std::span<const ledger::Delivery> group) -> Result<> {
  Gathered gathered;
  std::size_t begin = 0; // Of what is gathered and not recorded.
  for (std::size_t i = 0; i < group.size(); ++i) {
    const auto& content = group[i];
    if (const auto taken = read(content); !taken) {
      if (!is_damage(taken.error())) {
        return taken;
      }
      // Some of its records were taken: begin again from what is recorded, without this content.
      correlator_.reset();
      return pass_over(content, taken.error());
    }
    auto changes = correlator_->settle(content.created);
    if (!changes) {
      return unusable_state(std::move(changes).error());
    }
    gathered.add(*std::move(changes));
    if (gathered.bytes >= most_gathered_bytes || i + 1 == group.size()) {
      TRY_DO(record(std::exchange(gathered, {}), group.subspan(begin, i + 1 - begin)));
      begin = i + 1;
    }
  }
  return {};
}

auto Correlate::read(const ledger::Delivery& content) -> Result<> {
  const auto& staged = *content.staged;
  intake_.begin(*correlator_,
                {.tenant = content.key.feed.tenant,
                 .available = content.created,
                 .left_out = content.duplicates});
  TRY(const auto object, archive_.open({staged.name, staged.bytes, staged.sha256}));
  std::vector<std::byte> buffer(buffer_bytes);
  while (true) {
    TRY(const auto size, object->read(buffer));
    if (size == 0) {
      return intake_.finish();
    }
    TRY_DO(intake_.feed({reinterpret_cast<const char*>(buffer.data()), size}));
  }
}

/// The content's records are delivered, or set aside, by the stage that delivers; here it only must
/// not stand in the way of all others.
auto Correlate::pass_over(const ledger::Delivery& content, const Error& error) -> Result<> {
  log(LogLevel::error,
      "staged_object_damaged",
      error.message(),
      {{"tenant", content.key.feed.tenant},
       {"content_type", content.key.feed.content_type},
       {"content_id", content.key.content_id}});
  const ledger::CaseFinding finding{.kind = "unreadable_content", .text = content.key.content_id};
  return ledger_.record_correlated(
      {.contents = {&content, 1}, .state = {}, .cases = {}, .findings = {&finding, 1}},
      clock_.now());
}

auto Correlate::advance() -> Result<> {
  TRY(const auto until, ledger_.correlated_until());
  if (!until) {
    return {};
  }
  auto changes = correlator_->advance(*until);
  if (!changes) {
    correlator_.reset();
    return unusable_state(std::move(changes).error());
  }
  Gathered gathered;
  gathered.add(*std::move(changes));
  if (gathered.empty()) {
    return {};
  }
  auto recorded = record(std::move(gathered), {});
  if (!recorded) {
    correlator_.reset();
  }
  return recorded;
}

auto Correlate::record(Gathered gathered, std::span<const ledger::Delivery> contents) -> Result<> {
  std::vector<ledger::StateItem> state;
  for (auto& [key, value] : gathered.state) {
    state.push_back({key, std::move(value)});
  }
  FAILPOINT("correlate.before_record");
  TRY_DO(ledger_.record_correlated({.contents = contents,
                                    .state = state,
                                    .cases = gathered.cases,
                                    .findings = gathered.findings},
                                   clock_.now()));
  FAILPOINT("correlate.after_record");
  if (correlator_) {
    correlator_->make_room();
  }
  progress_.cases_told += gathered.cases.size();
  return {};
}

} // namespace sluice::pipeline
