// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "relevance/rule_set.hpp"

namespace sluice::relevance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Judges every record of `content`.
class Judge final : public record::RecordSink {
public:
  explicit Judge(const RuleSet& rules) : matcher{rules} {}

  auto on_record(const record::ScannedRecord& r) -> Result<> override {
    kept.push_back(matcher.keeps(r));
    return {};
  }
  auto on_bad_record(const record::BadRecord&) -> Result<> override { return {}; }

  RuleSet::Matcher matcher;
  std::vector<bool> kept;
};

auto judge(const RuleSet& rules, std::string_view content) -> std::vector<bool> {
  Judge judge{rules};
  record::RecordScanner scanner{rules.fields(), {}};
  EXPECT_TRUE(scanner.feed(content, judge));
  EXPECT_TRUE(scanner.finish(judge));
  return judge.kept;
}

auto ready(std::string_view name) -> RuleSet {
  const auto* const found = find_ready_rules(name);
  EXPECT_NE(found, nullptr) << name;
  auto rules = RuleSet::compile(found->rules);
  EXPECT_TRUE(rules) << (rules ? "" : rules.error().message());
  return rules ? std::move(*rules) : RuleSet{};
}

auto keeps(std::string_view where, std::string_view record) -> bool {
  auto rules = RuleSet::compile({{.name = "test", .where = std::string{where}}});
  EXPECT_TRUE(rules) << (rules ? "" : rules.error().message());
  return rules && judge(*rules, record).at(0);
}

struct PhishingCase {
  std::string_view name;
  std::string_view record;
  bool kept;
};

class UserReportedPhishing : public testing::TestWithParam<PhishingCase> {};

TEST_P(UserReportedPhishing, is_told_from_everything_else) {
  static const auto rules = ready("user_reported_phishing");
  EXPECT_THAT(judge(rules, GetParam().record), ElementsAre(GetParam().kept));
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    UserReportedPhishing,
    testing::Values(
        PhishingCase{"alert_by_policy",
                     R"({"RecordType":40,"PolicyId":"b26a5770-0c38-434a-9380-3a3c2c27bbb3"})",
                     true},
        PhishingCase{"alert_by_policy_in_capitals_and_braces",
                     R"({"RecordType":"40","PolicyId":"{B26A5770-0C38-434A-9380-3A3C2C27BBB3}"})",
                     true},
        PhishingCase{"alert_by_the_policy_in_its_data",
                     R"({"RecordType":40,"PolicyId":"",)"
                     R"("Data":"{\"cid\":\"b26a5770-0c38-434a-9380-3a3c2c27bbb3\"}"})",
                     true},
        PhishingCase{"alert_by_name_with_a_zero_width_space",
                     "{\"RecordType\":40,\"Name\":\"Email reported by user as malware or phish"
                     "\xE2\x80\x8B\"}",
                     true},
        PhishingCase{
            "alert_by_name_in_other_case_and_escapes",
            R"({"RecordType":40,"Name":"EMAIL reported by user as malware \u006fr phish"})",
            true},
        PhishingCase{
            "alert_with_empty_data",
            R"({"RecordType":40,"Name":"Email reported by user as malware or phish","Data":""})",
            true},
        PhishingCase{"junk_report",
                     R"({"RecordType":40,"PolicyId":"00000000-0000-4000-8000-000000000001",)"
                     R"("Name":"Email reported by user as junk","Data":"{\"srt\":\"0\"}"})",
                     false},
        PhishingCase{"report_of_no_junk",
                     R"({"RecordType":40,"Name":"Email reported by user as not junk"})",
                     false},
        PhishingCase{"other_policy",
                     R"({"RecordType":40,"PolicyId":"a00d8c62-9320-4eea-a7e5-966b9ac09558",)"
                     R"("Name":"Unusual increase in email reported as phish"})",
                     false},
        PhishingCase{"alert_without_anything", R"({"RecordType":40})", false},
        PhishingCase{"investigation_by_type",
                     R"({"RecordType":64,"InvestigationType":"SubmissionInvestigation"})",
                     true},
        PhishingCase{"investigation_by_the_documented_label",
                     R"({"RecordType":64,"InvestigationType":"User-Reported Messages"})",
                     true},
        PhishingCase{"investigation_by_its_id",
                     R"({"RecordType":64,"InvestigationId":"urn:SubmissionInvestigation:0123"})",
                     true},
        PhishingCase{"investigation_by_the_alert_in_its_data",
                     R"({"RecordType":64,"Data":"{\"$id\":\"1\",\"QueryTime\":1,\"QueryTime\":2,)"
                     R"(\"AlertType\":\"B26A5770-0C38-434A-9380-3A3C2C27BBB3\"}"})",
                     true},
        PhishingCase{"other_investigation",
                     R"({"RecordType":64,"InvestigationType":"ZappedUrlInvestigation",)"
                     R"("InvestigationId":"urn:ZappedUrlInvestigation:01","Data":"not json"})",
                     false},
        PhishingCase{"junk_investigation",
                     R"({"RecordType":64,"InvestigationType":"SubmissionInvestigation",)"
                     R"("Data":"{\"AlertDisplayName\":\"Email reported by user as junk\"}"})",
                     false},
        PhishingCase{"submission",
                     R"({"RecordType":29,"Operation":"UserSubmission","SubmissionId":"1"})",
                     false},
        PhishingCase{"sign_in", R"({"RecordType":15,"Operation":"UserLoggedIn"})", false},
        PhishingCase{"record_without_a_type",
                     R"({"PolicyId":"b26a5770-0c38-434a-9380-3a3c2c27bbb3"})",
                     false}),
    [](const auto& c) { return std::string{c.param.name}; });

TEST(ReadyRules, compile_and_know_their_content_types) {
  for (const auto& set : ready_rules()) {
    EXPECT_FALSE(ready(set.name).rules().empty()) << set.name;
    EXPECT_FALSE(set.description.empty());
  }
  EXPECT_EQ(ready_rules().front().name, "user_reported_phishing");
  EXPECT_THAT(ready("user_reported_phishing").content_types(), ElementsAre("Audit.General"));
  EXPECT_THAT(ready("dlp").content_types(), ElementsAre("DLP.All"));
  EXPECT_EQ(find_ready_rules("nonsense"), nullptr);
  EXPECT_THAT(ready_rule_names(), HasSubstr("zap_removals, all_alerts"));
}

TEST(ReadyRules, keep_what_they_say) {
  EXPECT_THAT(judge(ready("malicious_url_click"), R"([{"RecordType":41},{"RecordType":28}])"),
              ElementsAre(true, false));
  EXPECT_THAT(judge(ready("zap_removals"),
                    R"([{"RecordType":28,"DetectionType":"ZAP"},{"RecordType":28},)"
                    R"({"RecordType":64,"InvestigationType":"ZappedFileInvestigation"}])"),
              ElementsAre(true, false, true));
  EXPECT_THAT(judge(ready("all_alerts"), R"([{"RecordType":"40"},{"RecordType":64}])"),
              ElementsAre(true, false));
  EXPECT_THAT(judge(ready("defender"), R"([{"RecordType":89},{"RecordType":15}])"),
              ElementsAre(true, false));
  EXPECT_THAT(judge(ready("dlp"), R"([{"RecordType":63},{"RecordType":6}])"),
              ElementsAre(true, false));
}

TEST(RuleSet, a_record_that_lacks_the_field_does_not_pass_by_accident) {
  EXPECT_FALSE(keeps(R"(Severity != "Low")", R"({"RecordType":15})"));
  EXPECT_FALSE(keeps(R"(not(Severity == "Low"))", R"({"Severity":null})"));
  EXPECT_FALSE(keeps(R"(AdditionalFields.Mood != "good")", R"({"RecordType":15})"));
  EXPECT_TRUE(keeps(R"(Severity != "Low")", R"({"Severity":"High"})"));
  EXPECT_TRUE(keeps(R"(isempty(Severity))", R"({"RecordType":15})"));
}

TEST(RuleSet, values_are_read_as_leniently_as_records_are_written) {
  EXPECT_TRUE(keeps("RecordType == 40", R"({"RecordType":"40"})"));
  EXPECT_TRUE(keeps("RunningTime > 300", R"({"RunningTime":"312"})"));
  EXPECT_TRUE(keeps("ExternalAccess == true", R"({"ExternalAccess":"True"})"));
  EXPECT_TRUE(
      keeps(R"(CreationTime > datetime(2024-10-31))", R"({"CreationTime":"2024-10-31T16:24:41"})"));
  EXPECT_FALSE(keeps("EndTimeUtc < now()", R"({"EndTimeUtc":"0001-01-01T00:00:00"})"));
  EXPECT_TRUE(keeps(R"(tostring(Parameters[0].Name) == "ForwardTo")",
                    R"({"Parameters":[{"Name":"ForwardTo","Value":"x"}]})"));
  EXPECT_TRUE(
      keeps(R"(ObjectId has "contoso.example")", R"({"ObjectId":"https:\/\/contoso.example\/a"})"));
}

TEST(RuleSet, upper_and_lower_case_names_are_different_fields) {
  EXPECT_TRUE(keeps(R"(SenderIp == "1")", R"({"SenderIP":"2","SenderIp":"1"})"));
  EXPECT_TRUE(keeps(R"(SenderIP == "2")", R"({"SenderIP":"2","SenderIp":"1"})"));
}

TEST(RuleSet, keys_that_are_no_column_are_reached_through_additional_fields) {
  EXPECT_TRUE(keeps(R"(AdditionalFields.Mood == "good")", R"({"RecordType":1,"Mood":"good"})"));
  EXPECT_TRUE(keeps(R"(RawRecord has "Mood")", R"({"Mood":1})"));
}

TEST(RuleSet, a_mistake_is_shown_with_its_place_and_a_suggestion) {
  const auto rules = RuleSet::compile({{.name = "mine", .where = R"(Severty == "High")"}});
  ASSERT_FALSE(rules);
  EXPECT_EQ(rules.error().kind(), ErrorKind::invalid_input);
  EXPECT_THAT(rules.error().message(), HasSubstr("mine:1:1"));
  EXPECT_THAT(rules.error().message(), HasSubstr("Severity"));
}

TEST(RuleSet, counts_by_rule_and_says_which_kept_a_record) {
  const auto rules = RuleSet::compile({{.name = "a", .where = "RecordType == 40"},
                                       {.name = "b", .where = "RecordType in (40, 64)"}});
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->fields().front(), "Id");
  Judge judge{*rules};
  record::RecordScanner scanner{rules->fields(), {}};
  ASSERT_TRUE(scanner.feed(R"([{"RecordType":40},{"RecordType":8},{"RecordType":64}])", judge));
  ASSERT_TRUE(scanner.finish(judge));
  EXPECT_THAT(judge.matcher.counts(), ElementsAre(1, 2));
  EXPECT_THAT(judge.matcher.kept_by(), ElementsAre(1));
}

TEST(RuleSet, what_was_read_from_one_record_is_not_taken_for_another) {
  const auto rules = RuleSet::compile(
      {{.name = "both", .where = R"(parse_json(Data).a == "1" and parse_json(Data).b == "2")"},
       {.name = "alone", .where = R"(parse_json(Data).a == "3")"}});
  ASSERT_TRUE(rules);
  EXPECT_THAT(judge(*rules,
                    R"({"Data":"{\"a\":\"1\",\"b\":\"2\"}"} {"Data":"{\"a\":\"3\"}"})"
                    R"({"Data":"{\"b\":\"2\"}"} {"RecordType":1} {"Data":null} {"Data":"no"})"
                    R"({"Data":"{\"b\":\"2\",\"a\":\"1\"}"})"),
              ElementsAre(true, true, false, false, false, false, true));
}

TEST(RuleSet, without_rules_keeps_nothing) {
  EXPECT_THAT(judge(RuleSet{}, R"({"RecordType":40})"), ElementsAre(false));
}

} // namespace
} // namespace sluice::relevance
