// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "relevance/cases/case_rules.hpp"
#include "relevance/cases/case_text.hpp"

namespace sluice::relevance {
namespace {

constexpr auto phish_policy = "b26a5770-0c38-434a-9380-3a3c2c27bbb3";

using Set = ReusedSet<std::string>;

auto identify(const CaseRules& rules, const Set& policies, const Set& types, const Set& names)
    -> std::optional<CaseIdentity> {
  return rules.identify({.policies = {&policies}, .types = {&types}, .names = {&names}});
}

TEST(CaseRules, a_policy_decides_before_type_and_name) {
  const auto identity =
      identify({}, {phish_policy}, {"submissioninvestigation"}, {"email reported by user as junk"});
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->kind, "user_reported_phishing");
  EXPECT_EQ(identity->by, "policy");
  EXPECT_EQ(identity->value, phish_policy);
}

TEST(CaseRules, a_type_decides_before_a_name) {
  const Set names{"email reported by user as malware or phish"};
  EXPECT_EQ(identify({}, {}, {normal_status("User-Reported Messages")}, names)->by,
            "investigation_type");
  EXPECT_EQ(identify({}, {}, {}, names)->by, "name");
}

TEST(CaseRules, of_the_traits_of_both_sides_the_least_decides) {
  const CaseRules rules;
  const Set alert{"email reported by user as malware or phish"};
  const Set investigation{"an alert of their own"};
  EXPECT_EQ(rules.identify({.names = {&investigation, &alert}})->value, *alert.begin());
}

TEST(CaseRules, an_excluded_name_rules_out_all_but_the_policy) {
  EXPECT_FALSE(identify({}, {}, {"submissioninvestigation"}, {"email reported by user as junk"}));
}

TEST(CaseRules, types_are_known_as_ids_cut_them) {
  CaseOptions options;
  options.kinds = {*find_ready_case_kind("malicious_url_click")};
  const auto rules = CaseRules::create(options).value();
  EXPECT_TRUE(identify(rules, {}, {normal_status("UrlVerdictChangeInvestig")}, {}));
}

TEST(CaseRules, every_ready_kind_is_found_and_sound) {
  for (const auto& kind : ready_case_kinds()) {
    EXPECT_EQ(find_ready_case_kind(kind.name), &kind);
    CaseOptions options;
    options.kinds = {kind};
    EXPECT_TRUE(CaseRules::create(options)) << kind.name;
  }
  EXPECT_EQ(find_ready_case_kind("nothing"), nullptr);
}

struct StatusCase {
  const char* status;
  StatusClass expected;
};

TEST(CaseRules, documented_and_observed_statuses_have_a_class) {
  const CaseRules rules;
  for (const auto& [status, expected] :
       {StatusCase{"Investigation Started", StatusClass::in_progress},
        StatusCase{"RUNNING", StatusClass::in_progress},
        StatusCase{"Pending Actions", StatusClass::awaiting_action},
        StatusCase{"FullyRemediated", StatusClass::finished},
        StatusCase{"No threats found", StatusClass::finished},
        StatusCase{"Terminated By User", StatusClass::aborted},
        StatusCase{"Rebooting", StatusClass::unknown},
        StatusCase{"", StatusClass::unknown}}) {
    EXPECT_EQ(rules.class_of(normal_status(status)), expected) << status;
  }
}

struct Mistake {
  const char* name;
  void (*make)(CaseOptions&);
};

TEST(CaseRules, what_cannot_be_meant_is_refused) {
  for (const auto& [name, make] :
       {Mistake{"kind without a name",
                [](CaseOptions& o) { o.kinds = {{.name = "", .names = {"x"}}}; }},
        Mistake{"kind that nothing is known by", [](CaseOptions& o) { o.kinds = {{.name = "x"}}; }},
        Mistake{"two kinds of one name",
                [](CaseOptions& o) { o.kinds = {o.kinds.front(), o.kinds.front()}; }},
        Mistake{"status in two lists",
                [](CaseOptions& o) { o.statuses.aborted.emplace_back("running"); }},
        Mistake{"short horizon", [](CaseOptions& o) { o.horizon = std::chrono::hours{24}; }}}) {
    CaseOptions options;
    make(options);
    const auto made = CaseRules::create(options);
    ASSERT_FALSE(made) << name;
    EXPECT_EQ(made.error().kind(), ErrorKind::invalid_input) << name;
  }
}

} // namespace
} // namespace sluice::relevance
