// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "relevance/cases/case_rules.hpp"
#include "relevance/rule_set.hpp"

namespace sluice::app {

/// What a test of rules came to.
struct RuleTrialOutcome {
  std::string name;
  std::vector<std::string> faults; ///< Sentences; none when all is as expected.
};

/// Runs the tests of a YAML file through the rules and the correlator, as the pipeline would:
///
///     tests:
///       - name: a report that AIR has processed is a case
///         records:
///           - {RecordType: 64, Id: ..., Status: Remediated, Data: {ProviderAlertId: ...}}
///           - '{"RecordType": 40, "Id": "...", ...}'
///         kept: [..., ...]
///         cases:
///           - {Outcome: Finished, Processed: true, Links: [provider_alert_id]}
///
/// A record is JSON in a text, or a mapping, in which `Data` and the elements of `Actions` may be
/// mappings too: they become the texts that they are on the wire. `kept` are the Ids of all records
/// that the rules must keep; `cases` are all cases, each with the columns that matter, in any
/// order; both may be left out.
/// Errors: invalid_input, with the mistakes and their places.
[[nodiscard]] auto run_rule_trials(std::string_view text,
                                   std::string_view file,
                                   const relevance::RuleSet& rules,
                                   const relevance::CaseRules& case_rules)
    -> Result<std::vector<RuleTrialOutcome>>;

} // namespace sluice::app
