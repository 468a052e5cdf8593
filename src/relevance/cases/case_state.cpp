// SPDX-License-Identifier: Apache-2.0
#include "relevance/cases/case_state.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

#include "base/date_time.hpp"
#include "relevance/cases/case_text.hpp"

namespace sluice::relevance {
namespace {

constexpr std::size_t most_entities = 64;
constexpr std::size_t most_links = 256;
constexpr std::size_t most_traits = 16;
constexpr std::size_t most_statuses = 32;

/// Adds to a set that keeps its smallest members.
auto add_bounded(ReusedSet<std::string>& to, std::string_view text, std::size_t most) -> bool {
  if (text.empty() || (to.size() >= most && text > to.back()) || !to.insert(text)) {
    return false;
  }
  if (to.size() > most) {
    to.drop_last();
  }
  return true;
}

/// The value of a key, made when there is room: a map keeps its smallest keys. Null otherwise.
template <class V>
auto bounded_slot(ReusedMap<V>& in, std::string_view key, std::size_t most) -> V* {
  if (auto* const found = in.find(key)) {
    return found;
  }
  if (in.size() >= most) {
    if (key > in.back().key) {
      return nullptr;
    }
    in.drop_last();
  }
  return &in[key];
}

/// `submissioninvestigation` of `urn:submissioninvestigation:<hex>`.
auto type_in(const std::string& normal_investigation) -> std::string {
  const auto colon = normal_investigation.rfind(':');
  return normal_investigation.starts_with("urn:") && colon > 4
             ? normal_status(normal_investigation.substr(4, colon - 4))
             : std::string{};
}

auto add_link(InvestigationState& state,
              const std::string& alert,
              LinkKind kind,
              const Stamp& stamp) -> bool {
  if (alert.empty()) {
    return false;
  }
  auto* link = bounded_slot(state.links, alert, most_links);
  return link != nullptr &&
         keep_earliest(link->witnesses.at(static_cast<std::size_t>(kind)), stamp);
}

} // namespace

auto name_of(LinkKind kind) noexcept -> std::string_view {
  switch (kind) {
  case LinkKind::provider_alert_id:
    return "provider_alert_id";
  case LinkKind::related_alert_ids:
    return "related_alert_ids";
  case LinkKind::ail:
    return "ail";
  case LinkKind::extended_link:
    return "extended_link";
  case LinkKind::message:
    break;
  }
  return "message";
}

auto keep_earliest(Witness& kept, const Stamp& said) -> bool {
  if (kept.there() && std::tie(said.created, said.record) >= std::tie(kept.created, kept.record)) {
    return false;
  }
  kept.created = said.created;
  kept.record = said.record;
  return true;
}

auto merge(AlertState& state, AlertFacts&& facts) -> AlertChange {
  using Operation = AlertFacts::Operation;
  const auto& stamp = facts.stamp;
  bool changed = keep_earliest(state.first, stamp);
  changed |= add_bounded(state.users, normal_address(facts.user), most_entities);
  changed |= add_bounded(state.policies, facts.text.policy, most_traits);
  changed |= add_bounded(state.policies, facts.data_policy, most_traits);
  const auto add_name = [&](const std::string& name) {
    // Those of the newest records were added with them, and most records repeat them.
    if (name != state.updated.value.name && name != state.told.value.name) {
      changed |= add_bounded(state.names, normal_name(name), most_traits);
    }
  };
  add_name(facts.text.name);
  add_name(facts.data_name);
  if (facts.operation == Operation::triggered) {
    changed |= keep_earliest(state.triggered, stamp, facts.window_start);
  }
  bool reports = false;
  if (facts.operation == Operation::entity && !facts.entity.id.empty()) {
    const auto key = clipped(facts.entity.id, 256);
    if (auto* entity = bounded_slot(state.entities, key, most_entities)) {
      reports = keep_latest(*entity, stamp, std::move(facts.entity));
    }
  }
  auto& text = facts.text;
  if (text.name.empty()) {
    text.name = std::move(facts.data_name);
  }
  if (text.policy.empty()) {
    text.policy = std::move(facts.data_policy);
  }
  auto& general = facts.operation == Operation::updated ? state.updated : state.told;
  changed |= keep_latest(general, stamp, std::move(text));
  return {.any = changed || reports, .reports = reports};
}

auto merge(InvestigationState& state, InvestigationFacts&& facts) -> bool {
  const auto& stamp = facts.stamp;
  bool changed = false;
  for (const auto& alert : facts.related_alerts) {
    changed |= add_link(state, alert, LinkKind::related_alert_ids, stamp);
  }
  for (const auto& alert : facts.linked_alerts) {
    changed |= add_link(state, alert, LinkKind::extended_link, stamp);
  }
  const auto status = normal_status(facts.head.status);
  if (auto* first = bounded_slot(state.statuses, clipped(status, 128), most_statuses)) {
    changed |= keep_earliest(*first, stamp, facts.head.status);
  }
  // What the newest records say was added with them, and most records repeat it.
  if (facts.head.type != state.head.value.type) {
    changed |= add_bounded(state.types, normal_status(facts.head.type), most_traits);
  }
  if (!state.head.there()) {
    changed |= add_bounded(state.types, type_in(facts.investigation), most_traits);
  }
  if (facts.has_data) {
    changed |= add_bounded(state.policies, facts.data.policy, most_traits);
    if (facts.data.alert_name != state.data.value.alert_name) {
      changed |= add_bounded(state.names, normal_name(facts.data.alert_name), most_traits);
    }
    changed |= add_link(state, facts.data.alert, LinkKind::provider_alert_id, stamp);
    changed |= keep_latest(state.data, stamp, std::move(facts.data));
  }
  if (!facts.actions.empty()) {
    changed |= keep_latest(state.actions, stamp, std::move(facts.actions));
  }
  changed |= keep_latest(state.head, stamp, std::move(facts.head));
  return changed;
}

auto merge_link(InvestigationState& state, const AlertFacts& facts) -> bool {
  bool changed = add_link(state, facts.alert, LinkKind::ail, facts.stamp);
  if (state.linked.empty() || facts.investigation < state.linked) {
    state.linked = facts.investigation;
    changed = true;
  }
  const auto status = normal_status(facts.text.status);
  auto* const link = state.links.find(facts.alert);
  const bool ended = facts.operation == AlertFacts::Operation::updated &&
                     (status == "resolved" || status == "dismissed");
  if (ended && link != nullptr) {
    changed |= keep_earliest(link->proof, facts.stamp);
  }
  const auto id = normal_investigation_id(facts.investigation);
  changed |= add_bounded(state.types, type_in(id), most_traits);
  return changed;
}

auto message_ids(const AlertState& alert) -> std::vector<std::string> {
  std::vector<std::string> ids;
  for (const auto& [key, entity] : alert.entities) {
    ids.push_back(entity.value.network_message_id);
    ids.push_back(normal_id(entity.value.internet_message_id).text());
  }
  std::erase(ids, "");
  std::ranges::sort(ids);
  const auto repeated = std::ranges::unique(ids);
  ids.erase(repeated.begin(), repeated.end());
  return ids;
}

auto about_one_message(const AlertState& alert, const InvestigationState& investigation) -> bool {
  constexpr auto tolerance = std::chrono::duration_cast<Ticks>(std::chrono::minutes{15}).count();
  const auto& data = investigation.data.value;
  for (const auto& [key, said] : alert.entities) {
    const auto& entity = said.value;
    const bool message = data.message_ids.contains(entity.network_message_id) ||
                         data.message_ids.contains(normal_id(entity.internet_message_id).view());
    const bool person = data.reporters.contains(normal_address(entity.reporter)) ||
                        data.reporters.contains(normal_address(entity.id));
    const auto when = entity.activity != 0         ? entity.activity
                      : alert.triggered.value != 0 ? alert.triggered.value
                                                   : said.stamp.created;
    const auto distance = when > data.start ? when - data.start : data.start - when;
    if (message && person && distance <= tolerance) {
      return true;
    }
  }
  return false;
}

} // namespace sluice::relevance
