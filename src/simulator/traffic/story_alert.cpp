// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>

#include "simulator/traffic/record_shape.hpp"
#include "simulator/traffic/story_writer.hpp"
#include "simulator/traffic/text.hpp"

namespace sluice::simulator {

auto StoryWriter::policy_name() const -> std::string_view {
  switch (scenario_.quirk) {
  case Quirk::local_name:
    return "Von einem Benutzer als Schadsoftware oder Phishing gemeldete E-Mail";
  case Quirk::no_policy_id:
    return "Email reported by user as malware or phish\u200b";
  default:
    return scenario_.policy->name;
  }
}

auto StoryWriter::policy_id() const -> std::string {
  std::string id{scenario_.policy->id};
  if (scenario_.quirk == Quirk::capitals) {
    std::ranges::transform(
        id, id.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  }
  return id;
}

auto StoryWriter::alert_data() const -> std::string {
  if (scenario_.quirk == Quirk::empty_alert_data) {
    return step_.kind == StepKind::alert_triggered ? "" : "Message is too long for this alert";
  }
  // Observed: a trigger names the submission's entry, an update the record of the submission.
  const bool update = step_.kind == StepKind::alert_updated;
  std::size_t submission = 0;
  for (std::size_t i = 0; i < plan_.steps().size(); ++i) {
    const auto& step = plan_.steps()[i];
    submission = step.kind == StepKind::submission && step.report <= step_.report ? i : submission;
  }
  std::string data;
  fill(data,
       R"({"f3u":"%reporter%","ts":"%from%","te":"%to%","op":"%operation%",)"
       R"("wl":"SecurityComplianceCenter","tid":"%tenant%","tdc":"1","reid":"%trigger%",)"
       R"("rtp":"29","mdt":"Audit","rid":"%rule%","an":"%name%",)"
       R"("ad":"This alert is triggered when an email is reported -V1.0.0.3",)"
       R"("lon":"%operation%","sev":"%severity%","wsrt":"0001-01-01T00:00:00")",
       {{"reporter", reporter(step_.report).upn},
        {"from", time(plan_.window_end_ - std::chrono::minutes{15})},
        {"to", time(plan_.window_end_)},
        {"operation", scenario_.policy->operation},
        {"tenant", plan_.world_->tenant_id},
        {"trigger", update ? record_id(plan_.number_of(submission)) : guid(70 + step_.report)},
        {"rule", guid(43)},
        {"name", policy_name()},
        {"severity", scenario_.policy->severity}});
  if (scenario_.quirk != Quirk::no_policy_id) {
    data += R"(,"cid":")" + policy_id() + '"';
  }
  if (step_.names_investigation) {
    data += R"(,"ail":"https://security.microsoft.com/mtp-investigation/)" +
            plan_.investigation_id() + '"';
  }
  return data + '}';
}

auto StoryWriter::entity_type() const -> std::string_view {
  const auto operation = scenario_.policy->operation;
  return operation == "MaliciousUrlClick" ? "MaliciousUrl"
         : operation == "Protection"      ? "Recipients"
         : operation == "DlpRuleMatch"    ? operation
                                          : "User";
}

auto StoryWriter::entity_id() const -> std::string_view {
  return entity_type() == "MaliciousUrl" ? "https://login.example.com/session?id=7"
                                         : std::string_view{reporter(step_.report).upn};
}

auto StoryWriter::entity_particulars() const -> std::string {
  const auto type = entity_type();
  if (type == "MaliciousUrl") {
    return R"("zu":"https://login.example.com/session?id=7","curlh":"1f0c9d","ot":"Allowed",)";
  }
  if (type == "DlpRuleMatch") {
    return R"("dpn":"Cards","drn":"High volume: \"cards\"","dact":"NotifyUser",)";
  }
  std::string text;
  if (type == "Recipients") {
    fill(text,
         R"("ttdt":"%time%","ttr":"Success_MessageQuarantined","dm":"URL malicious reputation",)",
         {{"time", time(plan_.reported_)}});
    return text;
  }
  fill(text,
       R"("etps":"KesMailId:2814749767106560;FingerprintData:;SubmissionCategory:Email;)"
       R"(RescanVerdict:%verdict%;SubmissionSource:Microsoft;SubmissionId:%submission%;)"
       R"(OriginalVerdict:Allow","sid":"%entry%","srt":"%report_type%",)",
       {{"verdict", plan_.bits(37) % 2 == 0 ? "Phish" : "NotSpam"},
        {"submission", guid(50 + step_.report)},
        {"entry", guid(70 + step_.report)},
        {"report_type", scenario_.policy->user_reported_phish ? "1" : "0"}});
  return text;
}

auto StoryWriter::entity_data() const -> std::string {
  std::string data;
  fill(data,
       R"({"etype":"%type%","eid":"%entity%","suid":"%user%","ut":"Regular","ssic":"0",)"
       R"(%particulars%"aii":"%message%","imsgid":"%internet_id%","ms":"%subject%",)"
       R"("tsd":"%sender%","trc":"%user%","sip":%ip%,"md":"%date%","at":"%date%","cpid":null,)"
       R"("tid":"%tenant%","lon":"%operation%"})",
       {{"type", entity_type()},
        {"entity", entity_id()},
        {"user", reporter(step_.report).upn},
        {"particulars", entity_particulars()},
        {"message", network_message_id_},
        {"internet_id", internet_message_id_},
        {"subject", subject_},
        {"sender", sender_},
        {"ip", plan_.bits(44) % 3 == 0 ? "null" : "\"" + sender_ip_ + "\""},
        {"date", time(plan_.reported_)},
        {"tenant", plan_.world_->tenant_id},
        {"operation", scenario_.policy->operation}});
  return data;
}

void StoryWriter::append_alert(std::string& out) const {
  const bool entity = step_.kind == StepKind::alert_entity;
  const auto id = plan_.alert_id(step_.alert);
  append_common(out,
                entity                                    ? "AlertEntityGenerated"
                : step_.kind == StepKind::alert_triggered ? "AlertTriggered"
                                                          : "AlertUpdated",
                "SecurityComplianceAlerts",
                "SecurityComplianceAlerts",
                "SecurityComplianceCenter");
  fill(out,
       R"("ResultStatus":"Succeeded","ObjectId":"%object%","AlertId":"%alert%",)"
       R"("AlertLinks":%links%,"AlertType":"%alert_type%","Category":"ThreatManagement",)"
       R"("Comments":"New alert","Name":"%name%","Severity":"%severity%",)"
       R"("Source":"Office 365 Security & Compliance","Status":"%status%",)",
       {{"object", entity ? entity_id() : std::string_view{id}},
        {"alert", id},
        {"links", plan_.bits(45) % 2 == 0 ? "[]" : R"([{"AlertLinkHref":""}])"},
        {"alert_type", scenario_.policy->alert_type},
        {"name", policy_name()},
        {"severity", scenario_.policy->severity},
        {"status", step_.status}});
  if (scenario_.quirk != Quirk::no_policy_id) {
    out += R"("PolicyId":")" + policy_id() + R"(",)";
  }
  if (entity) {
    fill(out,
         R"("AlertEntityId":"%entity%","EntityType":"%type%",)",
         {{"entity", entity_id()}, {"type", entity_type()}});
  }
  out += R"("Data":")";
  append_escaped(out, entity ? entity_data() : alert_data());
  out += R"("})";
}

} // namespace sluice::simulator
