// SPDX-License-Identifier: Apache-2.0
#include "relevance/cases/case_graph.hpp"

#include <algorithm>
#include <iterator>
#include <random>
#include <ranges>
#include <utility>

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

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

/// For the indexes, which are made anew by every process: with another seed in each, so that nobody
/// can choose ids that share a slot.
auto print_of(std::string_view key) -> std::uint64_t {
  static const std::uint64_t seed = std::random_device{}();
  return XXH3_64bits_withSeed(key.data(), key.size(), seed);
}

/// The node of that key; null when there is none.
template <class Node>
auto find_in(const NodeIndex<std::unique_ptr<Node>>& nodes, std::string_view key) -> Node* {
  Node* found = nullptr;
  nodes.each(print_of(key), [&](auto& node) { found = node.key() == key ? &node : found; });
  return found;
}

auto is_among(const std::vector<std::string>& ids, std::string_view id) -> bool {
  return std::binary_search(ids.begin(), ids.end(), id);
}

template <class Node, class State>
void close_all(std::vector<Node*>& open, StateShelf<State>& shelf) {
  for (auto* node : open) {
    shelf.put_back(std::move(node->state));
  }
  open.clear();
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
auto CaseGraph::node_of(Owned<Node>& nodes, const std::string& key, std::size_t organization_bytes)
    -> Node& {
  if (auto* const found = find_in<Node>(nodes, key)) {
    return *found;
  }
  auto made = std::make_unique<Node>();
  auto& node = *made;
  node.own_key = key;
  node.organization_bytes = organization_bytes;
  nodes.insert(print_of(key), std::move(made));
  by_age_.insert(by_age_.begin(), &node); // It has no age yet.
  return node;
}

auto CaseGraph::alert(std::string_view organization, std::string_view id) -> AlertNode& {
  return node_of(alerts_, key_of('a', organization, id), organization.size());
}

auto CaseGraph::investigation(std::string_view organization, std::string_view id)
    -> InvestigationNode& {
  return node_of(investigations_, key_of('i', organization, id), organization.size());
}

template <class State>
auto CaseGraph::unpacked(CaseNode& node, StateShelf<State>& shelf) -> std::unique_ptr<State> {
  auto state = shelf.take();
  const auto bytes = packed_.bytes_of(node.packed, node.key());
  if (!bytes.empty() && unpack(bytes, *state)) {
    return state;
  }
  if (!bytes.empty()) {
    packed_.fail({ErrorKind::corrupt, fmt::format("the state of {} cannot be read", node.key())});
  }
  Empty{}(*state);
  state->organization = node.organization();
  state->id = node.id();
  return state;
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

auto CaseGraph::read(AlertNode& node) -> StateReading<AlertState> {
  return node.state != nullptr
             ? StateReading<AlertState>{*node.state}
             : StateReading<AlertState>{unpacked(node, spare_alerts_), spare_alerts_};
}

auto CaseGraph::read(InvestigationNode& node) -> StateReading<InvestigationState> {
  return node.state != nullptr ? StateReading<InvestigationState>{*node.state}
                               : StateReading<InvestigationState>{
                                     unpacked(node, spare_investigations_), spare_investigations_};
}

void CaseGraph::restore(CaseNode& node, std::string_view packed) {
  node.packed.bytes = packed;
  packed_.keep(node.packed);
}

void CaseGraph::pack(CaseNode& node) {
  if (is_alert_key(node.key())) {
    relevance::pack(*static_cast<AlertNode&>(node).state, node.packed.bytes);
  } else {
    relevance::pack(*static_cast<InvestigationNode&>(node).state, node.packed.bytes);
  }
  packed_.keep(node.packed);
}

void CaseGraph::close() {
  close_all(open_alerts_, spare_alerts_);
  close_all(open_investigations_, spare_investigations_);
}

auto CaseGraph::find_alert(std::string_view organization, std::string_view id) const -> AlertNode* {
  return find_in<AlertNode>(alerts_, key_of('a', organization, id));
}

auto CaseGraph::find_investigation(std::string_view key) -> InvestigationNode* {
  return find_in<InvestigationNode>(investigations_, key);
}

template <class Visit>
void CaseGraph::each_tied(const AlertNode& alert, const Visit& visit) const {
  investigations_of_alert_.each(print_of(alert.key()), [&](InvestigationNode& node) {
    if (is_among(node.alerts, alert.id()) && node.organization() == alert.organization()) {
      visit(node);
    }
  });
}

template <class Node, class Visit>
void CaseGraph::each_about(const Index<Node>& index,
                           const CaseNode& about,
                           std::string_view message,
                           const Visit& visit) const {
  const auto organization = about.organization();
  index.each(print_of(key_of('m', organization, message)), [&](Node& node) {
    if (is_among(node.messages, message) && node.organization() == organization) {
      visit(node);
    }
  });
}

/// True when they are others than before.
template <class Node, class Ids>
auto CaseGraph::keep_messages(Node& node, Index<Node>& index, const Ids& ids) -> bool {
  if (std::ranges::equal(node.messages, ids)) {
    return false;
  }
  for (const auto& id : node.messages) {
    index.erase(print_of(key_of('m', node.organization(), id)), node);
  }
  node.messages.assign(ids.begin(), ids.end());
  for (const auto& id : node.messages) {
    index.insert(print_of(key_of('m', node.organization(), id)), &node);
  }
  return true;
}

void CaseGraph::drop_links(InvestigationNode& node) {
  for (const auto& id : node.alerts) {
    investigations_of_alert_.erase(print_of(key_of('a', node.organization(), id)), node);
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
    investigations_of_alert_.insert(print_of(key_of('a', node.organization(), id)), &node);
    affect(id);
  }
}

void CaseGraph::affect_by_message(const AlertNode& alert, const Affected& affected) const {
  for (const auto& message : alert.messages) {
    each_about(investigations_of_message_, alert, message, affected);
  }
}

void CaseGraph::update(AlertNode& node, bool reports, const Affected& affected) {
  bool is_tied = false;
  each_tied(node, [&](InvestigationNode& investigation) {
    is_tied = true;
    affected(investigation);
  });
  if (!is_tied) {
    affect_by_message(node, affected); // A report that is said anew may lose its message.
  }
  if (reports && keep_messages(node, alerts_of_message_, message_ids(*node.state)) && !is_tied) {
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
  packed_.forget(node.packed);
  if (is_alert_key(node.key())) {
    auto& alert = static_cast<AlertNode&>(node);
    keep_messages(alert, alerts_of_message_, no_ids);
    std::erase(open_alerts_, &alert);
    alerts_.erase(print_of(alert.key()), alert);
  } else {
    auto& investigation = static_cast<InvestigationNode&>(node);
    keep_messages(investigation, investigations_of_message_, no_ids);
    drop_links(investigation);
    std::erase(open_investigations_, &investigation);
    investigations_.erase(print_of(investigation.key()), investigation);
  }
}

auto CaseGraph::has_investigation(const AlertNode& alert) const -> bool {
  bool found = false;
  each_tied(alert, [&](const InvestigationNode&) { found = true; });
  return found;
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

auto CaseGraph::alerts_by_message(InvestigationNode& node) -> std::vector<std::string> {
  if (!node.alerts.empty() || node.messages.empty()) {
    return {};
  }
  const auto investigation = read(node);
  std::set<std::string> found;
  for (const auto& message : node.messages) {
    each_about(alerts_of_message_, node, message, [&](AlertNode& alert) {
      if (!has_investigation(alert) && about_one_message(*read(alert), *investigation)) {
        found.emplace(alert.id());
      }
      if (found.size() > most_by_message) {
        found.erase(std::prev(found.end()));
      }
    });
  }
  return {found.begin(), found.end()};
}

auto CaseGraph::component(CaseNode& node) -> std::vector<CaseNode*> {
  std::vector<CaseNode*> found;
  const auto add = [&](CaseNode& other) {
    if (!std::exchange(other.is_found, true)) {
      found.push_back(&other);
    }
  };
  add(node);
  for (std::size_t next = 0; next < found.size(); ++next) {
    const auto& here = *found[next];
    for (const auto& id : here.messages) {
      each_about(alerts_of_message_, here, id, add);
      each_about(investigations_of_message_, here, id, add);
    }
    if (is_alert_key(here.key())) {
      each_tied(static_cast<const AlertNode&>(here), add);
      continue;
    }
    const auto& investigation = static_cast<const InvestigationNode&>(here);
    for (const auto& id : investigation.alerts) {
      const auto& key = key_of('a', investigation.organization(), id);
      if (auto* const alert = find_in<AlertNode>(alerts_, key)) {
        add(*alert);
      }
    }
  }
  for (auto* each : found) {
    each->is_found = false;
  }
  return found;
}

} // namespace sluice::relevance
