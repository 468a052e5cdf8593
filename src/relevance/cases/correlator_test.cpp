// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <string>

#include <gmock/gmock.h>

#include "relevance/cases/correlator_desk.hpp"

namespace sluice::relevance {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Correlator, tells_a_case_when_it_first_becomes_processed) {
  Desk desk;
  desk.take(alert("r1", minutes{0}));
  desk.take(linked(investigation("r2", minutes{5}, "Running")));
  EXPECT_THAT(desk.rows, IsEmpty());
  desk.take(linked(investigation("r3", minutes{30}, "Pending Action")));
  ASSERT_EQ(desk.rows.size(), 1U);
  EXPECT_THAT(desk.last(), HasSubstr(R"("Outcome":"AwaitingAction","Processed":true)"));
  EXPECT_THAT(desk.last(), HasSubstr(R"("Links":["provider_alert_id"])"));
  EXPECT_THAT(desk.last(), HasSubstr(R"("ProcessedTime":"2026-07-01T12:30:00.0000000Z")"));
}

TEST(Correlator, tells_it_again_when_something_changes_and_not_otherwise) {
  Desk desk;
  desk.take(alert("r1", minutes{0}));
  const auto pending = linked(investigation("r2", minutes{30}, "Pending Action"));
  desk.take(pending);
  desk.take(pending);
  desk.take(alert("r1", minutes{0}));
  EXPECT_EQ(desk.rows.size(), 1U);
  desk.take(linked(investigation("r3", minutes{60}, "Remediated")));
  EXPECT_EQ(desk.rows.size(), 2U);
  desk.take(alert("r4", minutes{61}, "Resolved"));
  ASSERT_EQ(desk.rows.size(), 3U);
  EXPECT_THAT(desk.last(), HasSubstr(R"("AlertStatus":"Resolved")"));
}

TEST(Correlator, a_late_older_record_never_turns_a_newer_state_back) {
  Desk desk;
  desk.take(alert("r1", minutes{0}));
  desk.take(linked(investigation("r4", minutes{90}, "Remediated")));
  desk.take(linked(investigation("r2", minutes{30}, "Pending Action")));
  EXPECT_THAT(desk.last(), HasSubstr(R"("Outcome":"Finished")"));
  EXPECT_THAT(desk.last(), HasSubstr(R"("InvestigationStatus":"Remediated")"));
  EXPECT_THAT(desk.last(), HasSubstr(R"("ProcessedTime":"2026-07-01T12:30:00.0000000Z")"));
}

TEST(Correlator, what_was_approved_and_runs_stays_processed) {
  Desk desk;
  desk.take(alert("r1", minutes{0}));
  desk.take(linked(investigation("r2", minutes{30}, "Pending Action")));
  desk.take(linked(investigation("r3", minutes{40}, "Running")));
  EXPECT_THAT(desk.last(), HasSubstr(R"("Outcome":"InProgress","Processed":true)"));
}

TEST(Correlator, what_was_given_up_is_told_as_not_processed) {
  Desk desk;
  desk.take(alert("r1", minutes{0}));
  desk.take(linked(investigation("r2", minutes{30}, "Terminated By User")));
  EXPECT_THAT(desk.last(), HasSubstr(R"("Outcome":"Aborted","Processed":false)"));

  CaseOptions silent;
  silent.aborted = false;
  Desk other{silent};
  other.take(alert("r1", minutes{0}));
  other.take(linked(investigation("r2", minutes{30}, "Terminated By User")));
  EXPECT_THAT(other.rows, IsEmpty());
}

TEST(Correlator, an_unknown_status_is_reported_and_not_guessed) {
  Desk desk;
  desk.take(alert("r1", minutes{0}));
  desk.take(linked(investigation("r2", minutes{30}, "Rebooting")));
  desk.take(linked(investigation("r3", minutes{31}, "Rebooting")));
  EXPECT_THAT(desk.rows, IsEmpty());
  EXPECT_THAT(desk.findings, testing::ElementsAre("unknown_status: Rebooting"));
}

TEST(Correlator, waits_for_the_alert_and_then_tells_the_case_without_it) {
  Desk desk;
  desk.take(linked(investigation("r2", minutes{30}, "Remediated")));
  EXPECT_THAT(desk.rows, IsEmpty());
  desk.wait(minutes{59});
  EXPECT_THAT(desk.rows, IsEmpty());
  desk.wait(minutes{1});
  ASSERT_EQ(desk.rows.size(), 1U);
  EXPECT_THAT(desk.last(), HasSubstr(R"("AlertMissing":true)"));
  desk.take(alert("r1", minutes{0}));
  ASSERT_EQ(desk.rows.size(), 2U);
  EXPECT_THAT(desk.last(), HasSubstr(R"("AlertMissing":false)"));
}

TEST(Correlator, a_wait_goes_on_over_a_restart) {
  Desk desk;
  desk.take(linked(investigation("r2", minutes{30}, "Remediated")));
  desk.restart();
  desk.wait(minutes{61});
  EXPECT_EQ(desk.rows.size(), 1U);
  desk.restart();
  desk.wait(minutes{61});
  EXPECT_EQ(desk.rows.size(), 1U);
}

TEST(Correlator, a_resolved_alert_with_a_link_proves_a_case_when_nothing_else_comes) {
  Desk desk;
  auto resolved = alert("r1", minutes{0}, "Resolved");
  resolved.investigation = urn;
  desk.take(resolved);
  desk.wait(hours{23});
  EXPECT_THAT(desk.rows, IsEmpty());
  desk.wait(hours{1});
  ASSERT_EQ(desk.rows.size(), 1U);
  EXPECT_THAT(desk.last(), HasSubstr(R"("Outcome":"Unknown","Processed":true)"));
  EXPECT_THAT(desk.last(), HasSubstr(R"("InvestigationMissing":true)"));
  EXPECT_THAT(desk.last(), HasSubstr(R"("Links":["ail"])"));
  desk.take(investigation("r2", minutes{-5}, "Failed"));
  EXPECT_THAT(desk.last(), HasSubstr(R"("Outcome":"Aborted","Processed":false)"));
}

TEST(Correlator, an_alert_resolved_without_a_link_proves_nothing) {
  Desk desk;
  desk.take(alert("r1", minutes{0}, "Resolved"));
  desk.wait(days{3});
  EXPECT_THAT(desk.rows, IsEmpty());
}

TEST(Correlator, a_link_in_an_alert_that_is_not_resolved_proves_nothing) {
  Desk desk;
  auto investigating = alert("r1", minutes{0}, "Investigating");
  investigating.investigation = urn;
  desk.take(investigating);
  desk.wait(days{3});
  EXPECT_THAT(desk.rows, IsEmpty());
}

TEST(Correlator, an_investigation_absorbs_alerts_later) {
  Desk desk;
  desk.take(alert("r1", minutes{0}));
  desk.take(linked(investigation("r2", minutes{30}, "Pending Action")));
  auto second = alert("r3", minutes{45});
  second.alert = "a2";
  desk.take(second);
  EXPECT_EQ(desk.rows.size(), 1U);
  auto absorbed = investigation("r4", minutes{60}, "Pending Action");
  absorbed.related_alerts = {"a1", "a2"};
  absorbed.actions = {{.status = "Pending"}};
  desk.take(absorbed);
  ASSERT_EQ(desk.rows.size(), 3U);
  EXPECT_THAT(desk.last(), HasSubstr(R"("AlertId":"a2")"));
  EXPECT_THAT(desk.last(), HasSubstr(R"("Links":["related_alert_ids"])"));
  EXPECT_THAT(desk.last(), HasSubstr(R"("PendingActions":1)"));
}

} // namespace
} // namespace sluice::relevance
