// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "simulator/traffic/shapes.hpp"

namespace sluice::simulator {
namespace {

// Audit.Exchange: mailbox access (50), single items (2), groups of items (3), cmdlets (1).
constexpr auto shapes = std::to_array<ShapeText>({
    {50,
     480,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"MailItemsAccessed",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:50%,"ResultStatus":"Succeeded",)~"
     R"~("UserKey":"%puid%","UserType":0,"Version":%int:1%,"Workload":"Exchange",%client_ip%)~"
     R"~("UserId":"%user%",%"AppId":"",|"AppId":"00000002-0000-0ff1-ce00-000000000000",|%)~"
     R"~("ClientIPAddress":"%ip%","ClientInfoString":"Client=)~"
     R"~(%OWA;Action=ViaProxy|MSExchangeRPC|Hub Transport|REST;Client=RESTSystem;;%",)~"
     R"~("ExternalAccess":false,"InternalLogonType":0,"LogonType":%int:1%,"LogonUserSid":")~"
     R"~(%sid%","MailboxGuid":"%mailbox%","MailboxOwnerSid":"%sid%","MailboxOwnerUPN":"%user%)~"
     R"~(","OrganizationName":"contoso.example","OriginatingServer":"DB9PR0%below:9%MB)~"
     R"~(%below:9999% (15.20.7762.%below:99%)\r\n","SessionId":"%guid:4%","ClientAppId":")~"
     R"~(%shared:6%","OperationProperties":[{"Name":"MailAccessType","Value":"%Bind|Sync%"},)~"
     R"~({"Name":"IsThrottled","Value":"False"}],)~"
     R"~("Folders":[{"FolderItems":[{"InternetMessageId":"<%hex:16%%hex:12%)~"
     R"~(@mail.example.org>","SizeInBytes":%below:900000%},{"InternetMessageId":"<%hex:16%)~"
     R"~(%hex:12%@mail.example.org>","SizeInBytes":%below:900000%},{"InternetMessageId":"<)~"
     R"~(%hex:16%%hex:12%@mail.example.org>","SizeInBytes":%below:900000%}],"Id":"LgAAAAC0)~"
     R"~(%hex:16%AQDh%hex:16%AAAAAAEMAAAB","Path":"\\%Inbox|Sent Items|Posteingang|受信トレイ%"}],)~"
     R"~("OperationCount":3})~"},
    {2,
     90,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"Send","OrganizationId":")~"
     R"~(%tenant%","RecordType":%int:2%,"ResultStatus":"Succeeded","UserKey":"%puid%",)~"
     R"~("UserType":0,"Version":%int:1%,"Workload":"Exchange",%client_ip%"UserId":"%user%",)~"
     R"~(%"AppId":"",|"AppId":"00000002-0000-0ff1-ce00-000000000000",|%"ClientIPAddress":")~"
     R"~(%ip%","ClientInfoString":"Client=)~"
     R"~(%OWA;Action=ViaProxy|MSExchangeRPC|Hub Transport|REST;Client=RESTSystem;;%",)~"
     R"~("ExternalAccess":false,"InternalLogonType":0,"LogonType":%int:1%,"LogonUserSid":")~"
     R"~(%sid%","MailboxGuid":"%mailbox%","MailboxOwnerSid":"%sid%","MailboxOwnerUPN":"%user%)~"
     R"~(","OrganizationName":"contoso.example","OriginatingServer":"DB9PR0%below:9%MB)~"
     R"~(%below:9999% (15.20.7762.%below:99%)\r\n","SessionId":"%guid:4%",)~"
     R"~("Item":{"Attachments":"%file%.pdf (%below:90000%b); ","Id":"RgAAAAC0%hex:16%%hex:16%)~"
     R"~(AAA","ImmutableEntryId":"LgAAAAC0%hex:16%","InternetMessageId":"<%hex:16%)~"
     R"~(@contoso.example>","ParentFolder":{"Id":"LgAA%hex:12%","Path":"\\Drafts"},)~"
     R"~("SizeInBytes":%below:900000%,"Subject":"%subject%"},"SaveToSentItems":true})~"},
    {2,
     60,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"Create","OrganizationId":")~"
     R"~(%tenant%","RecordType":%int:2%,"ResultStatus":"Succeeded","UserKey":"%puid%",)~"
     R"~("UserType":0,"Version":%int:1%,"Workload":"Exchange",%client_ip%"UserId":"%user%",)~"
     R"~(%"AppId":"",|"AppId":"00000002-0000-0ff1-ce00-000000000000",|%"ClientIPAddress":")~"
     R"~(%ip%","ClientInfoString":"Client=)~"
     R"~(%OWA;Action=ViaProxy|MSExchangeRPC|Hub Transport|REST;Client=RESTSystem;;%",)~"
     R"~("ExternalAccess":false,"InternalLogonType":0,"LogonType":%int:1%,"LogonUserSid":")~"
     R"~(%sid%","MailboxGuid":"%mailbox%","MailboxOwnerSid":"%sid%","MailboxOwnerUPN":"%user%)~"
     R"~(","OrganizationName":"contoso.example","OriginatingServer":"DB9PR0%below:9%MB)~"
     R"~(%below:9999% (15.20.7762.%below:99%)\r\n","SessionId":"%guid:4%",)~"
     R"~("Item":{"Id":"RgAAAAC0%hex:16%%hex:16%AAA","InternetMessageId":"<%hex:16%)~"
     R"~(@contoso.example>","ParentFolder":{"Id":"LgAA%hex:12%","MemberRights":"ReadAny,)~"
     R"~( Create, EditOwned","MemberSid":"%sid%","MemberUpn":"%user%","Name":"Calendar",)~"
     R"~("Path":"\\Calendar"},"Subject":"%subject%"}})~"},
    {2,
     50,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"Update","OrganizationId":")~"
     R"~(%tenant%","RecordType":%int:2%,"ResultStatus":"Succeeded","UserKey":"%puid%",)~"
     R"~("UserType":0,"Version":%int:1%,"Workload":"Exchange",%client_ip%"UserId":"%user%",)~"
     R"~(%"AppId":"",|"AppId":"00000002-0000-0ff1-ce00-000000000000",|%"ClientIPAddress":")~"
     R"~(%ip%","ClientInfoString":"Client=)~"
     R"~(%OWA;Action=ViaProxy|MSExchangeRPC|Hub Transport|REST;Client=RESTSystem;;%",)~"
     R"~("ExternalAccess":false,"InternalLogonType":0,"LogonType":%int:1%,"LogonUserSid":")~"
     R"~(%sid%","MailboxGuid":"%mailbox%","MailboxOwnerSid":"%sid%","MailboxOwnerUPN":"%user%)~"
     R"~(","OrganizationName":"contoso.example","OriginatingServer":"DB9PR0%below:9%MB)~"
     R"~(%below:9999% (15.20.7762.%below:99%)\r\n","SessionId":"%guid:4%",)~"
     R"~("Item":{"Id":"RgAAAAC0%hex:16%%hex:16%AAA","ParentFolder":{"Id":"LgAA%hex:12%",)~"
     R"~("Path":"\\Inbox"},"Subject":"%subject%"},"ModifiedProperties":["RecipientsTo",)~"
     R"~("FlagStatus","HasAttachment"],"ClientProcessName":"OUTLOOK.EXE",)~"
     R"~("ClientVersion":"16.0.17628.20144"})~"},
    {3,
     90,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":")~"
     R"~(%MoveToDeletedItems|SoftDelete|HardDelete|Move%","OrganizationId":"%tenant%",)~"
     R"~("RecordType":%int:3%,"ResultStatus":"%Succeeded|Succeeded|PartiallySucceeded%",)~"
     R"~("UserKey":"%puid%","UserType":0,"Version":%int:1%,"Workload":"Exchange",%client_ip%)~"
     R"~("UserId":"%user%",%"AppId":"",|"AppId":"00000002-0000-0ff1-ce00-000000000000",|%)~"
     R"~("ClientIPAddress":"%ip%","ClientInfoString":"Client=)~"
     R"~(%OWA;Action=ViaProxy|MSExchangeRPC|Hub Transport|REST;Client=RESTSystem;;%",)~"
     R"~("ExternalAccess":false,"InternalLogonType":0,"LogonType":%int:1%,"LogonUserSid":")~"
     R"~(%sid%","MailboxGuid":"%mailbox%","MailboxOwnerSid":"%sid%","MailboxOwnerUPN":"%user%)~"
     R"~(","OrganizationName":"contoso.example","OriginatingServer":"DB9PR0%below:9%MB)~"
     R"~(%below:9999% (15.20.7762.%below:99%)\r\n","SessionId":"%guid:4%",)~"
     R"~("AffectedItems":[{"Id":"RgAAAAC0%hex:16%AAA","InternetMessageId":"<%hex:16%)~"
     R"~(@mail.example.net>","ParentFolder":{"Id":"LgAA%hex:12%","Path":"\\Inbox"},)~"
     R"~("Subject":"%subject%"},{"Attachments":"%file%.xlsx (%below:90000%b)","Id":"RgAAAAC0)~"
     R"~(%hex:16%AAA","InternetMessageId":null,"ParentFolder":{"Id":"LgAA%hex:12%",)~"
     R"~("Path":"\\Inbox\\Projekte"},"Subject":"%subject%"}],"CrossMailboxOperation":false,)~"
     R"~("Folder":{"Id":"LgAA%hex:12%","Path":"\\Inbox"},"DestFolder":{"Id":"LgAA%hex:12%",)~"
     R"~("Path":"\\Deleted Items"}})~"},
    {1,
     80,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"Set-Mailbox","OrganizationId":")~"
     R"~(%tenant%","RecordType":%int:1%,"ResultStatus":"True","UserKey":"%puid%",)~"
     R"~("UserType":2,"Version":%int:1%,"Workload":"Exchange",%client_ip%)~"
     R"~("ObjectId":"EURP193A001.PROD.OUTLOOK.COM/Microsoft Exchange Hosted Organizations/contoso.example/)~"
     R"~(%user_id%","UserId":"%user%","AppId":"","AppPoolName":"MSExchangeAdminApiNetCore",)~"
     R"~("ClientAppId":"","CorrelationID":"","ExternalAccess":false,)~"
     R"~("OrganizationName":"contoso.example","OriginatingServer":"DM6PR04MB%below:9999%)~"
     R"~( (15.20.7762.014)\r\n","Parameters":[{"Name":"Identity","Value":"%user_id%"},)~"
     R"~({"Name":"ForwardingSmtpAddress","Value":"smtp:%outside%"},)~"
     R"~({"Name":"DeliverToMailboxAndForward","Value":"True"}],"RequestId":"%guid:3%",)~"
     R"~("SessionId":"%|2be46662-0000-4000-8000-f512886502ab%"})~"},
    {1,
     50,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"New-InboxRule",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:1%,"ResultStatus":"True","UserKey":")~"
     R"~(%puid%","UserType":%int:2%,"Version":%int:1%,"Workload":"Exchange",%client_ip%)~"
     R"~("ObjectId":"EURP193A001.PROD.OUTLOOK.COM\\contoso\\%folder%\\rule%below:30%",)~"
     R"~("UserId":"%user%","AppId":"","ExternalAccess":false,)~"
     R"~("OrganizationName":"contoso.example","OriginatingServer":"DM6PR04MB%below:9999%)~"
     R"~( (15.20.7762.014)\r\n","Parameters":[{"Name":"AlwaysDeleteOutlookRulesBlob",)~"
     R"~("Value":"False"},{"Name":"ForwardTo","Value":"%outside%"},)~"
     R"~({"Name":"SubjectContainsWords","Value":"invoice;Rechnung;facture"},{"Name":"Force",)~"
     R"~("Value":"True"}],"SessionId":""})~"},
    {1,
     80,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":")~"
     R"~(%Set-ConditionalAccessPolicy|Set-TransportRule|Set-User|Enable-AddressListPaging|Install-DataClassificationConfig%)~"
     R"~(","OrganizationId":"%tenant%","RecordType":%int:1%,"ResultStatus":")~"
     R"~(%True|True|True|False%",)~"
     R"~("UserKey":"NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)","UserType":3,)~"
     R"~("Version":%int:1%,"Workload":"Exchange",%"ClientIP":"",|"ClientIP":null,|%)~"
     R"~("ObjectId":"contoso.example\\%guid:3%",)~"
     R"~("UserId":"NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)","AppId":"",)~"
     R"~("ClientAppId":"","ExternalAccess":true,"OrganizationName":"contoso.example",)~"
     R"~("OriginatingServer":"VI1PR08MB%below:9999% (15.20.7762.014)",)~"
     R"~("Parameters":[{"Name":"DomainController","Value":""},{"Name":"Identity","Value":")~"
     R"~(%guid:3%"},{"Name":"ErrorAction","Value":"SilentlyContinue"}],"SessionId":""})~"},
    {18,
     20,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"Set-AtpPolicyForO365",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:18%,"ResultStatus":"Success",)~"
     R"~("UserKey":"%puid%","UserType":2,"Version":%int:1%,)~"
     R"~("Workload":"SecurityComplianceCenter","ObjectId":"Default","UserId":"%user%",)~"
     R"~("ClientApplication":"EMC","CmdletVersion":"---",)~"
     R"~("EffectiveOrganization":"contoso.example",)~"
     R"~("NonPIIParameters":"-EnableATPForSPOTeamsODB",)~"
     R"~("Parameters":"-EnableATPForSPOTeamsODB \"True\"",)~"
     R"~("SecurityComplianceCenterEventType":0,"StartTime":"%created%","UserServicePlan":""})~"},
});

} // namespace

auto exchange_shapes() -> std::span<const ShapeText> {
  return shapes;
}

} // namespace sluice::simulator
