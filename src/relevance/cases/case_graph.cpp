// SPDX-License-Identifier: Apache-2.0
#include "relevance/cases/case_graph.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"

namespace sluice::relevance {
namespace {

constexpr std::size_t most_by_message = 64;

auto key_of(char kind, std::string_view organization, std::string_view id) -> std::string {
  std::string key{kind};
  key.append("/").append(organization).append("/").append(id);
  return key;
}

void set_membership(std::unordered_map<std::string, std::set<std::string>>& index,
                    const std::string& at,
                    const std::string& member,
                    bool in) {
  if (in) {
    index[at].insert(member);
    return;
  }
  const auto found = index.find(at);
  if (found != index.end() && found->second.erase(member) > 0 && found->second.empty()) {
    index.erase(found);
  }
}

auto members(const std::unordered_map<std::string, std::set<std::string>>& index,
             const std::string& at) -> const std::set<std::string>& {
  static const std::set<std::string> none;
  const auto found = index.find(at);
  return found == index.end() ? none : found->second;
}

} // namespace

auto alert_key(std::string_view organization, std::string_view id) -> std::string {
  return key_of('a', organization, id);
}

auto investigation_key(std::string_view organization, std::string_view id) -> std::string {
  return key_of('i', organization, id);
}

auto is_alert_key(std::string_view key) -> bool {
  return key.starts_with('a');
}

auto CaseGraph::alert(const std::string& organization, const std::string& id) -> AlertState& {
  auto& state = alerts_[alert_key(organization, id)];
  state.organization = organization;
  state.id = id;
  return state;
}

auto CaseGraph::investigation(const std::string& organization, const std::string& id)
    -> InvestigationState& {
  auto& state = investigations_[investigation_key(organization, id)];
  state.organization = organization;
  state.id = id;
  return state;
}

auto CaseGraph::find_alert(const std::string& key) const -> const AlertState* {
  const auto at = alerts_.find(key);
  return at == alerts_.end() ? nullptr : &at->second;
}

auto CaseGraph::find_investigation(const std::string& key) const -> const InvestigationState* {
  const auto at = investigations_.find(key);
  return at == investigations_.end() ? nullptr : &at->second;
}

auto CaseGraph::find_investigation(const std::string& key) -> InvestigationState* {
  const auto at = investigations_.find(key);
  return at == investigations_.end() ? nullptr : &at->second;
}

auto CaseGraph::message_keys(const std::string& key) const -> std::vector<std::string> {
  std::vector<std::string> keys;
  const auto add = [&](const std::string& organization, const std::set<std::string>& ids) {
    for (const auto& id : ids) {
      keys.push_back(key_of('m', organization, id));
    }
  };
  if (const auto* alert = find_alert(key)) {
    add(alert->organization, message_ids(*alert));
  } else if (const auto* investigation = find_investigation(key)) {
    add(investigation->organization, investigation->data.value.message_ids);
  }
  return keys;
}

void CaseGraph::index_messages(const std::string& key, bool in) {
  auto& index = is_alert_key(key) ? alerts_of_message_ : investigations_of_message_;
  for (const auto& message : message_keys(key)) {
    set_membership(index, message, key, in);
  }
}

void CaseGraph::index_links(const InvestigationState& state, const std::string& key, bool in) {
  for (const auto& [alert, link] : state.links) {
    set_membership(investigations_of_alert_, alert_key(state.organization, alert), key, in);
  }
}

void CaseGraph::detach(const std::string& key) {
  index_messages(key, false);
  if (const auto* state = find_investigation(key)) {
    index_links(*state, key, false);
  }
  by_age_.erase({touched(key), key});
}

void CaseGraph::attach(const std::string& key) {
  index_messages(key, true);
  if (const auto* state = find_investigation(key)) {
    index_links(*state, key, true);
  }
  by_age_.insert({touched(key), key});
}

void CaseGraph::erase(const std::string& key) {
  alerts_.erase(key);
  investigations_.erase(key);
}

auto CaseGraph::touched(const std::string& key) const -> std::int64_t {
  if (const auto* alert = find_alert(key)) {
    return alert->touched;
  }
  const auto* investigation = find_investigation(key);
  return investigation == nullptr ? 0 : investigation->touched;
}

void CaseGraph::set_touched(const std::string& key, std::int64_t touched) {
  if (const auto alert = alerts_.find(key); alert != alerts_.end()) {
    alert->second.touched = touched;
  } else if (auto* investigation = find_investigation(key)) {
    investigation->touched = touched;
  }
}

auto CaseGraph::has_investigation(const std::string& alert) const -> bool {
  return !members(investigations_of_alert_, alert).empty();
}

auto CaseGraph::oldest() const -> std::string {
  return by_age_.empty() ? std::string{} : by_age_.begin()->second;
}

auto CaseGraph::alerts_by_message(const InvestigationState& state) const
    -> std::vector<std::string> {
  std::set<std::string> found;
  if (!state.links.empty() || !state.data.there()) {
    return {};
  }
  for (const auto& message : message_keys(investigation_key(state.organization, state.id))) {
    for (const auto& key : members(alerts_of_message_, message)) {
      const auto* alert = find_alert(key);
      CHECK(alert != nullptr);
      if (members(investigations_of_alert_, key).empty() && about_one_message(*alert, state)) {
        found.insert(alert->id);
      }
      if (found.size() > most_by_message) {
        found.erase(std::prev(found.end()));
      }
    }
  }
  return {found.begin(), found.end()};
}

void CaseGraph::add_affected(const std::string& key, std::set<std::string>& investigations) const {
  const auto add_by_message = [&](const std::string& alert) {
    for (const auto& message : message_keys(alert)) {
      const auto& tied = members(investigations_of_message_, message);
      investigations.insert(tied.begin(), tied.end());
    }
  };
  if (is_alert_key(key)) {
    const auto& tied = members(investigations_of_alert_, key);
    investigations.insert(tied.begin(), tied.end());
    add_by_message(key);
    return;
  }
  investigations.insert(key);
  const auto* state = find_investigation(key);
  CHECK(state != nullptr);
  for (const auto& [alert, link] : state->links) {
    add_by_message(alert_key(state->organization, alert));
  }
}

auto CaseGraph::component(const std::string& key) const -> std::vector<std::string> {
  std::vector<std::string> found{key};
  std::set<std::string> seen{key};
  const auto add = [&](const std::string& other) {
    const bool there = find_alert(other) != nullptr || find_investigation(other) != nullptr;
    if (there && seen.insert(other).second) {
      found.push_back(other);
    }
  };
  for (std::size_t next = 0; next < found.size(); ++next) {
    const auto here = found[next];
    for (const auto& message : message_keys(here)) {
      std::ranges::for_each(members(alerts_of_message_, message), add);
      std::ranges::for_each(members(investigations_of_message_, message), add);
    }
    std::ranges::for_each(members(investigations_of_alert_, here), add);
    if (const auto* state = find_investigation(here)) {
      for (const auto& [alert, link] : state->links) {
        add(alert_key(state->organization, alert));
      }
    }
  }
  return found;
}

} // namespace sluice::relevance
