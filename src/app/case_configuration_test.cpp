// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/components.hpp"
#include "config/config.hpp"
#include "config/reference.hpp"

namespace sluice::app {
namespace {

using namespace std::chrono_literals;
using relevance::StatusClass;
using testing::HasSubstr;

/// The rules of a configuration with that section `cases`.
auto rules_of(const std::string& cases) -> Result<relevance::CaseRules> {
  const auto text = std::string{config::smallest_example()} + cases;
  const auto config = config::parse(text, "/etc/sluice");
  EXPECT_TRUE(config.has_value()) << config::render(config.error(), text, "sluice.yaml");
  return case_rules(*config);
}

TEST(CaseConfiguration, without_a_section_is_about_user_reports) {
  const auto rules = rules_of("");
  ASSERT_TRUE(rules);
  ASSERT_EQ(rules->options().kinds.size(), 1);
  EXPECT_EQ(rules->options().kinds.front().name, "user_reported_phishing");
  EXPECT_EQ(rules->options().horizon, 24h * 9);
  EXPECT_EQ(rules->options().alert_grace, 1h);
  EXPECT_EQ(rules->options().investigation_grace, 24h);
  EXPECT_TRUE(rules->options().aborted);
}

TEST(CaseConfiguration, takes_horizons_and_bounds) {
  const auto rules = rules_of("cases: {horizon: 10d, alert_grace: 5m, investigation_grace: 2h,\n"
                              "        aborted: left_out, max_open: 1000}\n");
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->options().horizon, 24h * 10);
  EXPECT_EQ(rules->options().alert_grace, 5min);
  EXPECT_EQ(rules->options().investigation_grace, 2h);
  EXPECT_EQ(rules->options().most_open, 1000);
  EXPECT_FALSE(rules->options().aborted);
}

TEST(CaseConfiguration, takes_kinds_ready_or_of_ones_own) {
  const auto rules = rules_of(R"(cases:
  kinds:
    - malicious_url_click
    - {name: payroll, policies: [AAAAAAAA-0000-4000-8000-000000000001], names: [Payroll lure]}
)");
  ASSERT_TRUE(rules);
  const auto& kinds = rules->options().kinds;
  ASSERT_EQ(kinds.size(), 2);
  EXPECT_EQ(kinds[0].name, "malicious_url_click");
  EXPECT_EQ(kinds[1].name, "payroll");
  const relevance::ReusedSet<std::string> policies{"aaaaaaaa-0000-4000-8000-000000000001"};
  EXPECT_EQ(rules->identify({.policies = {&policies}})->kind, "payroll");
}

TEST(CaseConfiguration, moves_a_status_out_of_the_class_it_had) {
  const auto rules = rules_of("cases: {statuses: {aborted: [Partially Remediated],"
                              " finished: [Closed By Somebody]}}\n");
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->class_of("partiallyremediated"), StatusClass::aborted);
  EXPECT_EQ(rules->class_of("closedbysomebody"), StatusClass::finished);
  EXPECT_EQ(rules->class_of("remediated"), StatusClass::finished);
}

TEST(CaseConfiguration, says_where_a_ready_kind_is_unknown) {
  const auto rules = rules_of("cases: {kinds: [fishing]}\n");
  ASSERT_FALSE(rules);
  EXPECT_THAT(rules.error().message(), HasSubstr("there is no ready kind of case `fishing`"));
  EXPECT_THAT(rules.error().hint(), HasSubstr("user_reported_phishing"));
}

} // namespace
} // namespace sluice::app
