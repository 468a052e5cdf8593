// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>

#include "relevance/cases/case_rules.hpp"
#include "relevance/cases/case_state.hpp"

namespace sluice::relevance {

/// An alert joined with an investigation, as the state has it now.
struct CaseView {
  std::string alert_id;                              ///< Empty when no record names one.
  const AlertState* alert = nullptr;                 ///< Null when none of its records came.
  const InvestigationState* investigation = nullptr; ///< Never null.
  bool by_message = false; ///< Nothing but the message and the person ties the two together.
};

/// What the state says about the join.
struct CaseVerdict {
  /// A status or a proof that makes it a case; a case stays one.
  bool is_case = false;
  /// The records of both sides are there, and the investigation's own say that it is a case.
  bool is_complete = false;
  bool processed = false;
  std::string_view outcome; ///< InProgress, AwaitingAction, Finished, Aborted or Unknown.
  /// The first statuses that say so; null when none does.
  const Said<std::string>* first_processed = nullptr;
  const Said<std::string>* first_aborted = nullptr;
};

/// Processed is what has a processed status now, or had one and carries out what was approved; or
/// what an alert that was resolved with a link to the investigation proves, when the
/// investigation's own records do not say.
[[nodiscard]] auto judge(const CaseView& view, const CaseRules& rules) -> CaseVerdict;

/// Nothing when no kind fits.
[[nodiscard]] auto identify(const CaseView& view, const CaseRules& rules)
    -> std::optional<CaseIdentity>;

/// What ties the two together; null when it is the message, or when no record names an alert.
[[nodiscard]] auto link_of(const CaseView& view) -> const Link*;
/// The record that proves the end of the alert by the investigation; null when none does.
[[nodiscard]] auto proof_of(const CaseView& view) -> const Witness*;

/// The first of some texts that is not empty.
[[nodiscard]] auto first_text(std::initializer_list<std::string_view> texts) -> std::string_view;
/// What the newest update of the alert says, or else its other records.
[[nodiscard]] auto said_of_alert(const CaseView& view, std::string AlertText::* member)
    -> std::string_view;

} // namespace sluice::relevance
