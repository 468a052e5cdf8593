// SPDX-License-Identifier: Apache-2.0
#include "relevance/cases/case_graph.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

#include "base/check.hpp"
#include "relevance/cases/state_packing.hpp"

namespace sluice::relevance {
namespace {

constexpr std::size_t most_by_message = 64;
constexpr std::size_t before_organization = 2; // In a key: the letter and the stroke.
const std::vector<std::string> no_ids;

void write_key(std::string& key, char kind, std::string_view organization, std::string_view id) {
  key.assign(1, kind);
  key.append("/").append(organization).append("/").append(id);
}

template <class Index, class Node>
void take_out(Index& index, const std::string& at, Node* node) {
  const auto found = index.find(at);
  if (found != index.end() && found->second.erase(node) && found->second.empty()) {
    index.erase(found);
  }
}

/// The state of a node, unpacked.
template <class State>
auto unpacked(const CaseNode& node, StateShelf<State>& shelf) -> std::unique_ptr<State> {
  auto state = shelf.take();
  if (node.packed.empty()) {
    Empty{}(*state);
    state->organization = node.organization();
    state->id = node.id();
  } else {
    CHECK(unpack(node.packed, *state));
  }
  return state;
}

template <class Node, class State>
void close_all(std::vector<Node*>& open, StateShelf<State>& shelf) {
  for (auto* node : open) {
    shelf.put_back(std::move(node->state));
  }
  open.clear();
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

auto CaseNode::organization() const -> std::string_view {
  return std::string_view{key()}.substr(before_organization, organization_bytes);
}

auto CaseNode::id() const -> std::string_view {
  return std::string_view{key()}.substr(before_organization + organization_bytes + 1);
}

auto CaseGraph::key_of(char kind, std::string_view organization, std::string_view id) const
    -> const std::string& {
  write_key(key_, kind, organization, id);
  return key_;
}

template <class Node>
auto CaseGraph::node_of(ByKey<Node>& nodes, std::size_t organization_bytes) -> Node& {
  const auto [at, is_new] = nodes.try_emplace(key_);
  if (is_new) {
    at->second.own_key = &at->first;
    at->second.organization_bytes = organization_bytes;
    by_age_.insert(by_age_.begin(), &at->second); // It has no age yet.
  }
  return at->second;
}

auto CaseGraph::alert(std::string_view organization, std::string_view id) -> AlertNode& {
  write_key(key_, 'a', organization, id);
  return node_of(alerts_, organization.size());
}

auto CaseGraph::investigation(std::string_view organization, std::string_view id)
    -> InvestigationNode& {
  write_key(key_, 'i', organization, id);
  return node_of(investigations_, organization.size());
}

auto CaseGraph::open(AlertNode& node) -> AlertState& {
  if (node.state == nullptr) {
    node.state = unpacked(node, spare_alerts_);
    open_alerts_.push_back(&node);
  }
  return *node.state;
}

auto CaseGraph::open(InvestigationNode& node) -> InvestigationState& {
  if (node.state == nullptr) {
    node.state = unpacked(node, spare_investigations_);
    open_investigations_.push_back(&node);
  }
  return *node.state;
}

auto CaseGraph::read(const AlertNode& node) -> StateReading<AlertState> {
  return node.state != nullptr
             ? StateReading<AlertState>{*node.state}
             : StateReading<AlertState>{unpacked(node, spare_alerts_), spare_alerts_};
}

auto CaseGraph::read(const InvestigationNode& node) -> StateReading<InvestigationState> {
  return node.state != nullptr ? StateReading<InvestigationState>{*node.state}
                               : StateReading<InvestigationState>{
                                     unpacked(node, spare_investigations_), spare_investigations_};
}

void CaseGraph::pack(CaseNode& node) {
  if (is_alert_key(node.key())) {
    relevance::pack(*static_cast<AlertNode&>(node).state, node.packed);
  } else {
    relevance::pack(*static_cast<InvestigationNode&>(node).state, node.packed);
  }
}

void CaseGraph::close() {
  close_all(open_alerts_, spare_alerts_);
  close_all(open_investigations_, spare_investigations_);
}

auto CaseGraph::find_alert(std::string_view organization, std::string_view id) const
    -> const AlertNode* {
  return find_alert(key_of('a', organization, id));
}

auto CaseGraph::find_alert(const std::string& key) const -> const AlertNode* {
  const auto at = alerts_.find(key);
  return at == alerts_.end() ? nullptr : &at->second;
}

auto CaseGraph::find_investigation(const std::string& key) -> InvestigationNode* {
  const auto at = investigations_.find(key);
  return at == investigations_.end() ? nullptr : &at->second;
}

auto CaseGraph::message_key(const CaseNode& node, std::string_view id) const -> const std::string& {
  return key_of('m', node.organization(), id);
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
    take_out(investigations_of_alert_, key_of('a', node.organization(), id), &node);
  }
}

void CaseGraph::keep_links(InvestigationNode& node, const Affected& affected) {
  const auto ids = node.state->links | std::views::transform(&ReusedMap<Link>::Entry::key);
  if (std::ranges::equal(node.alerts, ids)) {
    return;
  }
  // An alert that a record ties is not tied by its message any more, and the other way round.
  const auto affect = [&](const std::string& id) {
    if (const auto* alert = find_alert(node.organization(), id)) {
      affect_by_message(*alert, affected);
    }
  };
  drop_links(node);
  std::ranges::for_each(node.alerts, affect);
  node.alerts.assign(ids.begin(), ids.end());
  for (const auto& id : node.alerts) {
    investigations_of_alert_[key_of('a', node.organization(), id)].insert(&node);
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

void CaseGraph::update(AlertNode& node, bool reports, const Affected& affected) {
  const auto& tied = members(investigations_of_alert_, node.key());
  std::ranges::for_each(tied, [&](auto* investigation) { affected(*investigation); });
  if (tied.empty()) {
    affect_by_message(node, affected); // A report that is said anew may lose its message.
  }
  if (reports && keep_messages(node, alerts_of_message_, message_ids(*node.state)) &&
      tied.empty()) {
    affect_by_message(node, affected);
  }
}

void CaseGraph::update(InvestigationNode& node, const Affected& affected) {
  keep_messages(node, investigations_of_message_, node.state->data.value.message_ids);
  keep_links(node, affected);
  affected(node);
}

void CaseGraph::touch(CaseNode& node, std::int64_t time) {
  node.touched = time;
  if (is_alert_key(node.key())) {
    open(static_cast<AlertNode&>(node)).touched = time;
  } else {
    open(static_cast<InvestigationNode&>(node)).touched = time;
  }
  pack(node);
}

void CaseGraph::erase(CaseNode& node) {
  by_age_.erase(&node);
  if (is_alert_key(node.key())) {
    auto& alert = static_cast<AlertNode&>(node);
    keep_messages(alert, alerts_of_message_, no_ids);
    std::erase(open_alerts_, &alert);
    alerts_.erase(alerts_.find(node.key()));
  } else {
    auto& investigation = static_cast<InvestigationNode&>(node);
    keep_messages(investigation, investigations_of_message_, no_ids);
    drop_links(investigation);
    std::erase(open_investigations_, &investigation);
    investigations_.erase(investigations_.find(node.key()));
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
    const auto time = (*first)->touched;
    if ((*first)->age == time) {
      return *first;
    }
    auto entry = by_age_.extract(first);
    entry.value()->age = time;
    by_age_.insert(by_age_.end(), std::move(entry)); // Which is where most belong.
  }
  return nullptr;
}

auto CaseGraph::alerts_by_message(const InvestigationNode& node) -> std::vector<std::string> {
  if (!node.alerts.empty() || node.messages.empty()) {
    return {};
  }
  const auto investigation = read(node);
  std::set<std::string> found;
  for (const auto& message : node.messages) {
    for (const auto* alert : members(alerts_of_message_, message_key(node, message))) {
      if (!has_investigation(alert->key()) && about_one_message(*read(*alert), *investigation)) {
        found.emplace(alert->id());
      }
      if (found.size() > most_by_message) {
        found.erase(std::prev(found.end()));
      }
    }
  }
  return {found.begin(), found.end()};
}

auto CaseGraph::component(CaseNode& node) -> std::vector<CaseNode*> {
  std::vector<CaseNode*> found;
  const auto add = [&](CaseNode* other) {
    if (!std::exchange(other->is_found, true)) {
      found.push_back(other);
    }
  };
  add(&node);
  for (std::size_t next = 0; next < found.size(); ++next) {
    const auto& here = *found[next];
    for (const auto& id : here.messages) {
      const auto& message = message_key(here, id);
      std::ranges::for_each(members(alerts_of_message_, message), add);
      std::ranges::for_each(members(investigations_of_message_, message), add);
    }
    if (is_alert_key(here.key())) {
      std::ranges::for_each(members(investigations_of_alert_, here.key()), add);
      continue;
    }
    const auto& investigation = static_cast<const InvestigationNode&>(here);
    for (const auto& id : investigation.alerts) {
      const auto alert = alerts_.find(key_of('a', investigation.organization(), id));
      if (alert != alerts_.end()) {
        add(&alert->second);
      }
    }
  }
  for (auto* each : found) {
    each->is_found = false;
  }
  return found;
}

} // namespace sluice::relevance
