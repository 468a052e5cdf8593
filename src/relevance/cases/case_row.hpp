// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
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
};

/// Processed is what has a processed status now, or had one and carries out what was approved; or
/// what an alert that was resolved with a link to the investigation proves, when the
/// investigation's own records do not say.
[[nodiscard]] auto judge(const CaseView& view, const CaseRules& rules) -> CaseVerdict;

/// Nothing when no kind fits.
[[nodiscard]] auto identify(const CaseView& view, const CaseRules& rules)
    -> std::optional<CaseIdentity>;

/// `case-` and twenty hexadecimal digits: a function of organization, alert and investigation.
[[nodiscard]] auto case_id(std::string_view organization,
                           std::string_view alert,
                           std::string_view investigation) -> std::string;

/// The row of table Cases as a JSON object, by the names of `record/case_columns.hpp`; without
/// Version and EmittedTime, which it gets when it is told. The same state gives the same bytes.
[[nodiscard]] auto case_row(const CaseView& view,
                            const CaseRules& rules,
                            const CaseIdentity& identity,
                            const CaseVerdict& verdict) -> std::string;

/// The row that takes back a case which later records showed to be none.
[[nodiscard]] auto withdrawn_row(std::string_view organization,
                                 std::string_view alert,
                                 const InvestigationState& investigation) -> std::string;

} // namespace sluice::relevance
