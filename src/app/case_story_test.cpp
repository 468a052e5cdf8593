// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/case_story.hpp"

namespace sluice::app {
namespace {

using testing::HasSubstr;
using testing::Not;

auto row(const std::string& more) -> std::string {
  return R"({"CaseId":"case-1","Version":2,"EmittedTime":"2026-07-01T12:00:00Z","Outcome":"Finished",)"
         R"("Processed":true,"AlertId":"a1","InvestigationId":"urn:x:1","Kind":"user_reported_phishing")" +
         more + "}";
}

TEST(CaseStory, says_what_the_case_joins_and_how_it_stands) {
  const auto story = case_story(row(""));
  EXPECT_THAT(story,
              HasSubstr("case-1, version 2, told 2026-07-01T12:00:00Z: Finished, processed.\n"));
  EXPECT_THAT(story, HasSubstr("It joins alert a1 with investigation urn:x:1.\n"));
  EXPECT_THAT(story, HasSubstr("Its kind is user_reported_phishing.\n"));
}

TEST(CaseStory, tells_each_reason_with_its_record) {
  const auto story = case_story(row(
      R"(,"Evidence":[{"What":"linked by ail","Detail":"a1","Time":"2026-07-01T11:00:00Z","RecordId":"r1"},)"
      R"({"What":"identified by policy","Detail":"p1"}],"RecordIds":["r1","r2"])"));
  EXPECT_THAT(story,
              HasSubstr("because the Data of alert a1 has the investigation's link "
                        "(record r1, 2026-07-01T11:00:00Z).\n"));
  EXPECT_THAT(story, HasSubstr("because of the alert policy p1.\n"));
  EXPECT_THAT(story, HasSubstr("The records that decide what it says:\n  r1\n  r2\n"));
}

TEST(CaseStory, passes_on_a_reason_that_it_does_not_know) {
  EXPECT_THAT(case_story(row(R"(,"Evidence":[{"What":"something new","Detail":"d"}])")),
              HasSubstr("something new: d.\n"));
}

TEST(CaseStory, says_which_side_no_record_tells_of) {
  EXPECT_THAT(case_story(row(R"(,"AlertMissing":true)")),
              HasSubstr("No record of the alert itself has come"));
  EXPECT_THAT(case_story(row(R"(,"InvestigationMissing":true)")),
              HasSubstr("No record of the investigation itself has come"));
  EXPECT_THAT(case_story(R"({"InvestigationId":"urn:x:1"})"),
              HasSubstr("It is investigation urn:x:1, for which no record names an alert.\n"));
}

TEST(CaseStory, of_a_withdrawn_case_says_no_more) {
  const auto story = case_story(row(R"(,"Withdrawn":true)"));
  EXPECT_THAT(story, HasSubstr("so it was withdrawn.\n"));
  EXPECT_THAT(story, Not(HasSubstr("Its kind")));
}

TEST(CaseStory, writes_no_control_characters_of_records) {
  EXPECT_THAT(case_story(row(R"(,"Evidence":[{"What":"newest status","Detail":"\u001b[31m"}])")),
              HasSubstr(R"(\u001b[31m)"));
}

} // namespace
} // namespace sluice::app
