// SPDX-License-Identifier: Apache-2.0
#include "simulator/traffic/story_writer.hpp"
#include "simulator/traffic/text.hpp"

namespace sluice::simulator {

void StoryWriter::append_mail(std::string& out) const {
  append_common(out, "TIMailData", "ThreatIntel", "ThreatIntel", "ThreatIntelligence");
  std::string received;
  append_seconds(received, step_.created);
  fill(out,
       R"("ObjectId":"%message%7041283318","AdditionalActionsAndResults":[],"AttachmentData":[],)"
       R"("AuthDetails":[{"Name":"SPF","Value":"Pass"},{"Name":"DKIM","Value":"None"},)"
       R"({"Name":"DMARC","Value":"Best guess pass"}],"DeliveryAction":"Delivered",)"
       R"("DetectionMethod":"URL malicious reputation","DetectionType":"Delayed",)"
       R"("Directionality":"Inbound","EventDeepLink":"https:\/\/security.microsoft.com\/)"
       R"(?hash=\/threatexplorer?messageParams=%message%","InternetMessageId":"%internet_id%",)"
       R"("LatestDeliveryLocation":"Inbox","MessageTime":"%received%",)"
       R"("NetworkMessageId":"%message%","OriginalDeliveryLocation":"Inbox",)"
       R"("P1Sender":"%sender%","P2Sender":"%sender%","PhishConfidenceLevel":"Normal",)"
       R"("Policy":"HighConfidencePhish","PolicyAction":"MoveToJmf","Recipients":["%recipient%"],)"
       R"("SenderIp":"%ip%","Subject":"%subject%","SystemOverrides":[{"Details":"Sender allowed",)"
       R"("FinalOverride":"No","Result":"Allow","Source":"User"}],)"
       R"("ThreatsAndDetectionTech":["Phish: [URL malicious reputation]"],"Verdict":"Phish"})",
       {{"message", network_message_id_},
        {"internet_id", internet_message_id_},
        {"received", received},
        {"sender", sender_},
        {"recipient", reporter(0).upn},
        {"ip", sender_ip_},
        {"subject", subject_}});
}

void StoryWriter::append_click(std::string& out) const {
  append_common(out, "TIUrlClickData", reporter(0).upn, "ThreatIntel", "ThreatIntelligence");
  std::string clicked;
  append_seconds(clicked, step_.created);
  fill(out,
       R"("ObjectId":"%object%","AppName":"Mail","AppVersion":"0.0.0000",)"
       R"("EventDeepLink":"https:\/\/security.microsoft.com\/threatexplorer",)"
       R"("SourceId":"%message%","TimeOfClick":"%clicked%",)"
       R"("Url":"https:\/\/login.example.com\/session?id=7","UserIp":"%ip%",)"
       R"("UrlClickAction":%action%})",
       {{"object", guid(35)},
        {"message", network_message_id_},
        {"clicked", clicked},
        {"ip", sender_ip_},
        {"action", integer(2 + plan_.bits(36) % 4)}});
}

void StoryWriter::append_submission(std::string& out) const {
  const auto* policy = scenario_.policy;
  const bool simulation = policy == nullptr;
  const bool admin = !simulation && policy->operation == "AdminSubmission";
  const auto& person = reporter(step_.report);
  append_common(out,
                simulation ? "AttackSimUserSubmission"
                : admin    ? "AdminSubmissionSubmitted"
                           : "UserSubmission",
                person.upn,
                person.puid,
                "SecurityComplianceCenter");
  fill(out,
       R"("ObjectId":"%submission%","BCLValue":"0","ExtendedProperties":[)"
       R"({"Name":"SubmissionId","Value":"%submission%"},)"
       R"({"Name":"SubmissionCategory","Value":"Email"},)"
       R"({"Name":"RescanVerdict","Value":"%verdict%"},)"
       R"({"Name":"OriginalVerdict","Value":"Allow"},)"
       R"({"Name":"SubmissionSource","Value":"Microsoft"}],"FilteringDate":"0001-01-01T00:00:00",)"
       R"("InternetMessageId":"%internet_id%","KesMailId":"2814749767106560","Language":"en",)"
       R"("MessageDate":"%date%","P1Sender":"%sender%","P1SenderDomain":"example.net",)"
       R"("P2Sender":"%sender%","P2SenderDomain":"example.net","Recipients":["%recipient%"],)"
       R"("RescanResult":{"Id":"%rescan%","RescanVerdict":"%verdict%","Timestamp":"%date%"},)"
       R"("SenderIP":"%ip%","Subject":"%subject%","SubmissionConfidenceLevel":"0",)"
       R"("SubmissionContentSubType":"MsftAndCustomMbxSubmission","SubmissionContentType":"Mail",)"
       R"("SubmissionId":"%submission%","SubmissionState":"Submitted","SubmissionType":"0",)"
       R"("SubmitterId":"%submitter%"})",
       {{"submission", guid(50 + step_.report)},
        {"verdict", plan_.bits(37) % 2 == 0 ? "Phish" : "NotSpam"},
        {"internet_id", internet_message_id_},
        {"date", time(step_.created)},
        {"sender", sender_},
        {"recipient", person.upn},
        {"rescan", guid(38)},
        {"ip", sender_ip_},
        {"subject", subject_},
        {"submitter", person.object_id}});
}

void StoryWriter::append_admin_action(std::string& out) const {
  const auto& approver = reporter(7);
  append_common(out,
                "AirAdminActionInvestigationData",
                approver.upn,
                approver.puid,
                "SecurityComplianceCenter");
  fill(out,
       R"("ObjectId":"%object%","Activity":"","AirAdminActionSource":"3",)"
       R"("AirAdminActionType":"1","SubAirAdminActionTypeMail":"6","Approver":"%approver%",)"
       R"("Submitter":"%approver%","BulkApprovalId":"%bulk%","InvestigationUrn":"%urn%"})",
       {{"object", guid(39)},
        {"approver", approver.upn},
        {"bulk", guid(41)},
        {"urn", plan_.bits(42) % 3 == 0 ? "None" : plan_.investigation_id()}});
}

void StoryWriter::append_quarantine(std::string& out) const {
  append_common(out, "QuarantineDeleteMessage", reporter(7).upn, "Quarantine", "Quarantine");
  fill(out,
       R"("ResultStatus":"Successful","NetworkMessageId":"%message%","ReleaseTo":"",)"
       R"("RequestSource":0,"RequestType":2})",
       {{"message", network_message_id_}});
}

} // namespace sluice::simulator
