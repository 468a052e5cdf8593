// SPDX-License-Identifier: Apache-2.0
#include "relevance/cases/case_graph.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <unordered_set>
#include <utility>

namespace sluice::relevance {
namespace {

constexpr std::size_t most_by_message = 64;
const std::vector<std::string> no_ids;

void write_key(std::string& key, char kind, std::string_view organization, std::string_view id) {
  key.assign(1, kind);
  key.append("/").append(organization).append("/").append(id);
}

template <class Index, class Node>
void take_out(Index& index, const std::string& at, Node* node) {
  const auto found = index.find(at);
  if (found != index.end() && found->second.erase(node) > 0 && found->second.empty()) {
    index.erase(found);
  }
}

auto organization_of(const CaseNode& node) -> const std::string& {
  return is_alert_key(node.key) ? static_cast<const AlertNode&>(node).state.organization
                                : static_cast<const InvestigationNode&>(node).state.organization;
}

template <class Index>
auto members(const Index& index, const std::string& at) -> const typename Index::mapped_type& {
  static const typename Index::mapped_type none;
  const auto found = index.find(at);
  return found == index.end() ? none : found->second;
}

} // namespace

auto alert_key(std::string_view organization, std::string_view id) -> std::string {
  std::string key;
  write_key(key, 'a', organization, id);
  return key;
}

auto investigation_key(std::string_view organization, std::string_view id) -> std::string {
  std::string key;
  write_key(key, 'i', organization, id);
  return key;
}

auto is_alert_key(std::string_view key) -> bool {
  return key.starts_with('a');
}

auto touched(const CaseNode& node) -> std::int64_t {
  return is_alert_key(node.key) ? static_cast<const AlertNode&>(node).state.touched
                                : static_cast<const InvestigationNode&>(node).state.touched;
}

auto CaseGraph::key_of(char kind, std::string_view organization, std::string_view id) const
    -> const std::string& {
  write_key(key_, kind, organization, id);
  return key_;
}

template <class Node>
auto CaseGraph::node_of(ByKey<Node>& nodes, const std::string& key) -> Node& {
  const auto [at, is_new] = nodes.try_emplace(key);
  if (is_new) {
    at->second.key = at->first;
    by_age_.insert(&at->second);
  }
  return at->second;
}

auto CaseGraph::alert(std::string_view organization, std::string_view id) -> AlertNode& {
  auto& node = node_of(alerts_, key_of('a', organization, id));
  node.state.organization = organization;
  node.state.id = id;
  return node;
}

auto CaseGraph::investigation(std::string_view organization, std::string_view id)
    -> InvestigationNode& {
  auto& node = node_of(investigations_, key_of('i', organization, id));
  node.state.organization = organization;
  node.state.id = id;
  return node;
}

auto CaseGraph::find_alert(std::string_view organization, std::string_view id) const
    -> const AlertNode* {
  return find_alert(key_of('a', organization, id));
}

auto CaseGraph::find_alert(const std::string& key) const -> const AlertNode* {
  const auto at = alerts_.find(key);
  return at == alerts_.end() ? nullptr : &at->second;
}

auto CaseGraph::find_investigation(const std::string& key) const -> const InvestigationNode* {
  const auto at = investigations_.find(key);
  return at == investigations_.end() ? nullptr : &at->second;
}

auto CaseGraph::message_key(const CaseNode& node, std::string_view id) const -> const std::string& {
  return key_of('m', organization_of(node), id);
}

/// True when they are others than before.
template <class Node, class Ids>
auto CaseGraph::keep_messages(Node& node, Index<Node>& index, const Ids& ids) -> bool {
  if (std::ranges::equal(node.messages, ids)) {
    return false;
  }
  for (const auto& id : node.messages) {
    take_out(index, message_key(node, id), &node);
  }
  node.messages.assign(ids.begin(), ids.end());
  for (const auto& id : node.messages) {
    index[message_key(node, id)].insert(&node);
  }
  return true;
}

void CaseGraph::drop_links(InvestigationNode& node) {
  for (const auto& id : node.alerts) {
    take_out(investigations_of_alert_, key_of('a', node.state.organization, id), &node);
  }
}

void CaseGraph::keep_links(InvestigationNode& node, const Affected& affected) {
  const auto ids = node.state.links | std::views::keys;
  if (std::ranges::equal(node.alerts, ids)) {
    return;
  }
  // An alert that a record ties is not tied by its message any more, and the other way round.
  const auto affect = [&](const std::string& id) {
    if (const auto* alert = find_alert(node.state.organization, id)) {
      affect_by_message(*alert, affected);
    }
  };
  drop_links(node);
  std::ranges::for_each(node.alerts, affect);
  node.alerts.assign(ids.begin(), ids.end());
  for (const auto& id : node.alerts) {
    investigations_of_alert_[key_of('a', node.state.organization, id)].insert(&node);
    affect(id);
  }
}

void CaseGraph::affect_by_message(const AlertNode& alert, const Affected& affected) const {
  for (const auto& message : alert.messages) {
    for (auto* investigation : members(investigations_of_message_, message_key(alert, message))) {
      affected(*investigation);
    }
  }
}

void CaseGraph::update(AlertNode& node, const Affected& affected) {
  for (auto* investigation : members(investigations_of_alert_, node.key)) {
    affected(*investigation);
  }
  affect_by_message(node, affected); // A report that is said anew may lose its message.
  if (keep_messages(node, alerts_of_message_, message_ids(node.state))) {
    affect_by_message(node, affected);
  }
}

void CaseGraph::update(InvestigationNode& node, const Affected& affected) {
  keep_messages(node, investigations_of_message_, node.state.data.value.message_ids);
  keep_links(node, affected);
  affected(node);
}

void CaseGraph::touch(CaseNode& node, std::int64_t time) {
  if (is_alert_key(node.key)) {
    static_cast<AlertNode&>(node).state.touched = time;
  } else {
    static_cast<InvestigationNode&>(node).state.touched = time;
  }
}

void CaseGraph::erase(CaseNode& node) {
  by_age_.erase(&node);
  if (is_alert_key(node.key)) {
    keep_messages(static_cast<AlertNode&>(node), alerts_of_message_, no_ids);
    alerts_.erase(alerts_.find(node.key));
  } else {
    auto& investigation = static_cast<InvestigationNode&>(node);
    keep_messages(investigation, investigations_of_message_, no_ids);
    drop_links(investigation);
    investigations_.erase(investigations_.find(node.key));
  }
}

auto CaseGraph::has_investigation(const std::string& alert) const -> bool {
  return !members(investigations_of_alert_, alert).empty();
}

/// Records touch states all the time and seldom does anybody ask which is the oldest, so that the
/// order is mended here, from its old end.
auto CaseGraph::oldest() -> CaseNode* {
  while (!by_age_.empty()) {
    const auto first = by_age_.begin();
    const auto time = touched(**first);
    if ((*first)->age == time) {
      return *first;
    }
    auto entry = by_age_.extract(first);
    entry.value()->age = time;
    by_age_.insert(std::move(entry));
  }
  return nullptr;
}

auto CaseGraph::alerts_by_message(const InvestigationNode& node) const -> std::vector<std::string> {
  const auto& state = node.state;
  if (!state.links.empty() || !state.data.there()) {
    return {};
  }
  std::set<std::string> found;
  for (const auto& message : node.messages) {
    for (const auto* alert : members(alerts_of_message_, message_key(node, message))) {
      if (!has_investigation(alert->key) && about_one_message(alert->state, state)) {
        found.insert(alert->state.id);
      }
      if (found.size() > most_by_message) {
        found.erase(std::prev(found.end()));
      }
    }
  }
  return {found.begin(), found.end()};
}

auto CaseGraph::component(CaseNode& node) -> std::vector<CaseNode*> {
  std::vector<CaseNode*> found{&node};
  std::unordered_set<const CaseNode*> seen{&node};
  const auto add = [&](CaseNode* other) {
    if (seen.insert(other).second) {
      found.push_back(other);
    }
  };
  for (std::size_t next = 0; next < found.size(); ++next) {
    const auto& here = *found[next];
    for (const auto& id : here.messages) {
      const auto& message = message_key(here, id);
      std::ranges::for_each(members(alerts_of_message_, message), add);
      std::ranges::for_each(members(investigations_of_message_, message), add);
    }
    if (is_alert_key(here.key)) {
      std::ranges::for_each(members(investigations_of_alert_, here.key), add);
      continue;
    }
    const auto& investigation = static_cast<const InvestigationNode&>(here);
    for (const auto& id : investigation.alerts) {
      const auto alert = alerts_.find(key_of('a', investigation.state.organization, id));
      if (alert != alerts_.end()) {
        add(&alert->second);
      }
    }
  }
  return found;
}

} // namespace sluice::relevance
