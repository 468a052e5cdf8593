// SPDX-License-Identifier: Apache-2.0
#include "relevance/cases/correlator.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "relevance/cases/case_graph.hpp"
#include "relevance/cases/case_row.hpp"
#include "relevance/cases/case_state.hpp"
#include "relevance/cases/case_text.hpp"
#include "relevance/cases/state_codec.hpp"

namespace sluice::relevance {
namespace {

/// Before the members of a state, so that a later release can tell an earlier one's.
constexpr std::uint8_t state_version = 1;

template <class T>
auto encoded(const T& state) -> std::string {
  StateWriter writer;
  writer(state_version, state);
  return std::move(writer).bytes();
}

template <class T>
auto decoded(std::string_view bytes, T& state) -> bool {
  StateReader reader{bytes};
  std::uint8_t version = 0;
  reader(version, state);
  return reader.good() && version == state_version;
}

auto fingerprint(std::string_view row) -> std::uint64_t {
  // FNV-1a: the same on every machine, since it is kept.
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const char c : row) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  }
  return hash;
}

/// The largest of a log line's or finding's texts.
constexpr std::size_t longest_finding = 300;

} // namespace

class Correlator::Graph {
public:
  explicit Graph(CaseRules rules) : rules_{std::move(rules)} {}

  auto restore(std::string_view key, std::string_view value) -> Result<> {
    AlertState alert;
    InvestigationState investigation;
    const bool is_alert = is_alert_key(key);
    if (!(is_alert ? decoded(value, alert) : decoded(value, investigation))) {
      return Error{ErrorKind::corrupt,
                   fmt::format("the state of {} cannot be read", escape_key(key))};
    }
    if (is_alert) {
      graph_.alert(alert.organization, alert.id) = std::move(alert);
    } else {
      for (const auto& [id, since] : investigation.waiting) {
        watch(std::string{key}, since);
      }
      graph_.investigation(investigation.organization, investigation.id) = std::move(investigation);
    }
    graph_.attach(std::string{key});
    return {};
  }

  void take(const FactReader::Facts& facts, DateTime available) {
    if (const auto* alert = std::get_if<AlertFacts>(&facts)) {
      take_alert(*alert, available);
    } else if (const auto* investigation = std::get_if<InvestigationFacts>(&facts)) {
      take_investigation(*investigation, available);
    }
  }

  auto settle(DateTime now) -> CorrelationChanges {
    now_ = std::max(now_, now.since_year_one.count());
    for (auto due = waiting_.begin(); due != waiting_.end() && due->first <= now_;) {
      affected_.insert(due->second);
      due = waiting_.erase(due);
    }
    for (const auto& key : affected_) {
      if (auto* state = graph_.find_investigation(key)) {
        tell(key, *state);
      }
    }
    affected_.clear();
    give_up_beyond_room();
    for (const auto& key : changed_) {
      keep(key);
    }
    changed_.clear();
    return std::exchange(changes_, {});
  }

  auto advance(DateTime now) -> CorrelationChanges {
    auto changes = settle(now);
    const auto horizon = std::chrono::duration_cast<Ticks>(rules_.options().horizon).count();
    floor_ = std::max(floor_, now.since_year_one.count() - horizon);
    forget_before(floor_);
    auto forgotten = std::exchange(changes_, {});
    std::ranges::move(forgotten.state, std::back_inserter(changes.state));
    std::ranges::move(forgotten.findings, std::back_inserter(changes.findings));
    return changes;
  }

  [[nodiscard]] auto open() const -> std::size_t { return graph_.size(); }

private:
  static auto escape_key(std::string_view key) -> std::string {
    return std::string{clipped(key, longest_finding)};
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

  void take_alert(const AlertFacts& facts, DateTime available) {
    if (is_too_late(facts.stamp)) {
      return;
    }
    const auto key = alert_key(facts.organization, facts.alert);
    if (facts.operation == AlertFacts::Operation::entity) {
      graph_.add_affected(key, affected_); // A report that is said anew may lose its message.
    }
    graph_.detach(key);
    auto& state = graph_.alert(facts.organization, facts.alert);
    const bool changed = merge(state, facts);
    note(key, state.touched, changed, available);
    if (changed && facts.data_unreadable) {
      find("unreadable_data", "alert records with Data that is no JSON object");
    }
    if (!facts.investigation.empty()) {
      const auto id = normal_investigation_id(facts.investigation);
      const auto named = investigation_key(facts.organization, id);
      graph_.detach(named);
      auto& investigation = graph_.investigation(facts.organization, id);
      note(named, investigation.touched, merge_link(investigation, facts), available);
    }
  }

  void take_investigation(const InvestigationFacts& facts, DateTime available) {
    if (is_too_late(facts.stamp)) {
      return;
    }
    const auto key = investigation_key(facts.organization, facts.investigation);
    graph_.detach(key);
    auto& state = graph_.investigation(facts.organization, facts.investigation);
    const auto status = normal_status(facts.head.status);
    const bool is_new_status = !state.statuses.contains(status);
    const bool changed = merge(state, facts);
    note(key, state.touched, changed, available);
    if (changed && facts.data_unreadable) {
      find("unreadable_data", "investigation records with Data that is no JSON object");
    }
    if (changed && facts.actions_unreadable) {
      find("unreadable_data", "investigation records with Actions that cannot be read");
    }
    if (is_new_status && rules_.class_of(status) == StatusClass::unknown) {
      find("unknown_status", facts.head.status);
    }
  }

  /// Puts a state back into the graph after records had their say.
  void note(const std::string& key, std::int64_t& touched, bool changed, DateTime available) {
    if (changed) {
      touched = std::max(touched, available.since_year_one.count());
      changed_.insert(key);
    }
    graph_.attach(key);
    if (changed) {
      graph_.add_affected(key, affected_);
    }
  }

  void tell(const std::string& key, InvestigationState& state) {
    const auto by_message = graph_.alerts_by_message(state);
    std::set<std::string> alerts{by_message.begin(), by_message.end()};
    for (const auto& [alert, link] : state.links) {
      alerts.insert(alert);
    }
    if (alerts.empty() && state.head.there()) {
      alerts.insert(std::string{}); // No record names an alert: the investigation alone is a case.
    }
    for (const auto& alert : alerts) {
      tell_case(key, state, alert, !by_message.empty());
    }
    for (const auto& [alert, told] : state.told) {
      if (!alerts.contains(alert)) {
        withdraw(key, state, alert);
      }
    }
  }

  void tell_case(const std::string& key,
                 InvestigationState& state,
                 const std::string& alert,
                 bool by_message) {
    const CaseView view{
        alert, graph_.find_alert(alert_key(state.organization, alert)), &state, by_message};
    const auto verdict = judge(view, rules_);
    const auto identity = verdict.is_case ? identify(view, rules_) : std::nullopt;
    const bool was_told = state.told.contains(alert);
    if (!identity) {
      stop_waiting(key, state, alert);
      if (was_told) {
        withdraw(key, state, alert);
      }
      return;
    }
    if (!was_told && !verdict.is_complete && must_wait(key, state, view)) {
      return;
    }
    stop_waiting(key, state, alert);
    put_out(key, state, alert, case_row(view, rules_, *identity, verdict));
  }

  void withdraw(const std::string& key, InvestigationState& state, const std::string& alert) {
    put_out(key, state, alert, withdrawn_row(state.organization, alert, state));
  }

  void put_out(const std::string& key,
               InvestigationState& state,
               const std::string& alert,
               std::string row) {
    const auto print = fingerprint(row);
    const auto [told, first] = state.told.try_emplace(alert, print);
    if (!first && told->second == print) {
      return;
    }
    told->second = print;
    changed_.insert(key);
    changes_.cases.push_back(
        {state.organization, case_id(state.organization, alert, state.id), std::move(row)});
  }

  /// Whether records that are missing may still come in time.
  auto must_wait(const std::string& key, InvestigationState& state, const CaseView& view) -> bool {
    const auto& options = rules_.options();
    const auto longest = view.alert == nullptr ? options.alert_grace : options.investigation_grace;
    const auto [since, begins] = state.waiting.try_emplace(view.alert_id, now_);
    if (begins) {
      changed_.insert(key);
    }
    const auto until = since->second + std::chrono::duration_cast<Ticks>(longest).count();
    if (until <= now_) {
      return false;
    }
    waiting_.insert({until, key});
    return true;
  }

  void stop_waiting(const std::string& key, InvestigationState& state, const std::string& alert) {
    if (state.waiting.erase(alert) > 0) {
      changed_.insert(key);
    }
  }

  /// After a restart: looks again as soon as the shorter wait may be over.
  void watch(const std::string& key, std::int64_t since) {
    const auto& options = rules_.options();
    const auto shortest = std::min(options.alert_grace, options.investigation_grace);
    waiting_.insert({since + std::chrono::duration_cast<Ticks>(shortest).count(), key});
  }

  void keep(const std::string& key) {
    if (const auto* alert = graph_.find_alert(key)) {
      changes_.state.push_back({key, encoded(*alert)});
    } else if (const auto* investigation = graph_.find_investigation(key)) {
      changes_.state.push_back({key, encoded(*investigation)});
    }
  }

  /// What is tied together is forgotten together, once all of it is old enough.
  void forget_before(std::int64_t time) {
    std::set<std::string> spared;
    for (auto key = graph_.oldest(); !key.empty() && graph_.touched(key) < time;
         key = graph_.oldest()) {
      const auto together = graph_.component(key);
      const auto youngest = std::ranges::max(
          together, {}, [this](const std::string& each) { return graph_.touched(each); });
      if (graph_.touched(youngest) >= time) {
        // Stays as long as what it is tied to.
        rejuvenate(key, graph_.touched(youngest));
        continue;
      }
      for (const auto& each : together) {
        forget(each, "unresolved");
      }
    }
  }

  void rejuvenate(const std::string& key, std::int64_t touched) {
    graph_.detach(key);
    graph_.set_touched(key, touched);
    graph_.attach(key);
    keep(key);
  }

  void give_up_beyond_room() {
    while (graph_.size() > rules_.options().most_open) {
      for (const auto& each : graph_.component(graph_.oldest())) {
        forget(each, "given_up_early");
      }
    }
  }

  void forget(const std::string& key, const std::string& finding) {
    if (const auto reason = loose_end(key); !reason.empty()) {
      find(finding, reason);
    }
    graph_.detach(key);
    graph_.erase(key);
    changed_.erase(key);
    changes_.state.push_back({key, {}});
  }

  /// What is left open about a state that is given up; empty when nothing is.
  [[nodiscard]] auto loose_end(const std::string& key) const -> std::string {
    if (const auto* state = graph_.find_investigation(key)) {
      if (!state->told.empty() || !identify({{}, nullptr, state, false}, rules_)) {
        return {};
      }
      return state->head.there() ? fmt::format("investigation {} stayed {}",
                                               state->head.value.id,
                                               state->head.value.status)
                                 : fmt::format("investigation {} never came", state->linked);
    }
    const auto* alert = graph_.find_alert(key);
    const bool is_wanted =
        alert != nullptr &&
        rules_.identify({.policies = alert->policies, .names = alert->names}).has_value();
    return is_wanted && !graph_.has_investigation(key)
               ? fmt::format("alert {} met no investigation", alert->id)
               : std::string{};
  }

  CaseRules rules_;
  CaseGraph graph_;
  std::int64_t now_ = 0;
  std::int64_t floor_ = 0; ///< What was created before is too late.
  std::set<std::string> changed_;
  std::set<std::string> affected_; ///< Investigations whose cases must be looked at.
  std::set<std::pair<std::int64_t, std::string>> waiting_;
  CorrelationChanges changes_;
};

Correlator::Correlator(CaseRules rules) : graph_{std::make_unique<Graph>(std::move(rules))} {}
Correlator::Correlator(Correlator&&) noexcept = default;
auto Correlator::operator=(Correlator&&) noexcept -> Correlator& = default;
Correlator::~Correlator() = default;

auto Correlator::restore(std::string_view key, std::string_view value) -> Result<> {
  return graph_->restore(key, value);
}

void Correlator::take(const FactReader::Facts& facts, DateTime available) {
  graph_->take(facts, available);
}

auto Correlator::settle(DateTime now) -> CorrelationChanges {
  return graph_->settle(now);
}

auto Correlator::advance(DateTime now) -> CorrelationChanges {
  return graph_->advance(now);
}

auto Correlator::open() const noexcept -> std::size_t {
  return graph_->open();
}

} // namespace sluice::relevance
