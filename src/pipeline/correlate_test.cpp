// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include "pipeline/correlate.hpp"
#include "pipeline/small_installation.hpp"

namespace sluice::pipeline {
namespace {

using testing::HasSubstr;

constexpr auto alert_record =
    R"({"Id":"a1","RecordType":40,"Operation":"AlertTriggered","CreationTime":"2026-07-01T10:00:00",)"
    R"("AlertId":"alert-1","PolicyId":"b26a5770-0c38-434a-9380-3a3c2c27bbb3","Status":"Active"})";
constexpr auto running =
    R"({"Id":"i1","RecordType":64,"CreationTime":"2026-07-01T10:10:00","Status":"Running",)"
    R"("InvestigationId":"urn:SubmissionInvestigation:ab","Data":"{\"ProviderAlertId\":\"alert-1\"}"})";
constexpr auto remediated =
    R"({"Id":"i2","RecordType":64,"CreationTime":"2026-07-01T11:00:00","Status":"Remediated",)"
    R"("InvestigationId":"urn:SubmissionInvestigation:ab","Data":"{\"ProviderAlertId\":\"alert-1\"}"})";

class CorrelateTest : public testing::Test {
protected:
  /// Puts a content into archive and ledger as the collect stage does.
  void stage(const std::string& id, const std::vector<std::string>& records) {
    const archive::Content content{.tenant = SmallInstallation::tenant,
                                   .content_type = "Audit.General",
                                   .content_id = id,
                                   .created = created_};
    const ledger::ListedContent listed{id, created_, created_ + Ticks{std::chrono::hours{168}}};
    created_ = created_ + Ticks{std::chrono::minutes{1}};
    ASSERT_TRUE(place_.ledger->enter({.feed = SmallInstallation::general,
                                      .entries = {&listed, 1},
                                      .listed_at = created_,
                                      .complete_until = created_}));
    std::vector<std::unique_ptr<archive::ObjectWriter>> writers;
    writers.push_back(place_.archive->begin_staged(content, 0).value());
    const auto text = fmt::format("{}\n", fmt::join(records, "\n"));
    ASSERT_TRUE(writers[0]->append(std::as_bytes(std::span{text})));
    const auto staged = writers[0]->finish().value();
    ASSERT_TRUE(place_.archive->commit(writers));
    ledger::CollectedContent collected{.key = {SmallInstallation::general, id},
                                       .records = records.size(),
                                       .raw = {},
                                       .staged = {{staged.name, staged.bytes, staged.sha256}},
                                       .claims = {},
                                       .rules = {}};
    for (const auto& record : records) {
      collected.claims.push_back(record.substr(0, record.find(',')));
    }
    ASSERT_TRUE(place_.ledger->record_collected({&collected, 1}, created_));
  }

  auto correlate(std::size_t group = 2) -> Result<> {
    Correlate stage{{},
                    *place_.ledger,
                    *place_.archive,
                    {.group = group, .state_bytes = 0},
                    clock_,
                    place_.progress};
    Doorbell upstream;
    upstream.close();
    Doorbell downstream;
    auto result = stage.run(upstream, downstream, {});
    EXPECT_EQ(downstream.closed(), result.has_value());
    return result;
  }

  auto told() -> std::vector<ledger::CaseVersion> {
    const std::vector<std::string> names{"store"};
    EXPECT_TRUE(place_.ledger->configure_destinations(names));
    return place_.ledger->undelivered_cases("store", 100).value();
  }

  DateTime created_ = *parse_iso8601("2026-07-01T10:30:00Z");
  ManualClock clock_{created_};
  SmallInstallation place_{clock_};
};

TEST_F(CorrelateTest, joins_what_lies_in_several_contents) {
  stage("c1", {alert_record});
  stage("c2", {running});
  stage("c3", {remediated});
  ASSERT_TRUE(correlate());
  const auto cases = told();
  ASSERT_EQ(cases.size(), 1U);
  EXPECT_EQ(cases[0].version, 1U);
  EXPECT_THAT(cases[0].row, HasSubstr(R"("Outcome":"Finished")"));
  EXPECT_EQ(place_.progress.cases_told, 1U);
}

TEST_F(CorrelateTest, goes_on_where_an_earlier_run_ended) {
  stage("c1", {alert_record, running});
  ASSERT_TRUE(correlate());
  EXPECT_TRUE(told().empty());
  stage("c2", {remediated});
  ASSERT_TRUE(correlate());
  ASSERT_TRUE(correlate());
  ASSERT_EQ(told().size(), 1U);
  EXPECT_THAT(told()[0].row, HasSubstr(R"("AlertMissing":false)"));
}

/// An alert and its investigation, whose state and row take a quarter of a megabyte.
auto large_case(int number) -> std::vector<std::string> {
  std::string urls;
  for (int i = 0; i < 64; ++i) {
    urls += fmt::format(
        R"(,{{\"Type\":\"url\",\"Url\":\"https://example.com/{}{}\"}})", i, std::string(2000, 'x'));
  }
  return {
      fmt::format(
          R"({{"Id":"alert{0}","RecordType":40,"Operation":"AlertTriggered","AlertId":"large-{0}",)"
          R"("CreationTime":"2026-07-01T10:00:00","PolicyId":"b26a5770-0c38-434a-9380-3a3c2c27bbb3"}})",
          number),
      fmt::format(R"({{"Id":"large{0}","RecordType":64,"CreationTime":"2026-07-01T11:00:00",)"
                  R"("Status":"Remediated","InvestigationId":"urn:SubmissionInvestigation:{0:04}",)"
                  R"("Data":"{{\"ProviderAlertId\":\"large-{0}\",\"Entities\":[{{}}{1}]}}"}})",
                  number,
                  urls)};
}

TEST_F(CorrelateTest, records_a_large_group_in_parts_and_loses_none_of_it) {
  constexpr int contents = 14;
  for (int i = 0; i < contents; ++i) {
    stage(fmt::format("c{}", i), large_case(i));
  }
  // Behind the first parts and before the last: what is recorded stays, what is not is read again.
  const auto damaged = place_.ledger->uncorrelated(contents).value().at(9).staged->name;
  ASSERT_TRUE(place_.archive->set_aside(damaged));
  ASSERT_TRUE(correlate(contents));
  ASSERT_TRUE(correlate(contents));
  EXPECT_EQ(place_.ledger->case_findings(10).value().at(0).text, "c9");
  const auto cases = told();
  ASSERT_EQ(cases.size(), contents - 1U);
  EXPECT_TRUE(std::ranges::all_of(cases, [](const auto& each) { return each.version == 1; }));
}

TEST_F(CorrelateTest, leaves_out_what_another_content_owns) {
  stage("c1", {alert_record, alert_record});
  stage("c2", {alert_record, remediated});
  ASSERT_TRUE(correlate());
  EXPECT_EQ(told().size(), 1U);
}

TEST_F(CorrelateTest, passes_over_a_damaged_object_and_says_so) {
  stage("c1", {alert_record});
  stage("c2", {running});
  stage("c3", {remediated});
  const auto damaged = place_.ledger->uncorrelated(3).value().at(1).staged->name;
  ASSERT_TRUE(place_.archive->set_aside(damaged));
  ASSERT_TRUE(correlate());
  ASSERT_EQ(told().size(), 1U);
  const auto findings = place_.ledger->case_findings(10).value();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, "unreadable_content");
  EXPECT_EQ(findings[0].text, "c2");
}

TEST_F(CorrelateTest, tells_everything_anew_after_a_replay) {
  stage("c1", {alert_record, remediated});
  ASSERT_TRUE(correlate());
  const auto epoch = place_.ledger->case_epoch().value();
  ASSERT_TRUE(place_.ledger->request_replay(std::nullopt));
  EXPECT_NE(place_.ledger->case_epoch().value(), epoch);
  EXPECT_TRUE(told().empty());
}

TEST_F(CorrelateTest, gives_up_what_is_past_the_horizon_and_reports_it) {
  stage("c1", {alert_record, running});
  ASSERT_TRUE(correlate());
  created_ = created_ + Ticks{std::chrono::hours{24 * 10}};
  stage("c2", {noise("n")});
  ASSERT_TRUE(correlate());
  std::size_t held = 0;
  ASSERT_TRUE(place_.ledger->correlation_state([&](const ledger::StateItem&) -> Result<> {
    ++held;
    return {};
  }));
  EXPECT_EQ(held, 0U);
  const auto findings = place_.ledger->case_findings(10).value();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, "unresolved");
  EXPECT_THAT(findings[0].text, HasSubstr("stayed Running"));
}

TEST_F(CorrelateTest, refuses_state_that_it_cannot_read) {
  const ledger::StateItem nonsense{"a/o/1", "nonsense"};
  ASSERT_TRUE(place_.ledger->record_correlated(
      {.contents = {}, .state = {&nonsense, 1}, .cases = {}, .findings = {}}, created_));
  const auto result = correlate();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind(), ErrorKind::corrupt);
}

} // namespace
} // namespace sluice::pipeline
