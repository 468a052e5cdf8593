// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "relevance/cases/case_rules.hpp"
#include "relevance/cases/case_state.hpp"
#include "relevance/cases/case_view.hpp"

namespace sluice::relevance {

/// `case-` and twenty hexadecimal digits: a function of organization, alert and investigation.
[[nodiscard]] auto case_id(std::string_view organization,
                           std::string_view alert,
                           std::string_view investigation) -> std::string;

/// The row of table Cases, `id` its CaseId, as a JSON object, by the names of
/// `record/case_columns.hpp`; without Version and EmittedTime, which it gets when it is told. The
/// same state gives the same bytes. Written over what is in `out`.
void write_case_row(std::string& out,
                    const CaseView& view,
                    std::string_view id,
                    const CaseIdentity& identity,
                    const CaseVerdict& verdict);

/// The row that takes back a case which later records showed to be none.
[[nodiscard]] auto withdrawn_row(std::string_view alert,
                                 std::string_view id,
                                 const InvestigationState& investigation) -> std::string;

} // namespace sluice::relevance
