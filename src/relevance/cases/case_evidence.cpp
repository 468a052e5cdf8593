// SPDX-License-Identifier: Apache-2.0
#include "relevance/cases/case_evidence.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace sluice::relevance {
namespace {

auto identified_by(std::string_view trait) -> std::string_view {
  return trait == "policy"               ? "identified by policy"
         : trait == "investigation_type" ? "identified by investigation_type"
                                         : "identified by name";
}

constexpr std::array<std::string_view, link_kinds> linked_by{"linked by provider_alert_id",
                                                             "linked by related_alert_ids",
                                                             "linked by ail",
                                                             "linked by extended_link",
                                                             "linked by message"};

void add_links(std::vector<Reason>& all, const CaseView& view) {
  const auto* link = link_of(view);
  for (std::size_t kind = 0; link != nullptr && kind < link->witnesses.size(); ++kind) {
    const auto& witness = link->witnesses.at(kind);
    if (witness.there()) {
      all.push_back({linked_by.at(kind), view.alert_id, witness.created, witness.record});
    }
  }
  if (view.by_message) {
    const auto& data = view.investigation->data;
    all.push_back({linked_by.at(static_cast<std::size_t>(LinkKind::message)),
                   data.value.network_message_id,
                   data.stamp.created,
                   data.stamp.record});
  }
}

} // namespace

auto reasons(const CaseView& view, const CaseIdentity& identity, const CaseVerdict& verdict)
    -> std::vector<Reason> {
  const auto& state = *view.investigation;
  std::vector<Reason> all;
  all.reserve(link_kinds + 5);
  all.push_back({identified_by(identity.by), identity.value});
  add_links(all, view);
  const auto add_status = [&](std::string_view what, const Said<std::string>* said) {
    if (said != nullptr) {
      all.push_back({what, said->value, said->stamp.created, said->stamp.record});
    }
  };
  add_status("processed by status", verdict.first_processed);
  add_status("aborted by status", verdict.first_aborted);
  const auto* proof = proof_of(view);
  if (verdict.outcome == "Unknown" && proof != nullptr) {
    const auto status = said_of_alert(view, &AlertText::status);
    all.push_back({"processed by ail", status, proof->created, proof->record});
  }
  if (const auto& head = state.head; head.there()) {
    all.push_back({"newest status", head.value.status, head.stamp.created, head.stamp.record});
  }
  return all;
}

auto link_names(const CaseView& view) -> std::vector<std::string_view> {
  std::vector<std::string_view> names;
  const auto* link = link_of(view);
  for (std::size_t kind = 0; link != nullptr && kind < link->witnesses.size(); ++kind) {
    if (link->witnesses.at(kind).there()) {
      names.push_back(name_of(static_cast<LinkKind>(kind)));
    }
  }
  if (view.by_message) {
    names.push_back(name_of(LinkKind::message));
  }
  return names;
}

auto record_ids(const CaseView& view, const std::vector<Reason>& why)
    -> std::vector<std::string_view> {
  std::vector<std::string_view> ids;
  for (const auto& reason : why) {
    ids.push_back(reason.record);
  }
  ids.push_back(view.investigation->data.stamp.record);
  ids.push_back(view.investigation->actions.stamp.record);
  if (view.alert != nullptr) {
    ids.push_back(view.alert->updated.stamp.record);
    ids.push_back(view.alert->told.stamp.record);
    ids.push_back(view.alert->triggered.stamp.record);
    ids.push_back(view.alert->first.record);
    for (const auto& [key, entity] : view.alert->entities) {
      ids.push_back(entity.stamp.record);
    }
  }
  std::ranges::sort(ids);
  const auto repeated = std::ranges::unique(ids);
  ids.erase(repeated.begin(), repeated.end());
  std::erase(ids, "");
  return ids;
}

} // namespace sluice::relevance
