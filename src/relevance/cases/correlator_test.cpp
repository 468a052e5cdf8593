// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "relevance/cases/case_text.hpp"
#include "relevance/cases/correlator.hpp"

namespace sluice::relevance {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const DateTime noon = *parse_iso8601("2026-07-01T12:00:00Z");
constexpr auto policy = "b26a5770-0c38-434a-9380-3a3c2c27bbb3";
constexpr auto urn = "urn:SubmissionInvestigation:ab";

auto stamp(std::string record, Ticks after_noon) -> Stamp {
  return {.created = (noon + after_noon).since_year_one.count(), .record = std::move(record)};
}

/// An alert's record about the policy for user reports.
auto alert(std::string record, Ticks after_noon, std::string status = "Active") -> AlertFacts {
  AlertFacts facts;
  facts.organization = "o";
  facts.alert = "a1";
  facts.stamp = stamp(std::move(record), after_noon);
  facts.operation =
      status == "Active" ? AlertFacts::Operation::triggered : AlertFacts::Operation::updated;
  facts.text.status = std::move(status);
  facts.text.policy = policy;
  return facts;
}

/// An investigation's record with nothing but a status.
auto investigation(std::string record, Ticks after_noon, std::string status) -> InvestigationFacts {
  InvestigationFacts facts;
  facts.organization = "o";
  facts.investigation = normal_investigation_id(urn);
  facts.stamp = stamp(std::move(record), after_noon);
  facts.head = {.id = urn, .type = "SubmissionInvestigation", .status = std::move(status)};
  return facts;
}

auto linked(InvestigationFacts facts) -> InvestigationFacts {
  facts.has_data = true;
  facts.data.alert = "a1";
  facts.data.policy = policy;
  return facts;
}

/// A correlator and everything that it has told.
class Desk {
public:
  explicit Desk(CaseOptions options = {})
      : correlator_{CaseRules::create(std::move(options)).value()} {}

  void take(const FactReader::Facts& facts) {
    correlator_.take(facts, now_);
    keep(correlator_.settle(now_));
  }
  void wait(Ticks time) {
    now_ = now_ + time;
    keep(correlator_.advance(now_));
  }
  /// Another correlator goes on with what this one kept.
  void restart() {
    correlator_ = Correlator{CaseRules{}};
    for (const auto& [key, value] : state) {
      ASSERT_TRUE(correlator_.restore(key, value));
    }
  }
  [[nodiscard]] auto last() const -> std::string { return rows.empty() ? "" : rows.back(); }

  std::vector<std::string> rows;
  std::vector<std::string> findings;
  std::map<std::string, std::string> state;

private:
  void keep(CorrelationChanges changes) {
    for (auto& told : changes.cases) {
      rows.push_back(std::move(told.row));
    }
    for (auto& finding : changes.findings) {
      findings.push_back(finding.kind + ": " + finding.text);
    }
    for (auto& change : changes.state) {
      state.erase(change.key);
      if (!change.value.empty()) {
        state.emplace(change.key, std::move(change.value));
      }
    }
  }

  Correlator correlator_;
  DateTime now_ = noon + Ticks{hours{6}};
};

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

/// A report and an investigation that only the message ties together.
auto report() -> AlertFacts {
  auto facts = alert("r1", minutes{0});
  facts.operation = AlertFacts::Operation::entity;
  facts.entity = {.type = "User",
                  .id = "robin@contoso.example",
                  .network_message_id = "n1",
                  .activity = noon.since_year_one.count()};
  return facts;
}

auto about_the_message() -> InvestigationFacts {
  auto facts = investigation("r2", minutes{30}, "Remediated");
  facts.has_data = true;
  facts.data.message_ids = {"n1"};
  facts.data.reporters = {"robin@contoso.example"};
  facts.data.start = noon.since_year_one.count();
  return facts;
}

TEST(Correlator, the_message_ties_what_nothing_else_does) {
  Desk desk;
  desk.take(report());
  desk.take(about_the_message());
  ASSERT_EQ(desk.rows.size(), 1U);
  EXPECT_THAT(desk.last(), HasSubstr(R"("Links":["message"])"));
}

TEST(Correlator, another_person_or_another_hour_is_another_report) {
  for (const auto change :
       {+[](InvestigationFacts& f) { f.data.reporters = {"sam@contoso.example"}; },
        +[](InvestigationFacts& f) { f.data.start += Ticks{minutes{16}}.count(); },
        +[](InvestigationFacts& f) { f.data.message_ids = {"n2"}; }}) {
    Desk desk;
    desk.take(report());
    auto other = about_the_message();
    change(other);
    desk.take(other);
    desk.wait(hours{2});
    ASSERT_EQ(desk.rows.size(), 1U);
    EXPECT_THAT(desk.last(), Not(HasSubstr(R"("AlertId")")));
  }
}

TEST(Correlator, a_link_that_is_said_takes_the_place_of_one_by_message) {
  Desk desk;
  desk.take(report());
  desk.take(about_the_message());
  auto said = about_the_message();
  said.stamp = stamp("r3", minutes{40});
  said.data.alert = "a9";
  desk.take(said);
  ASSERT_GE(desk.rows.size(), 2U);
  const auto withdrawn = std::ranges::count_if(desk.rows, [](const std::string& row) {
    return row.find(R"("Withdrawn":true,"AlertId":"a1")") != row.npos;
  });
  EXPECT_EQ(withdrawn, 1);
}

TEST(Correlator, an_alert_of_another_kind_makes_no_case) {
  Desk desk;
  auto other = alert("r1", minutes{0});
  other.text.policy = "aaaaaaaa-0000-4000-8000-000000000000";
  desk.take(other);
  auto facts = linked(investigation("r2", minutes{30}, "Remediated"));
  facts.data.policy = other.text.policy;
  facts.head.type = "ZappedUrlInvestigation";
  facts.investigation = "urn:zappedurlinvestigation:ab";
  desk.take(facts);
  EXPECT_THAT(desk.rows, IsEmpty());
}

TEST(Correlator, organizations_do_not_meet) {
  Desk desk;
  desk.take(alert("r1", minutes{0}));
  auto foreign = linked(investigation("r2", minutes{30}, "Remediated"));
  foreign.organization = "p";
  desk.take(foreign);
  desk.wait(hours{2});
  ASSERT_EQ(desk.rows.size(), 1U);
  EXPECT_THAT(desk.last(), HasSubstr(R"("AlertMissing":true)"));
}

TEST(Correlator, a_link_to_a_foreign_portal_is_not_passed_on) {
  Desk desk;
  desk.take(alert("r1", minutes{0}));
  auto facts = linked(investigation("r2", minutes{30}, "Remediated"));
  facts.head.deep_link = "https://security.microsoft.com.example.org/mtp-investigation/x";
  desk.take(facts);
  EXPECT_THAT(desk.last(), Not(HasSubstr("example.org")));
}

TEST(Correlator, forgets_past_the_horizon_and_reports_what_was_unresolved) {
  Desk desk;
  desk.take(alert("r1", minutes{0}));
  desk.take(linked(investigation("r2", minutes{5}, "Running")));
  desk.wait(days{9});
  EXPECT_FALSE(desk.state.empty());
  desk.wait(hours{1});
  EXPECT_THAT(desk.state, IsEmpty());
  EXPECT_THAT(
      desk.findings,
      testing::ElementsAre(HasSubstr("unresolved: investigation urn:SubmissionInvestigation:"
                                     "ab stayed Running")));
}

TEST(Correlator, what_is_tied_together_is_forgotten_together) {
  Desk desk;
  desk.take(alert("r1", minutes{0}));
  desk.wait(days{8});
  desk.take(linked(investigation("r2", days{8}, "Pending Action")));
  desk.wait(days{8});
  EXPECT_EQ(desk.state.size(), 2U);
  desk.take(linked(investigation("r3", days{16}, "Remediated")));
  EXPECT_THAT(desk.last(), HasSubstr(R"("AlertMissing":false)"));
}

TEST(Correlator, a_record_older_than_the_horizon_is_a_finding) {
  Desk desk;
  desk.wait(days{10});
  desk.take(alert("r1", minutes{0}));
  EXPECT_THAT(desk.state, IsEmpty());
  EXPECT_THAT(desk.findings, testing::ElementsAre(HasSubstr("too_late")));
}

TEST(Correlator, never_holds_more_than_it_may) {
  CaseOptions options;
  options.most_open = 3;
  Desk desk{options};
  for (int i = 0; i < 10; ++i) {
    auto facts = alert("r" + std::to_string(i), minutes{i});
    facts.alert = "a" + std::to_string(i);
    desk.take(facts);
  }
  EXPECT_EQ(desk.state.size(), 3U);
  EXPECT_EQ(desk.findings.size(), 7U);
}

TEST(Correlator, refuses_state_that_is_none) {
  Correlator correlator{CaseRules{}};
  for (const auto* value : {"", "\x01", "\x02", "nonsense"}) {
    for (const auto* key : {"a/o/1", "i/o/1"}) {
      const auto restored = correlator.restore(key, value);
      ASSERT_FALSE(restored);
      EXPECT_EQ(restored.error().kind(), ErrorKind::corrupt);
    }
  }
}

} // namespace
} // namespace sluice::relevance
