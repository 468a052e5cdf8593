// SPDX-License-Identifier: Apache-2.0
#include "relevance/cases/case_view.hpp"

#include <algorithm>

#include "relevance/cases/case_text.hpp"

namespace sluice::relevance {

auto link_of(const CaseView& view) -> const Link* {
  return view.investigation->links.find(view.alert_id);
}

auto proof_of(const CaseView& view) -> const Witness* {
  const auto* link = link_of(view);
  return link != nullptr && link->proof.there() ? &link->proof : nullptr;
}

auto first_text(std::initializer_list<std::string_view> texts) -> std::string_view {
  const auto* at = std::ranges::find_if(texts, [](auto text) { return !text.empty(); });
  return at == texts.end() ? std::string_view{} : *at;
}

auto said_of_alert(const CaseView& view, std::string AlertText::* member) -> std::string_view {
  if (view.alert == nullptr) {
    return {};
  }
  return first_text({view.alert->updated.value.*member, view.alert->told.value.*member});
}

auto judge(const CaseView& view, const CaseRules& rules) -> CaseVerdict {
  const auto& state = *view.investigation;
  CaseVerdict verdict;
  for (const auto& [status, said] : state.statuses) {
    const auto of = rules.class_of(status);
    auto** const first = of == StatusClass::aborted           ? &verdict.first_aborted
                         : of == StatusClass::awaiting_action ? &verdict.first_processed
                         : of == StatusClass::finished        ? &verdict.first_processed
                                                              : nullptr;
    if (first != nullptr && (*first == nullptr || said < **first)) {
      *first = &said;
    }
  }
  const auto* processed = verdict.first_processed;
  const auto* aborted = verdict.first_aborted;
  const bool proven = proof_of(view) != nullptr;
  const bool told = processed != nullptr || (aborted != nullptr && rules.options().aborted);
  verdict.is_case = told || proven;
  verdict.is_complete = told && view.alert != nullptr;
  const auto now = state.head.there() ? rules.class_of(normal_status(state.head.value.status))
                                      : StatusClass::unknown;
  switch (now) {
  case StatusClass::awaiting_action:
    verdict.processed = true;
    verdict.outcome = "AwaitingAction";
    break;
  case StatusClass::finished:
    verdict.processed = true;
    verdict.outcome = "Finished";
    break;
  case StatusClass::aborted:
    verdict.outcome = "Aborted";
    break;
  case StatusClass::in_progress:
  case StatusClass::unknown:
    verdict.processed = processed != nullptr || proven;
    verdict.outcome = now == StatusClass::in_progress && (processed != nullptr || !proven)
                          ? "InProgress"
                          : "Unknown";
    break;
  }
  return verdict;
}

auto identify(const CaseView& view, const CaseRules& rules) -> std::optional<CaseIdentity> {
  const auto& state = *view.investigation;
  CaseTraits traits{
      .policies = {&state.policies}, .types = {&state.types}, .names = {&state.names}};
  if (view.alert != nullptr) {
    traits.policies[1] = &view.alert->policies;
    traits.names[1] = &view.alert->names;
  }
  return rules.identify(traits);
}

} // namespace sluice::relevance
