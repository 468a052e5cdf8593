// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/rule_trials.hpp"
#include "relevance/rule.hpp"

namespace sluice::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

auto run(const std::string& text) -> Result<std::vector<RuleTrialOutcome>> {
  const auto rules =
      relevance::RuleSet::compile({{.name = "cases", .where = "RecordType in (40, 64)"}});
  EXPECT_TRUE(rules.has_value());
  return run_rule_trials(text, "tests.yaml", *rules, relevance::CaseRules{});
}

/// The faults of the only test.
auto faults(const std::string& test) -> std::vector<std::string> {
  const auto outcomes = run("tests:\n" + test);
  EXPECT_TRUE(outcomes.has_value()) << outcomes.error().message();
  return outcomes && outcomes->size() == 1 ? outcomes->front().faults
                                           : std::vector<std::string>{"?"};
}

auto mistake(const std::string& text) -> std::string {
  const auto outcomes = run(text);
  return outcomes ? "" : outcomes.error().message();
}

/// An investigation alone that reached a verdict: a case without an alert.
const std::string report = R"(  - name: a verdict
    records:
      - RecordType: 64
        Id: r1
        CreationTime: 2026-07-01T10:00:00
        InvestigationId: urn:SubmissionInvestigation:ab
        InvestigationType: SubmissionInvestigation
        Status: Remediated
        Data: {Severity: Low, Entities: [{Type: mailMessage, Subject: Your parcel}]}
        Actions: [{ActionType: EmailRemediation, ActionStatus: Pending}]
)";

TEST(RuleTrials, pass_when_all_is_as_expected) {
  EXPECT_THAT(faults(report + R"(    kept: [r1]
    cases:
      - {Outcome: Finished, Processed: true, Subject: Your parcel, PendingActions: 1}
)"),
              IsEmpty());
}

TEST(RuleTrials, say_which_column_is_another) {
  const auto found = faults(report + "    cases:\n      - Outcome: Aborted\n");
  ASSERT_EQ(found.size(), 1);
  EXPECT_THAT(found.front(), HasSubstr("line 13: Outcome of case-"));
  EXPECT_THAT(found.front(), HasSubstr(R"(is "Finished")"));
}

TEST(RuleTrials, say_which_records_and_how_many_cases_are_wrong) {
  EXPECT_THAT(faults(report + "    kept: [r2]\n    cases: []\n"),
              ElementsAre("record r2 is not kept", "record r1 is kept", "1 cases, not 0"));
}

TEST(RuleTrials, take_records_as_json) {
  EXPECT_THAT(faults(R"(  - name: an alert
    records: ['{"RecordType":40,"Id":"r1","AlertId":"a1"}', '{"RecordType":15,"Id":"r2"}']
    kept: [r1]
    cases: []
)"),
              IsEmpty());
}

TEST(RuleTrials, refuse_a_record_that_is_no_json) {
  EXPECT_THAT(mistake("tests:\n  - name: x\n    records: ['{']\n"),
              HasSubstr("line 3: the record is not JSON"));
}

TEST(RuleTrials, refuse_what_cannot_be_a_test) {
  EXPECT_THAT(mistake("cases: []\n"), HasSubstr("has a list `tests`"));
  EXPECT_THAT(mistake("tests: [{name: x}]\n"), HasSubstr("a test has a `name` and `records`"));
  EXPECT_THAT(mistake("tests: [{name: x, records: [], keep: []}]\n"),
              HasSubstr("a test has no `keep`"));
  EXPECT_THAT(mistake("tests: [{name: x, records: 1}]\n"), HasSubstr("`records` is a list"));
}

} // namespace
} // namespace sluice::app
