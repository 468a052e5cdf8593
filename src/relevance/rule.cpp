// SPDX-License-Identifier: Apache-2.0
#include "relevance/rule.hpp"

#include <algorithm>
#include <iterator>

namespace sluice::relevance {
namespace {

/// The policy's id is the same all over the world; its name may be translated, and may end in a
/// zero-width space, which `has` does not mind (observed).
auto user_reported_phishing() -> ReadyRules {
  return {
      .name = "user_reported_phishing",
      .description =
          "Messages that users reported as phishing, with their automated investigations",
      .rules = {{.name = "user_reported_phishing_alert",
                 .description = "Alerts of the policy `Email reported by user as malware or phish`",
                 .where = R"(RecordType == 40 and (
  PolicyId has "b26a5770-0c38-434a-9380-3a3c2c27bbb3"
  or tostring(parse_json(Data).cid) has "b26a5770-0c38-434a-9380-3a3c2c27bbb3"
  or Name has "Email reported by user as malware or phish"
  or tostring(parse_json(Data).an) has "Email reported by user as malware or phish"))"},
                {.name = "user_reported_phishing_investigation",
                 .description =
                     "Investigations of what users reported, in every state; not of junk reports",
                 .where = R"(RecordType in (64, 86) and (
  tostring(parse_json(Data).AlertType) has "b26a5770-0c38-434a-9380-3a3c2c27bbb3"
  or InvestigationType in~ ("SubmissionInvestigation", "User-Reported Messages")
  or InvestigationId startswith "urn:SubmissionInvestigation:"
  or tostring(parse_json(Data).AlertDisplayName) has "Email reported by user as malware or phish")
and not(coalesce(tostring(parse_json(Data).AlertDisplayName), "") has "junk"))"}}};
}

auto malicious_url_click() -> ReadyRules {
  return {.name = "malicious_url_click",
          .description = "Clicks on addresses that turned out to be malicious",
          .rules = {{.name = "malicious_url_click_alert",
                     .description = "Alerts about such a click",
                     .where = R"(RecordType == 40 and (
  PolicyId has "a74bb32a-541b-47fb-adfd-f8c62ce3d59b"
  or PolicyId has "5453b67e-6c81-4a46-b96c-08d97b58d4ac"
  or Name has "potentially malicious URL click"))"},
                    {.name = "malicious_url_click_event",
                     .description = "The clicks themselves",
                     .where = "RecordType == 41"},
                    {.name = "malicious_url_click_investigation",
                     .description = "Investigations of such clicks",
                     .where = R"(RecordType == 64 and (
  InvestigationType in~ ("UrlVerdictChangeInvestigation", "UrlInvestigation", "Url Verdict Change")
  or InvestigationId startswith "urn:UrlVerdictChangeInvest"
  or InvestigationId startswith "urn:UrlInvestigation:"))"}}};
}

auto zap_removals() -> ReadyRules {
  return {.name = "zap_removals",
          .description = "Messages that were removed after they had been delivered",
          .rules = {{.name = "zap_alert",
                     .description = "Alerts about such a removal",
                     .where = R"(RecordType == 40 and (
  PolicyId has "8e6ba277-ef39-404e-aaf1-294f6d9a2b88"
  or PolicyId has "4b1820ec-39dc-45f3-abf6-5ee80df51fd2"
  or PolicyId has "c8522cbb-9368-4e25-4ee9-08d8d899dfab"
  or PolicyId has "b8f6b088-5487-4c70-037c-08d8d71a43fe"
  or Name has "removed after delivery"))"},
                    {.name = "zap_investigation",
                     .description = "Investigations of such removals",
                     .where = R"(RecordType == 64 and (
  InvestigationType startswith "Zapped" or InvestigationId startswith "urn:Zapped"))"},
                    {.name = "zap_message",
                     .description = "The messages themselves",
                     .where = R"(RecordType == 28 and DetectionType =~ "ZAP")"}}};
}

auto all_alerts() -> ReadyRules {
  return {.name = "all_alerts",
          .description = "Alerts of every product that writes them into the audit log",
          .rules = {{.name = "alert",
                     .description = "Security and compliance, endpoint, cloud application and "
                                    "custom detection alerts",
                     .where = "RecordType in (40, 78, 98, 113)"}}};
}

auto defender() -> ReadyRules {
  return {.name = "defender",
          .description = "Everything of Defender for Office 365",
          .rules = {{.name = "defender",
                     .description = "Mail threats, submissions, alerts, clicks, files, blocked "
                                    "senders, campaigns, investigations, quarantine, simulations",
                     .where = "RecordType in "
                              "(28, 29, 40, 41, 47, 51, 62, 64, 65, 85, 86, 88, 89, 218)"}}};
}

auto dlp() -> ReadyRules {
  return {
      .name = "dlp",
      .description = "Matches of data loss prevention rules",
      .rules = {{.name = "dlp",
                 .description = "Matches in SharePoint, Exchange, Teams, on devices and elsewhere",
                 .where = "RecordType in (11, 13, 33, 63, 99, 100, 107)",
                 .content_types = {"DLP.All"}}}};
}

} // namespace

auto ready_rules() -> std::span<const ReadyRules> {
  static const std::vector<ReadyRules> all{user_reported_phishing(),
                                           malicious_url_click(),
                                           zap_removals(),
                                           all_alerts(),
                                           defender(),
                                           dlp()};
  return all;
}

auto find_ready_rules(std::string_view name) -> const ReadyRules* {
  const auto at = std::ranges::find(ready_rules(), name, &ReadyRules::name);
  return at == ready_rules().end() ? nullptr : &*at;
}

auto ready_rule_names() -> std::string {
  std::string names;
  for (const auto& ready : ready_rules()) {
    names += (names.empty() ? "" : ", ") + ready.name;
  }
  return names;
}

} // namespace sluice::relevance
