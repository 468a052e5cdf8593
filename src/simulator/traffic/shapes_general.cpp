// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "simulator/traffic/shapes.hpp"

namespace sluice::simulator {
namespace {

// Audit.General: Endpoint DLP (63) outnumbers the rest; Teams, Power Platform, Defender, others.
constexpr auto shapes = std::to_array<ShapeText>({
    {63,
     620,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":")~"
     R"~(%FileCreated|FileModified|FileRenamed|FileDeleted|FileCopiedToRemovableMedia|FilePrinted|FileUploadedToCloud|FileRead|ArchiveCreated%)~"
     R"~(","OrganizationId":"%tenant%","RecordType":%int:63%,"UserKey":"%puid%","UserType":0,)~"
     R"~("Version":%int:1%,"Workload":"Endpoint",%client_ip%"ObjectId":"C:\\Users\\%folder%)~"
     R"~(\\Documents\\%file%.%docx|xlsx|txt|zip%","UserId":"%user%","DeviceName":"%device%",)~"
     R"~("MDATPDeviceId":"%hex:16%%hex:16%%hex:8%","Application":")~"
     R"~(%explorer.exe|chrome.exe|WINWORD.EXE|OneDrive.exe|7zG.exe%","EnforcementMode":)~"
     R"~(%int:1%,"FileExtension":"docx","FileSize":%big%,"FileType":"","Hidden":false,)~"
     R"~("JitTriggered":false,"Platform":%int:1%,"PolicyMatchInfo":{},"PreviousFileName":"%|%)~"
     R"~(","RMSEncrypted":false,"SensitiveInfoTypeData":[{"SensitiveInfoTypeName":")~"
     R"~(%Credit Card Number|EU Debit Card Number|IBAN|U.S. Social Security Number (SSN)%",)~"
     R"~("SensitiveInfoTypeId":"%shared:30%","Count":%below:40%,"Confidence":%85|75|65%,)~"
     R"~("SensitiveInformationDetectionsInfo":null,"ClassifierType":"Content"}],"Sha1":")~"
     R"~(%hex:16%%hex:16%%hex:8%","Sha256":"%hex:16%%hex:16%%hex:16%%hex:16%",)~"
     R"~("SourceLocationType":%int:1%,"TargetDomain":"%|upload.example.net%",)~"
     R"~("TargetFilePath":"","DestinationLocationType":0,"EvidenceFile":{"FullUrl":"",)~"
     R"~("StorageName":""},"OriginatingDomain":""})~"},
    {25,
     130,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":")~"
     R"~(%MessageSent|MessageCreatedHasLink|ChatCreated|MeetingParticipantDetail|MemberAdded|ReactedToMessage%)~"
     R"~(","OrganizationId":"%tenant%","RecordType":%int:25%,"UserKey":"%user_id%",)~"
     R"~("UserType":0,"Version":%int:1%,"Workload":"MicrosoftTeams",%client_ip%"UserId":")~"
     R"~(%user%","ChatThreadId":"19:%hex:16%%hex:16%@thread.v2","CommunicationType":")~"
     R"~(%GroupChat|OneOnOne|Team%","ExtraProperties":[{"Key":"TimeZone",)~"
     R"~("Value":"Europe\/Berlin"},{"Key":"OsName","Value":"windows"},{"Key":"ClientName",)~"
     R"~("Value":"%skypeteams|react-web-client%"}],"MessageId":"17%below:99999999999%",)~"
     R"~("MessageVersion":"%below:99999999999%","ItemName":"%file%",)~"
     R"~("Members":[{"DisplayName":"%name%","Role":1,"UPN":"%other_user%"},)~"
     R"~({"DisplayName":"?","Role":0,"UPN":"%outside%"}],)~"
     R"~("ParticipantInfo":{"HasForeignTenantUsers":%true|false%,"HasGuestUsers":false,)~"
     R"~("ParticipatingTenantIds":["%tenant%"]},"ResourceTenantId":"%tenant%",)~"
     R"~("MessageURLs":["https:\/\/files.example.org\/%hex:8%"]})~"},
    {30,
     35,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":")~"
     R"~(%EditFlow|CreateFlow|DeleteFlow%","OrganizationId":"%tenant%","RecordType":%int:30%,)~"
     R"~("ResultStatus":"Success","UserKey":"%user_id%","UserType":%int:2%,"Version":%int:1%,)~"
     R"~("Workload":"MicrosoftFlow","UserId":"%user%",)~"
     R"~("FlowConnectorNames":"Office 365 Outlook, SharePoint",)~"
     R"~("FlowDetailsUrl":"https:\/\/make.powerautomate.com\/environments\/Default-%tenant%)~"
     R"~(\/flows\/%guid:2%\/details","LicenseDisplayName":"Microsoft Flow Per User Plan",)~"
     R"~("SharingPermission":%3|2%,"UserTypeInitiated":1,"UserUPN":"%user%"})~"},
    {45,
     12,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"LaunchPowerApp",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:45%,"ResultStatus":"Success",)~"
     R"~("UserKey":"%user_id%","UserType":0,"Version":%int:1%,"Workload":"PowerApps",)~"
     R"~(%client_ip%"UserId":"%user%","AppName":"%guid:3%",)~"
     R"~("AdditionalInfo":"{\"environmentName\":\"Default-%tenant%\",\"appPlayDuration\":)~"
     R"~(%below:900%}"})~"},
    {187,
     6,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"CreateCustomConnector",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:187%,"ResultStatus":"Success",)~"
     R"~("UserKey":"%user_id%","UserType":0,"Version":%int:1%,"Workload":"PowerPlatform",)~"
     R"~("UserId":"%user%","ResourceId":"%guid:3%"})~"},
    {20,
     25,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":")~"
     R"~(%ViewReport|GetSnapshots|RefreshDataset%","OrganizationId":"%tenant%","RecordType":)~"
     R"~(%int:20%,"UserKey":"%puid%","UserType":0,"Version":%int:1%,"Workload":"PowerBI",)~"
     R"~(%client_ip%"ObjectId":"Umsätze %below:99%","UserId":"%user%","UserAgent":"%agent%",)~"
     R"~("Activity":"ViewReport","ItemName":"Umsätze","WorkSpaceName":"Finance \"EMEA\"",)~"
     R"~("DatasetName":"Umsätze","ReportName":"Umsätze","CapacityId":"%guid:3%",)~"
     R"~("CapacityName":"Shared On Premium","WorkspaceId":"%shared:30%",)~"
     R"~("ObjectType":"Report","AppName":"Finanzen","ReportId":"%guid:4%","IsSuccess":)~"
     R"~(%true|false%,"ReportType":"PowerBIReport","RequestId":"%guid:5%","ActivityId":")~"
     R"~(%guid:6%","DistributionMethod":"Apps","ConsumptionMethod":"Power BI Web"})~"},
    {28,
     40,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"TIMailData","OrganizationId":")~"
     R"~(%tenant%","RecordType":%int:28%,"UserKey":"ThreatIntel","UserType":4,"Version":)~"
     R"~(%int:1%,"Workload":"ThreatIntelligence","ObjectId":"%guid:1%%below:99999999999999%)~"
     R"~(1","UserId":"ThreatIntel",)~"
     R"~("AdditionalActionsAndResults":["OriginalDelivery: [N\/A]"],)~"
     R"~("AttachmentData":[{"FileName":"%file%.html","FileType":"html;txt","FileVerdict":)~"
     R"~(%0|1|"1"|-1%,"MalwareFamily":"","SHA256":"%hex:16%%hex:16%%hex:16%%hex:16%"}],)~"
     R"~("AuthDetails":[{"Name":"SPF","Value":"%Pass|None|Fail%"},{"Name":"DKIM",)~"
     R"~("Value":"None"},{"Name":"DMARC","Value":"Best guess pass"},{"Name":"Comp Auth",)~"
     R"~("Value":"fail"}],"DeliveryAction":"%DeliveredAsSpam|Blocked|Delivered%",)~"
     R"~("DetectionMethod":"%Spoof external domain|URL malicious reputation|Advanced filter%)~"
     R"~(","DetectionType":"%Inline|Delayed|ZAP%","Directionality":"Inbound",)~"
     R"~("EventDeepLink":"https:\/\/security.microsoft.com\/?hash=\/threatexplorer?messageParams=)~"
     R"~(%guid:1%,%guid:1%-%below:9999999999%-1&view=Phish","InternetMessageId":"<%hex:16%)~"
     R"~(@mail.example.net>","LatestDeliveryLocation":"%JunkFolder|Quarantine|Inbox%",)~"
     R"~("MessageTime":"%created%","NetworkMessageId":"%guid:1%",)~"
     R"~("OriginalDeliveryLocation":"JunkFolder","P1Sender":"%outside%","P2Sender":"%outside%)~"
     R"~(","PhishConfidenceLevel":"Normal","Policy":")~"
     R"~(%Spoof|HighConfidencePhish|AntiMalware|SafeAttachements%","PolicyAction":")~"
     R"~(%MoveToJmf|Quarantine%","Recipients":)~"
     R"~(%["dl@contoso.example"]|["ana.silva1@contoso.example","sales@contoso.example"]|"[sales@contoso.example]"%)~"
     R"~(,"SenderIp":"%ip%","Subject":"%subject%","SystemOverrides":[],)~"
     R"~("ThreatsAndDetectionTech":["Phish: [Spoof external domain]",)~"
     R"~("Spam: [Advanced filter]"],"Verdict":"Phish"})~"},
    {41,
     8,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"TIUrlClickData",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:41%,"UserKey":"ThreatIntel",)~"
     R"~("UserType":4,"Version":%int:1%,"Workload":"ThreatIntelligence","ObjectId":"%guid:2%)~"
     R"~(","UserId":"%user%","AppName":"%Mail|Teams|OneNote%","AppVersion":"0.0.0000",)~"
     R"~("EventDeepLink":"https:\/\/security.microsoft.com\/threatexplorer","SourceId":")~"
     R"~(%guid:1%","TimeOfClick":"%created%","Url":"https:\/\/login.example.com\/%hex:10%?u=)~"
     R"~(%hex:6%","UserIp":"%ip%","UrlClickAction":%2|3|4|5%})~"},
    {47,
     5,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"AtpDetection",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:47%,"UserKey":"ThreatIntel",)~"
     R"~("UserType":4,"Version":%int:1%,"Workload":"ThreatIntelligence","ObjectId":"%guid:2%)~"
     R"~(","UserId":"ThreatIntel","DetectionDate":"%created%",)~"
     R"~("DetectionMethod":"AntiMalware",)~"
     R"~("EventDeepLink":"https:\/\/security.microsoft.com\/?hash=\/threatexplorer",)~"
     R"~("FileData":{"DocumentId":"%guid:3%","FileName":"%file%.exe",)~"
     R"~("FilePath":"https:\/\/contoso-my.sharepoint.com\/personal\/%folder%\/Documents\/)~"
     R"~(%file%.exe","FileSize":"%below:900000%","FileVerdict":1,)~"
     R"~("MalwareFamily":"Trojan:Win32\/Example","SHA256":"%hex:16%%hex:16%%hex:16%%hex:16%)~"
     R"~("},"LastModifiedBy":"%user%","LastModifiedDate":"%created%","SourceWorkload":%0|1|2%)~"
     R"~(})~"},
    {65,
     14,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":")~"
     R"~(%QuarantineReleaseMessage|QuarantinePreviewMessage|QuarantineViewMessageHeader|QuarantineDeleteMessage%)~"
     R"~(","OrganizationId":"%tenant%","RecordType":%int:65%,"ResultStatus":"Successful",)~"
     R"~("UserKey":"Quarantine","UserType":4,"Version":%int:1%,"Workload":"Quarantine",)~"
     R"~("UserId":"%user%","NetworkMessageId":"%guid:1%","ReleaseTo":")~"
     R"~(%|ana.silva1@contoso.example%","RequestSource":0,"RequestType":%2|0|4%})~"},
    {40,
     10,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"%AlertTriggered|AlertUpdated%",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:40%,"ResultStatus":"Succeeded",)~"
     R"~("UserKey":"SecurityComplianceAlerts","UserType":4,"Version":%int:1%,)~"
     R"~("Workload":"SecurityComplianceCenter","ObjectId":"%guid:1%",)~"
     R"~("UserId":"SecurityComplianceAlerts","AlertId":"%guid:1%",)~"
     R"~("AlertLinks":[{"AlertLinkHref":""}],"AlertType":"System","Category":")~"
     R"~(%AccessGovernance|DataGovernance|DataLossPrevention|MailFlow|Other%",)~"
     R"~("Comments":"New alert","Data":"{\"etype\":\"User\",\"eid\":\"%user%\",\"op\":\")~"
     R"~(%MailRedirect|GrantAdminPermission|Protection|DlpRuleMatch%\",\"tid\":\"%tenant%\",)~"
     R"~(\"tdc\":\"1\",\"rtp\":1,\"mdt\":\"Audit\",\"sev\":\"Low\",\"f3u\":\"%user%\"}",)~"
     R"~("Name":")~"
     R"~(%Creation of forwarding\/redirect rule|Elevation of Exchange admin privilege|Unusual volume of file deletion|Messages have been delayed%)~"
     R"~(","PolicyId":"%shared:25%","Severity":"%Informational|Low|Medium%",)~"
     R"~("Source":"Office 365 Security & Compliance","Status":"%Active|Resolved|Dismissed%"})~"},
    {38,
     5,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"RetentionPolicyApplied",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:38%,"UserKey":"%puid%","UserType":2,)~"
     R"~("Version":%int:1%,"Workload":"SecurityComplianceCenter","ObjectId":"%guid:1%",)~"
     R"~("UserId":"%user%","ObjectType":"Rule","ExtendedProperties":[{"Name":"Policy",)~"
     R"~("Value":"{\"Name\":\"7 Jahre\"}"}]})~"},
    {52,
     20,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"Search","OrganizationId":")~"
     R"~(%tenant%","RecordType":%int:52%,"UserKey":"0000000000000000","UserType":%int:5%,)~"
     R"~("Version":%int:1%,"Workload":"SecurityComplianceCenter","UserId":"NOT-FOUND",)~"
     R"~("AadAppId":"%shared:5%","DataType":"Alert",)~"
     R"~("RelativeUrl":"\/DataInsights\/security\/alerts?$top=200&$orderby=lastModifiedDateTime desc",)~"
     R"~("ResultCount":"%below:20%"})~"},
    {261,
     18,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"CopilotInteraction",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:261%,"UserKey":"%user_id%",)~"
     R"~("UserType":0,"Version":%int:1%,"Workload":"Copilot",%client_ip%"UserId":"%user%",)~"
     R"~("ClientRegion":"emea","CopilotEventData":{"AISystemPlugin":[{"Id":"BingWebSearch",)~"
     R"~("Name":""}],"AccessedResources":[{"Action":"Read","ID":"%guid:1%","Name":"%file%)~"
     R"~(.docx","SensitivityLabelId":"%shared:7%",)~"
     R"~("SiteUrl":"https:\/\/contoso.sharepoint.com\/sites\/team-%below:40%)~"
     R"~(\/Shared Documents\/%file%.docx","Type":"docx","ListItemUniqueId":"%guid:10%"},)~"
     R"~({"Action":"Read","ID":"%guid:2%","Name":"%file%.docx","SensitivityLabelId":")~"
     R"~(%shared:7%","SiteUrl":"https:\/\/contoso.sharepoint.com\/sites\/team-%below:40%)~"
     R"~(\/Shared Documents\/%file%.docx","Type":"docx","ListItemUniqueId":"%guid:11%"},)~"
     R"~({"Action":"Read","ID":"%guid:3%","Name":"%file%.docx","SensitivityLabelId":")~"
     R"~(%shared:7%","SiteUrl":"https:\/\/contoso.sharepoint.com\/sites\/team-%below:40%)~"
     R"~(\/Shared Documents\/%file%.docx","Type":"docx","ListItemUniqueId":"%guid:12%"},)~"
     R"~({"Action":"Read","ID":"%guid:4%","Name":"%file%.docx","SensitivityLabelId":")~"
     R"~(%shared:7%","SiteUrl":"https:\/\/contoso.sharepoint.com\/sites\/team-%below:40%)~"
     R"~(\/Shared Documents\/%file%.docx","Type":"docx","ListItemUniqueId":"%guid:13%"},)~"
     R"~({"Action":"Read","ID":"%guid:5%","Name":"%file%.docx","SensitivityLabelId":")~"
     R"~(%shared:7%","SiteUrl":"https:\/\/contoso.sharepoint.com\/sites\/team-%below:40%)~"
     R"~(\/Shared Documents\/%file%.docx","Type":"docx","ListItemUniqueId":"%guid:14%"},)~"
     R"~({"Action":"Read","ID":"%guid:6%","Name":"%file%.docx","SensitivityLabelId":")~"
     R"~(%shared:7%","SiteUrl":"https:\/\/contoso.sharepoint.com\/sites\/team-%below:40%)~"
     R"~(\/Shared Documents\/%file%.docx","Type":"docx","ListItemUniqueId":"%guid:15%"},)~"
     R"~({"Action":"Read","ID":"%guid:7%","Name":"%file%.docx","SensitivityLabelId":")~"
     R"~(%shared:7%","SiteUrl":"https:\/\/contoso.sharepoint.com\/sites\/team-%below:40%)~"
     R"~(\/Shared Documents\/%file%.docx","Type":"docx","ListItemUniqueId":"%guid:16%"},)~"
     R"~({"Action":"Read","ID":"%guid:8%","Name":"%file%.docx","SensitivityLabelId":")~"
     R"~(%shared:7%","SiteUrl":"https:\/\/contoso.sharepoint.com\/sites\/team-%below:40%)~"
     R"~(\/Shared Documents\/%file%.docx","Type":"docx","ListItemUniqueId":"%guid:17%"}],)~"
     R"~("AppHost":"%Word|Teams|Bing|Outlook%",)~"
     R"~("Contexts":[{"Id":"https:\/\/contoso.sharepoint.com\/sites\/team","Type":"docx"}],)~"
     R"~("MessageIds":[],"Messages":[{"Id":"17%below:99999999999%","JailbreakDetected":false,)~"
     R"~("isPrompt":true},{"Id":"17%below:99999999999%","JailbreakDetected":false,)~"
     R"~("isPrompt":false}],"ModelTransparencyDetails":[],"ThreadId":"19:%hex:16%%hex:16%)~"
     R"~(@thread.v2"},"CopilotLogVersion":"1.0.0.0","AppIdentity":"Copilot.MicrosoftCopilot.)~"
     R"~(%Word|BizChat%"})~"},
    {66,
     10,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"ViewForm","OrganizationId":")~"
     R"~(%tenant%","RecordType":%int:66%,"ResultStatus":"Success","UserKey":"%user_id%",)~"
     R"~("UserType":0,"Version":%int:1%,"Workload":"MicrosoftForms",%client_ip%"UserId":")~"
     R"~(%user%","ActivityParameters":"{\"FormType\":\"Form\",\"ResponseId\":null}",)~"
     R"~("FormId":"%hex:16%%hex:16%","FormName":"Umfrage „Kantine“","FormType":1,)~"
     R"~("FormsUserType":1,"SourceApp":"Forms"})~"},
    {117,
     4,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"RemediationApplied",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:117%,"UserKey":"AppGovernance",)~"
     R"~("UserType":4,"Version":%int:1%,"Workload":"AppGovernance","UserId":"AppGovernance",)~"
     R"~("AppId":"%shared:12%"})~"},
    {155,
     4,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"%Update|Create%)~"
     R"~( improvement action","OrganizationId":"%tenant%","RecordType":%int:155%,)~"
     R"~("ResultStatus":"Success","UserKey":"%user_id%","UserType":0,"Version":%int:1%,)~"
     R"~("Workload":"ComplianceManager","UserId":"%user%","ActionScore":%below:27%.5,)~"
     R"~("ActionScoreChange":-0.25e1,"ActionId":"%guid:3%","Assessments":[],"Solutions":[],)~"
     R"~("Templates":[]})~"},
    {487,
     6,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"SomethingNew",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:487%,"UserKey":"%puid%","UserType":0,)~"
     R"~("Version":%int:1%,"Workload":"%Unannounced|Neuheit%","UserId":"%user%",)~"
     R"~("FreshField":{"Deep":[[[[{"er":[1,2.50,1e-7,-0,true,null,"\ud83d\ude80"]}]]]]},)~"
     R"~("Counter":18446744073709551615,"Empty":{},"None":[]})~"},
});

} // namespace

auto general_shapes() -> std::span<const ShapeText> {
  return shapes;
}

} // namespace sluice::simulator
