// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "simulator/traffic/story_writer.hpp"
#include "simulator/traffic/text.hpp"

namespace sluice::simulator {
namespace {

auto is_start(std::string_view status) -> bool {
  return status == "Investigation Started" || status == "Starting" ||
         status == "Queued by Throttling";
}

/// Data names the status in its own, shorter and late words (observed: Running, Pending,
/// FullyRemediated).
auto status_in_data(std::string_view status) -> std::string_view {
  return status == "Remediated" ? "FullyRemediated" : "Running";
}

auto seconds_text(DateTime time) -> std::string {
  std::string text;
  append_seconds(text, time);
  return text;
}

} // namespace

void StoryWriter::append_investigation(std::string& out) const {
  append_common(
      out, "AirInvestigationData", "AirInvestigation", "AirInvestigation", "AirInvestigation");
  const auto started = plan_.window_end_ + std::chrono::minutes{3};
  const bool start = is_start(step_.status);
  const auto running = std::chrono::duration_cast<std::chrono::seconds>(step_.created - started);
  const auto urn = plan_.investigation_id();
  // EndTimeUtc says "as of", and LastUpdateTimeUtc lags behind it (observed).
  fill(out,
       R"("ObjectId":"%guid%","InvestigationId":"%urn%","InvestigationName":"%name%",)"
       R"("InvestigationType":"%type%","Status":"%status%","StartTimeUtc":"%start%",)"
       R"("EndTimeUtc":"%end%","LastUpdateTimeUtc":"%update%",)"
       R"("DeepLinkUrl":"https:\/\/security.microsoft.com\/mtp-investigation\/%urn%")",
       {{"guid", Guid::of(plan_.number_of(index_)).text()},
        {"urn", urn},
        {"name", investigation_name()},
        {"type",
         scenario_.quirk == Quirk::type_as_label ? "User-Reported Messages"
                                                 : scenario_.policy->investigation_type},
        {"status", step_.status},
        {"start", seconds_text(started)},
        {"end", start ? "0001-01-01T00:00:00" : seconds_text(step_.created)},
        {"update", seconds_text(std::max(started, step_.created - std::chrono::minutes{7}))}});
  if (!start) {
    const auto seconds = static_cast<std::uint64_t>(std::max<std::int64_t>(running.count(), 1));
    const bool as_text = plan_.bits(46) % 4 == 0;
    out += as_text ? R"(,"RunningTime":")" + std::to_string(seconds) + '"'
                   : R"(,"RunningTime":)" + std::to_string(seconds);
    out += actions();
  }
  if (scenario_.quirk != Quirk::no_investigation_data) {
    out += R"(,"Data":")";
    append_escaped(out, investigation_data());
    out += '"';
  }
  out += '}';
}

auto StoryWriter::investigation_name() const -> std::string {
  std::string name;
  const auto type = scenario_.policy->investigation_type;
  if (type == "SubmissionInvestigation") {
    name = "User reported message as malicious '";
    name += subject_;
    return name + "' for 'Phish'";
  }
  name = type == "ZappedUrlInvestigation"     ? "Mail with malicious urls is zapped - "
         : type == "ZappedFileInvestigation"  ? "Mail with malicious file is zapped - "
         : type == "ZappedEmailInvestigation" ? "Malicious mail is zapped - "
                                              : "Clicked url Verdict changed to malicious - ";
  return name + plan_.investigation_id();
}

auto StoryWriter::mail_cluster() const -> std::string {
  const auto size = scenario_.quirk == Quirk::big_cluster ? 3'000U : 3U;
  std::string cluster = R"({"$id":"9","NetworkMessageIds":[)";
  for (auto i = 0U; i < size; ++i) {
    cluster += i == 0 ? "\"" : ",\"";
    append_guid(cluster, Guid::of(plan_.bits(1'000 + i)));
    cluster += '"';
  }
  // QueryTime stands there twice, in two formats (observed).
  fill(
      cluster,
      R"(],"CountByThreatType":{"HighConfPhish":%count%,"Phish":0},)"
      R"("CountByProtectionStatus":{"Delivered":%count%},)"
      R"("CountByDeliveryLocation":{"Inbox":%count%},)"
      R"~("Query":"( (( (BodyFingerprintBin1:\"1187412\") )) AND ( (SenderIp:\"%ip%\") ) )",)~"
      R"("QueryTime":"%time%","MailCount":%count%,"IsVolumeAnamoly":false,)"
      R"("ClusterSourceIdentifier":"%message%","ClusterSourceType":"Similarity",)"
      R"("ClusterQueryStartTime":"10/11/2024 12:00:00 AM","QueryTime":"10/31/2024 4:24:41 PM",)"
      R"("ClusterGroup":"BodyFingerprintBin1,SenderIp","ClusterBy":"BodyFingerprintBin1;SenderIp",)"
      R"("ClusterByValue":"1187412;%ip%","Type":"mailCluster",)"
      R"("Urn":"urn:MailClusterEntity:7c1e","Source":"OATP","FirstSeen":"0001-01-01T00:00:00"})",
      {{"count", std::to_string(size)},
       {"ip", sender_ip_},
       {"time", time(step_.created)},
       {"message", network_message_id_}});
  return cluster;
}

auto StoryWriter::entities() const -> std::string {
  std::string text;
  fill(text,
       R"([{"$id":"6","Recipient":"%upn%","Urls":["https://login.example.com/session?id=7"],)"
       R"("Threats":["Phish"],"Sender":"%sender%","P1Sender":"%sender%",)"
       R"("P1SenderDomain":"example.net","SenderIP":"%ip%","P2Sender":"%sender%",)"
       R"("P2SenderDisplayName":"Microsoft \"Support\"","P2SenderDomain":"example.net",)"
       R"("ReceivedDate":"%received%","NetworkMessageId":"%message%",)"
       R"("InternetMessageId":"%internet_id%","Subject":"%subject%","AntispamDirection":"Inbound",)"
       R"("DeliveryAction":"Delivered","ThreatDetectionMethods":["UrlReputation"],)"
       R"("Language":"en","DeliveryLocation":"Inbox","OriginalDeliveryLocation":"Inbox",)"
       R"("AdditionalActionsAndResults":["OriginalDelivery: [N/A]"],)"
       R"("AuthDetails":[{"Name":"SPF","Value":"Pass"},{"Name":"DKIM","Value":"None"}],)"
       R"("SystemOverrides":[],"Type":"mailMessage","Urn":"urn:MailEntity:51ab","Source":"OATP",)"
       R"("FirstSeen":"0001-01-01T00:00:00"},)"
       R"({"$id":"7","MailboxPrimaryAddress":"%upn%","Upn":"%upn%","AadId":"%aad%",)"
       R"("RiskLevel":"None","Type":"mailbox","Urn":"urn:UserEntity:77f0","Source":"OATP",)"
       R"("FirstSeen":"0001-01-01T00:00:00"},)"
       R"({"$id":"8","Url":"https://login.example.com/session?id=7","ClickCount":1,)"
       R"("EmailCount":1,"Type":"url","Urn":"urn:UrlEntity:0d4c","Source":"OATP",)"
       R"("FirstSeen":"0001-01-01T00:00:00"})",
       {{"upn", reporter(0).upn},
        {"sender", sender_},
        {"ip", sender_ip_},
        {"received", time(plan_.reported_ - std::chrono::minutes{40})},
        {"message", network_message_id_},
        {"internet_id", internet_message_id_},
        {"subject", subject_},
        {"aad", reporter(0).object_id}});
  if (!is_start(step_.status)) {
    text += ',';
    text += mail_cluster();
  }
  return text + ']';
}

auto StoryWriter::extended_links() const -> std::string {
  if (!plan_.ties_by(Quirk::only_extended_link)) {
    return {};
  }
  return R"({"$id":"4","Href":"https://security.microsoft.com/alerts/fa)" + plan_.alert_id(0) +
         R"(","Category":null,"Label":"alert","Type":"webLink"})";
}

auto StoryWriter::investigation_data() const -> std::string {
  const auto urn = plan_.investigation_id();
  std::string data;
  fill(data,
       R"({"$id":"1","Version":"3.0","VendorName":"Microsoft","ProviderName":"OATP",)"
       R"("AlertType":"%policy%","StartTimeUtc":"%from%","EndTimeUtc":"%from%",)"
       R"("TimeGenerated":"%generated%","ProcessingEndTime":"%now%","Status":"%state%",)"
       R"("DetectionTechnology":"URLReputation","Severity":"%severity%",)"
       R"("ConfidenceLevel":"Unknown","ConfidenceScore":1.0,"IsIncident":false,)"
       R"("ProviderAlertId":"%alert%","SystemAlertId":null,"CorrelationKey":"%correlation%",)"
       R"("Investigations":[{"$id":"2","Id":"%urn%","InvestigationStatus":"%status%"}],)"
       R"("InvestigationIds":["%urn%"],"Intent":"Probing",)"
       R"("ResourceIdentifiers":[{"$id":"3","AadTenantId":"%tenant%","Type":"AAD"}],)"
       R"("AzureResourceId":null,"WorkspaceId":null,"AgentId":null,"AlertDisplayName":"%name%",)"
       R"("Description":"This alert is triggered when an email is reported -V1.0.0.3",)"
       R"("ExtendedLinks":[%links%],)"
       R"("Metadata":{"$id":"5","CustomApps":null,"GenericInfo":null},"Entities":)",
       {{"policy",
         scenario_.quirk == Quirk::no_policy_id ? "00000000-0000-0000-0000-000000000000"
                                                : policy_id()},
        {"from", time(plan_.window_end_ - std::chrono::minutes{15})},
        {"generated", time(plan_.window_end_ + std::chrono::seconds{110})},
        {"now", time(step_.created - std::chrono::seconds{6})},
        {"state", is_start(step_.status) ? "New" : "InProgress"},
        {"severity", scenario_.policy->severity},
        {"alert", plan_.ties_by(Quirk::only_provider_id) ? plan_.alert_id(0) : std::string{}},
        {"links", extended_links()},
        {"correlation", guid(47)},
        {"urn", urn},
        {"status", status_in_data(step_.status)},
        {"tenant", plan_.world_->tenant_id},
        {"name", policy_name()}});
  data += entities();
  data += R"(,"LogCreationTime":")" + time(step_.created - std::chrono::seconds{1});
  data += R"(","MachineName":"DB1EUR05BG401","SourceTemplateType":"Activity_Single",)"
          R"("Category":"ThreatManagement","SourceAlertType":"System"})";
  return data;
}

auto StoryWriter::action(std::uint8_t number) const -> std::string {
  const bool waiting = step_.status.starts_with("Pending");
  std::string alerts;
  const auto related = plan_.ties_by(Quirk::only_related_ids) ? scenario_.alerts : 0;
  for (std::uint8_t alert = 0; alert < related; ++alert) {
    alerts += (alert == 0 ? "\"" : ",\"") + plan_.alert_id(alert) + '"';
  }
  std::string text;
  fill(text,
       R"({"$id":"1","ActionId":"urn:EmailZapper:%id%","InvestigationId":"%urn%",)"
       R"("ActionApproval":"%approval%","ActionType":"EmailRemediation",)"
       R"("ActionStatus":"%status%","Entities":[%cluster%],"RelatedAlertIds":[%alerts%],)"
       R"("StartTimeUtc":"%start%","EndTimeUtc":null,"LastUpdateTimeUtc":"%update%",)"
       R"("TimestampUtc":"%start%","BulkName":"Mail with malicious urls",)"
       R"("ResourceIdentifiers":[{"$id":"3","AadTenantId":"%tenant%","Type":"AAD"}],)"
       R"("PendingType":"User","LogCreationTime":"%update%","MachineName":"DB1EUR05BG401",)"
       R"("Description":"For malicious emails, you can move to junk, soft or hard delete"})",
       {{"id", guid(80U + number)},
        {"urn", plan_.investigation_id()},
        {"approval", waiting ? "None" : "Approved"},
        {"status",
         waiting                                ? "Pending"
         : step_.status.starts_with("Terminat") ? "Skipped"
                                                : "Completed"},
        {"cluster", scenario_.quirk == Quirk::big_cluster ? std::string{} : mail_cluster()},
        {"alerts", alerts},
        {"start", time(plan_.window_end_ + std::chrono::minutes{20})},
        {"update", time(step_.created)},
        {"tenant", plan_.world_->tenant_id}});
  return text;
}

/// Absent at first, then an array: empty, or of JSON texts (observed), or of plain objects (as
/// some re-serialise them). Once a person had to approve, there are actions.
auto StoryWriter::actions() const -> std::string {
  const auto& statuses = scenario_.statuses;
  const auto* pending = std::ranges::find_if(
      statuses, [](std::string_view status) { return status.starts_with("Pending"); });
  const auto pending_index = static_cast<std::size_t>(pending - statuses.begin());
  if (step_.status_index < pending_index) {
    return plan_.bits(48 + step_.status_index) % 2 == 0 ? "" : R"(,"Actions":[])";
  }
  const bool as_objects = plan_.bits(49) % 4 == 0;
  const auto count = 1 + plan_.bits(90) % 2;
  std::string text = R"(,"Actions":[)";
  for (std::uint8_t i = 0; i < count; ++i) {
    text += i == 0 ? "" : ",";
    if (as_objects) {
      text += action(i);
    } else {
      text += '"';
      append_escaped(text, action(i));
      text += '"';
    }
  }
  return text + ']';
}

} // namespace sluice::simulator
