// SPDX-License-Identifier: Apache-2.0
#include "relevance/cases/correlator.hpp"

#include <algorithm>
#include <functional>
#include <ranges>
#include <utility>

#include <fmt/format.h>

#include "relevance/cases/case_graph.hpp"
#include "relevance/cases/case_state.hpp"
#include "relevance/cases/case_teller.hpp"
#include "relevance/cases/case_text.hpp"
#include "relevance/cases/state_packing.hpp"

namespace sluice::relevance {
namespace {

const CaseGraph::Affected nothing_new = [](InvestigationNode&) {};

/// The largest of a log line's or finding's texts.
constexpr std::size_t longest_finding = 300;

} // namespace

class Correlator::Graph {
public:
  Graph(CaseRules rules, StateRoom room) : rules_{std::move(rules)}, graph_{std::move(room)} {}

  auto restore(std::string_view key, std::string_view value) -> Result<> {
    const bool is_read = is_alert_key(key) ? restore_alert(value) : restore_investigation(value);
    graph_.close();
    graph_.make_room();
    if (!is_read) {
      return Error{ErrorKind::corrupt,
                   fmt::format("the state of {} cannot be read", clipped(key, longest_finding))};
    }
    return {};
  }

  void take(FactReader::Facts&& facts, DateTime available) {
    if (auto* alert = std::get_if<AlertFacts>(&facts)) {
      take_alert(std::move(*alert), available);
    } else if (auto* investigation = std::get_if<InvestigationFacts>(&facts)) {
      take_investigation(std::move(*investigation), available);
    }
  }

  auto settle(DateTime now) -> Result<CorrelationChanges> {
    now_ = std::max(now_, now.since_year_one.count());
    for (const auto& key : teller_.due(now_)) {
      if (auto* node = graph_.find_investigation(key)) {
        affect(*node);
      }
    }
    std::ranges::sort(affected_, {}, &CaseNode::key);
    for (auto* node : std::exchange(affected_, {})) {
      node->is_affected = false;
      teller_.tell(*node, now_);
    }
    give_up_beyond_room();
    std::ranges::sort(changed_, {}, &CaseNode::key);
    changes_.state.reserve(changes_.state.size() + changed_.size());
    for (auto* node : std::exchange(changed_, {})) {
      node->is_changed = false;
      graph_.pack(*node);
      changes_.state.push_back({node->key(), node->packed.bytes});
    }
    changes_.cases = teller_.told();
    return finished();
  }

  auto advance(DateTime now) -> Result<CorrelationChanges> {
    TRY(auto changes, settle(now));
    const auto horizon = std::chrono::duration_cast<Ticks>(rules_.options().horizon).count();
    floor_ = std::max(floor_, now.since_year_one.count() - horizon);
    forget_before(floor_);
    TRY(auto forgotten, finished());
    std::ranges::move(forgotten.state, std::back_inserter(changes.state));
    std::ranges::move(forgotten.findings, std::back_inserter(changes.findings));
    return changes;
  }

  void make_room() { graph_.make_room(); }

  [[nodiscard]] auto open() const -> std::size_t { return graph_.size(); }

private:
  /// What changed, if all of it is true.
  auto finished() -> Result<CorrelationChanges> {
    graph_.close();
    auto changes = std::exchange(changes_, {});
    if (auto failure = graph_.failure()) {
      return *std::move(failure);
    }
    return changes;
  }

  auto restore_alert(std::string_view value) -> bool {
    AlertState state;
    if (!unpack(value, state)) {
      return false;
    }
    auto& node = graph_.alert(state.organization, state.id);
    restore(node, value);
    graph_.update(node, true, nothing_new);
    return true;
  }

  auto restore_investigation(std::string_view value) -> bool {
    InvestigationState state;
    if (!unpack(value, state)) {
      return false;
    }
    auto& node = graph_.investigation(state.organization, state.id);
    restore(node, value);
    node.is_told = !state.told.empty();
    graph_.update(node, nothing_new);
    for (const auto& [id, since] : state.waiting) {
      teller_.watch(node.key(), since);
    }
    return true;
  }

  template <class Node>
  void restore(Node& node, std::string_view value) {
    graph_.restore(node, value);
    node.touched = graph_.open(node).touched;
  }

  void find(std::string kind, std::string_view text) {
    changes_.findings.push_back({std::move(kind), std::string{clipped(text, longest_finding)}});
  }

  auto is_too_late(const Stamp& stamp) -> bool {
    if (stamp.created == 0 || stamp.created >= floor_) {
      return false;
    }
    find("too_late", "records older than what is kept about their cases");
    return true;
  }

  void take_alert(AlertFacts&& facts, DateTime available) {
    if (is_too_late(facts.stamp)) {
      return;
    }
    if (!facts.investigation.empty()) {
      const auto id = normal_investigation_id(facts.investigation);
      auto& named = graph_.investigation(facts.organization, id);
      if (merge_link(graph_.open(named), facts)) {
        note(named, available);
        graph_.update(named, affect_);
      }
    }
    auto& node = graph_.alert(facts.organization, facts.alert);
    const bool is_unreadable = facts.data_unreadable;
    const auto changed = merge(graph_.open(node), std::move(facts));
    if (!changed.any) {
      return;
    }
    note(node, available);
    graph_.update(node, changed.reports, affect_);
    if (is_unreadable) {
      find("unreadable_data", "alert records with Data that is no JSON object");
    }
  }

  void take_investigation(InvestigationFacts&& facts, DateTime available) {
    if (is_too_late(facts.stamp)) {
      return;
    }
    auto& node = graph_.investigation(facts.organization, facts.investigation);
    auto& state = graph_.open(node);
    const auto status = normal_status(facts.head.status);
    if (!state.statuses.contains(status) && rules_.class_of(status) == StatusClass::unknown) {
      find("unknown_status", facts.head.status);
    }
    const bool is_data_unreadable = facts.data_unreadable;
    const bool are_actions_unreadable = facts.actions_unreadable;
    const bool is_cut_short = facts.cut_short;
    if (!merge(state, std::move(facts))) {
      return;
    }
    note(node, available);
    graph_.update(node, affect_);
    if (is_data_unreadable) {
      find("unreadable_data", "investigation records with Data that is no JSON object");
    }
    if (are_actions_unreadable) {
      find("unreadable_data", "investigation records with Actions that cannot be read");
    }
    if (is_cut_short) {
      find("cut_short",
           "investigation records with lists of more than 64 items, of which 64 count");
    }
  }

  /// A record that became available then had its say about the state.
  template <class Node>
  void note(Node& node, DateTime available) {
    node.touched = std::max(node.touched, available.since_year_one.count());
    node.state->touched = node.touched;
    change(node);
  }

  void change(CaseNode& node) {
    if (!std::exchange(node.is_changed, true)) {
      changed_.push_back(&node);
    }
  }

  void affect(InvestigationNode& node) {
    if (!std::exchange(node.is_affected, true)) {
      affected_.push_back(&node);
    }
  }

  /// What is tied together is forgotten together, once all of it is old enough.
  void forget_before(std::int64_t time) {
    for (auto* oldest = graph_.oldest(); oldest != nullptr && oldest->touched < time;
         oldest = graph_.oldest()) {
      const auto together = graph_.component(*oldest);
      const auto youngest = std::ranges::max(together, {}, &CaseNode::touched)->touched;
      if (youngest >= time) {
        // Stays as long as what it is tied to.
        graph_.touch(*oldest, youngest);
        changes_.state.push_back({oldest->key(), oldest->packed.bytes});
        continue;
      }
      for (auto* each : together) {
        forget(*each, "unresolved");
      }
    }
  }

  void give_up_beyond_room() {
    while (graph_.size() > rules_.options().most_open) {
      for (auto* each : graph_.component(*graph_.oldest())) {
        forget(*each, "given_up_early");
      }
    }
  }

  void forget(CaseNode& node, const std::string& finding) {
    if (const auto reason = loose_end(node); !reason.empty()) {
      find(finding, reason);
    }
    if (node.is_changed) {
      std::erase(changed_, &node);
    }
    changes_.state.push_back({node.key(), {}});
    graph_.erase(node);
  }

  /// What is left open about a state that is given up; empty when nothing is.
  [[nodiscard]] auto loose_end(CaseNode& node) -> std::string {
    if (!is_alert_key(node.key())) {
      auto& investigation = static_cast<InvestigationNode&>(node);
      if (investigation.is_told) {
        return {};
      }
      const auto reading = graph_.read(investigation);
      const auto& state = *reading;
      if (!identify({{}, nullptr, &state, false}, rules_)) {
        return {};
      }
      return state.head.there() ? fmt::format("investigation {} stayed {}",
                                              state.head.value.id,
                                              state.head.value.status)
                                : fmt::format("investigation {} never came", state.linked);
    }
    auto& alert_node = static_cast<AlertNode&>(node);
    if (graph_.has_investigation(alert_node)) {
      return {};
    }
    const auto reading = graph_.read(alert_node);
    const auto& alert = *reading;
    const bool is_wanted =
        rules_.identify({.policies = {&alert.policies}, .names = {&alert.names}}).has_value();
    return is_wanted ? fmt::format("alert {} met no investigation", alert.id) : std::string{};
  }

  CaseRules rules_;
  CaseGraph graph_;
  std::int64_t now_ = 0;
  std::int64_t floor_ = 0;                   ///< What was created before is too late.
  std::vector<CaseNode*> changed_;           ///< Each once: those with `is_changed`.
  std::vector<InvestigationNode*> affected_; ///< Their cases must be looked at.
  CaseTeller teller_{rules_, graph_, [this](CaseNode& node) { change(node); }};
  CaseGraph::Affected affect_ = [this](InvestigationNode& node) { affect(node); };
  CorrelationChanges changes_;
};

Correlator::Correlator(CaseRules rules, StateRoom room)
    : graph_{std::make_unique<Graph>(std::move(rules), std::move(room))} {}
Correlator::Correlator(Correlator&&) noexcept = default;
auto Correlator::operator=(Correlator&&) noexcept -> Correlator& = default;
Correlator::~Correlator() = default;

auto Correlator::restore(std::string_view key, std::string_view value) -> Result<> {
  return graph_->restore(key, value);
}

void Correlator::take(FactReader::Facts&& facts, DateTime available) {
  graph_->take(std::move(facts), available);
}

auto Correlator::settle(DateTime now) -> Result<CorrelationChanges> {
  return graph_->settle(now);
}

auto Correlator::advance(DateTime now) -> Result<CorrelationChanges> {
  return graph_->advance(now);
}

void Correlator::make_room() {
  graph_->make_room();
}

auto Correlator::open() const noexcept -> std::size_t {
  return graph_->open();
}

} // namespace sluice::relevance
