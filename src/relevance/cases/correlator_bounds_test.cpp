// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
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
using testing::Not;

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
