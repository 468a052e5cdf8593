// SPDX-License-Identifier: Apache-2.0
#include "relevance/cases/case_teller.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/date_time.hpp"
#include "relevance/cases/case_row.hpp"
#include "relevance/cases/case_state.hpp"

namespace sluice::relevance {
namespace {

/// The same on every machine and with every release: it is kept.
auto fingerprint(std::string_view row) -> std::uint64_t {
  return XXH3_64bits(row.data(), row.size());
}

auto ticks_in(std::chrono::seconds time) -> std::int64_t {
  return std::chrono::duration_cast<Ticks>(time).count();
}

} // namespace

CaseTeller::CaseTeller(const CaseRules& rules, CaseGraph& graph, Changed changed)
    : rules_{rules},
      graph_{graph},
      changed_{std::move(changed)} {}

void CaseTeller::tell(InvestigationNode& node, std::int64_t now) {
  now_ = now;
  const auto& state = graph_.open(node);
  static const std::vector<std::string> no_alert(1); // The investigation alone is a case.
  const auto by_message = graph_.alerts_by_message(node);
  const auto& named = by_message.empty() ? node.alerts : by_message;
  const auto& alerts = named.empty() && state.head.there() ? no_alert : named;
  for (const auto& alert : alerts) {
    tell_case(node, alert, !by_message.empty());
  }
  for (const auto& [alert, told] : state.told) {
    if (!std::ranges::binary_search(alerts, alert)) {
      withdraw(node, alert);
    }
  }
}

void CaseTeller::tell_case(InvestigationNode& node, const std::string& alert, bool by_message) {
  auto* alert_node = graph_.find_alert(node.organization(), alert);
  if (alert_node == nullptr) {
    tell_case(node, CaseView{alert, nullptr, node.state.get(), by_message});
  } else {
    const auto alert_state = graph_.read(*alert_node);
    tell_case(node, CaseView{alert, &*alert_state, node.state.get(), by_message});
  }
}

void CaseTeller::tell_case(InvestigationNode& node, const CaseView& view) {
  const auto& state = *node.state;
  const auto& alert = view.alert_id;
  const auto verdict = judge(view, rules_);
  const auto identity = verdict.is_case ? identify(view, rules_) : std::nullopt;
  const bool was_told = state.told.contains(alert);
  if (!identity) {
    stop_waiting(node, alert);
    if (was_told) {
      withdraw(node, alert);
    }
    return;
  }
  if (!was_told && !verdict.is_complete && must_wait(node, view)) {
    return;
  }
  stop_waiting(node, alert);
  const auto id = case_id(state.organization, alert, state.id);
  write_case_row(row_, view, id, *identity, verdict);
  put_out(node, alert, id, row_);
}

void CaseTeller::withdraw(InvestigationNode& node, const std::string& alert) {
  const auto& state = *node.state;
  const auto id = case_id(state.organization, alert, state.id);
  put_out(node, alert, id, withdrawn_row(alert, id, state));
}

void CaseTeller::put_out(InvestigationNode& node,
                         const std::string& alert,
                         const std::string& id,
                         std::string_view row) {
  const auto print = fingerprint(row);
  auto& told = node.state->told;
  if (const auto* before = told.find(alert); before != nullptr && *before == print) {
    return;
  }
  told[alert] = print;
  node.is_told = true;
  changed_(node);
  told_.push_back({node.state->organization, id, std::string{row}});
}

auto CaseTeller::must_wait(InvestigationNode& node, const CaseView& view) -> bool {
  const auto& options = rules_.options();
  const auto longest = view.alert == nullptr ? options.alert_grace : options.investigation_grace;
  auto& waiting = node.state->waiting;
  if (!waiting.contains(view.alert_id)) {
    waiting[view.alert_id] = now_;
    changed_(node);
  }
  const auto until = waiting[view.alert_id] + ticks_in(longest);
  if (until <= now_) {
    return false;
  }
  waiting_.insert({until, node.key()});
  return true;
}

void CaseTeller::stop_waiting(InvestigationNode& node, const std::string& alert) {
  if (node.state->waiting.erase(alert)) {
    changed_(node);
  }
}

void CaseTeller::watch(const std::string& key, std::int64_t since) {
  const auto& options = rules_.options();
  waiting_.insert(
      {since + ticks_in(std::min(options.alert_grace, options.investigation_grace)), key});
}

auto CaseTeller::due(std::int64_t now) -> std::vector<std::string> {
  std::vector<std::string> keys;
  while (!waiting_.empty() && waiting_.begin()->first <= now) {
    keys.push_back(std::move(waiting_.extract(waiting_.begin()).value().second));
  }
  return keys;
}

} // namespace sluice::relevance
