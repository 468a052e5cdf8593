// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "simulator/traffic/shapes.hpp"

namespace sluice::simulator {
namespace {

// Audit.AzureActiveDirectory mixes sign-ins (15) with directory changes (8).
constexpr auto shapes = std::to_array<ShapeText>({
    {15,
     420,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"UserLoggedIn",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:15%,"ResultStatus":"Success",)~"
     R"~("UserKey":"%user_id%","UserType":0,"Version":%int:1%,)~"
     R"~(%"Workload":"AzureActiveDirectory",|"Workload":"AzureActiveDirectory",|"Workload":"AzureActiveDirectory",|"Workload":"AzureActiveDirectory",|"Workload":"AzureActiveDirectory",|"Workload":"AzureActiveDirectory",|%)~"
     R"~(%client_ip%"ObjectId":")~"
     R"~(%00000003-0000-0000-c000-000000000000|00000002-0000-0ff1-ce00-000000000000|Unknown|Not Available%)~"
     R"~(","UserId":"%user%","AzureActiveDirectoryEventType":1,)~"
     R"~("ExtendedProperties":[{"Name":"ResultStatusDetail","Value":"Success"},)~"
     R"~({"Name":"UserAgent","Value":"%agent%"},{"Name":"RequestType","Value":")~"
     R"~(%OAuth2:Authorize|OAuth2:Token|Login:login|Login:reprocess|Kmsi:kmsi%"}],)~"
     R"~("ModifiedProperties":[],"Actor":[{"ID":"%user_id%","Type":0},{"ID":"%user%",)~"
     R"~("Type":5}],"ActorContextId":"%tenant%","ActorIpAddress":"%ip%","InterSystemsId":")~"
     R"~(%guid:1%","IntraSystemId":"%guid:2%",%"SupportTicketId":"",|"SupportTicketId":"",|%)~"
     R"~("Target":[{"ID":"00000003-0000-0000-c000-000000000000","Type":0}],)~"
     R"~("TargetContextId":"%tenant%","ApplicationId":"%shared:12%",)~"
     R"~("DeviceProperties":[{"Name":"Id","Value":"%shared:300%"},{"Name":"DisplayName",)~"
     R"~("Value":"%device%"},{"Name":"OS","Value":")~"
     R"~(%Windows10|Windows 11|MacOs|Ios 17.5|Android%"},{"Name":"BrowserType","Value":")~"
     R"~(%Edge|Chrome|Firefox|Other%"},{"Name":"TrustType","Value":"%1|2|0%"},)~"
     R"~({"Name":"IsCompliantAndManaged","Value":"%True|False%"},{"Name":"SessionId",)~"
     R"~("Value":"%guid:5%"}],"ErrorNumber":"0"})~"},
    {15,
     180,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"UserLoggedIn",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:15%,"ResultStatus":"Success",)~"
     R"~("UserKey":"%user_id%","UserType":0,"Version":%int:1%,)~"
     R"~(%"Workload":"AzureActiveDirectory",|"Workload":"AzureActiveDirectory",|"Workload":"AzureActiveDirectory",|"Workload":"AzureActiveDirectory",|"Workload":"AzureActiveDirectory",|"Workload":"AzureActiveDirectory",|%)~"
     R"~(%client_ip%"ObjectId":")~"
     R"~(%00000003-0000-0000-c000-000000000000|00000002-0000-0ff1-ce00-000000000000|Unknown|Not Available%)~"
     R"~(","UserId":"%user%","AzureActiveDirectoryEventType":1,)~"
     R"~("ExtendedProperties":[{"Name":"ResultStatusDetail","Value":"Redirect"},)~"
     R"~({"Name":"UserAgent","Value":"%agent%"},{"Name":"UserAuthenticationMethod","Value":")~"
     R"~(%1|16457|4194305%"},{"Name":"RequestType","Value":")~"
     R"~(%OAuth2:Authorize|OAuth2:Token|Login:login|Login:reprocess|Kmsi:kmsi%"}],)~"
     R"~("ModifiedProperties":[],"Actor":[{"ID":"%user_id%","Type":0},{"ID":"%user%",)~"
     R"~("Type":5}],"ActorContextId":"%tenant%","ActorIpAddress":"%ip%","InterSystemsId":")~"
     R"~(%guid:1%","IntraSystemId":"%guid:2%",%"SupportTicketId":"",|"SupportTicketId":"",|%)~"
     R"~("Target":[{"ID":"00000003-0000-0000-c000-000000000000","Type":0}],)~"
     R"~("TargetContextId":"%tenant%","ApplicationId":"%shared:12%","DeviceProperties":[],)~"
     R"~("ErrorNumber":"%0|50140|50058%"})~"},
    {15,
     60,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"UserLoggedIn",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:15%,"ResultStatus":"Success",)~"
     R"~("UserKey":"%user_id%","UserType":%int:4%,"Version":%int:1%,)~"
     R"~(%"Workload":"AzureActiveDirectory",|"Workload":"AzureActiveDirectory",|"Workload":"AzureActiveDirectory",|"Workload":"AzureActiveDirectory",|"Workload":"AzureActiveDirectory",|"Workload":"AzureActiveDirectory",|%)~"
     R"~(%client_ip%"ObjectId":")~"
     R"~(%00000003-0000-0000-c000-000000000000|00000002-0000-0ff1-ce00-000000000000|Unknown|Not Available%)~"
     R"~(","UserId":"ServicePrincipal_%shared:9%","AzureActiveDirectoryEventType":1,)~"
     R"~("ExtendedProperties":[{"Name":"ResultStatusDetail","Value":"Success"},)~"
     R"~({"Name":"UserAgent","Value":"%agent%"},{"Name":"RequestType","Value":")~"
     R"~(%OAuth2:Authorize|OAuth2:Token|Login:login|Login:reprocess|Kmsi:kmsi%"}],)~"
     R"~("ModifiedProperties":[],"Actor":[{"ID":"%user_id%","Type":0},)~"
     R"~({"ID":"ServicePrincipal_%shared:9%","Type":5}],"ActorContextId":"%tenant%",)~"
     R"~("ActorIpAddress":"%ip%","InterSystemsId":"%guid:1%","IntraSystemId":"%guid:2%",)~"
     R"~(%"SupportTicketId":"",|"SupportTicketId":"",|%)~"
     R"~("Target":[{"ID":"00000003-0000-0000-c000-000000000000","Type":0}],)~"
     R"~("TargetContextId":"%tenant%","ApplicationId":"%shared:12%","ErrorNumber":"0"})~"},
    {15,
     140,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"UserLoginFailed",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:15%,"ResultStatus":")~"
     R"~(%Failed|Failed|Success%","UserKey":"%user_id%","UserType":0,"Version":%int:1%,)~"
     R"~(%"Workload":"AzureActiveDirectory",|"Workload":"AzureActiveDirectory",|"Workload":"AzureActiveDirectory",|"Workload":"AzureActiveDirectory",|"Workload":"AzureActiveDirectory",|"Workload":"AzureActiveDirectory",|%)~"
     R"~(%client_ip%"ObjectId":")~"
     R"~(%00000003-0000-0000-c000-000000000000|00000002-0000-0ff1-ce00-000000000000|Unknown|Not Available%)~"
     R"~(","UserId":"%user%","AzureActiveDirectoryEventType":1,)~"
     R"~("ExtendedProperties":[{"Name":"ResultStatusDetail","Value":"UserError"},)~"
     R"~({"Name":"UserAgent","Value":"%agent%"},{"Name":"UserAuthenticationMethod",)~"
     R"~("Value":"1"},{"Name":"RequestType","Value":")~"
     R"~(%OAuth2:Authorize|OAuth2:Token|Login:login|Login:reprocess|Kmsi:kmsi%"}],)~"
     R"~("ModifiedProperties":[],"Actor":[{"ID":"%user_id%","Type":0},{"ID":"%user%",)~"
     R"~("Type":5}],"ActorContextId":"%tenant%","ActorIpAddress":"%ip%","InterSystemsId":")~"
     R"~(%guid:1%","IntraSystemId":"%guid:2%",%"SupportTicketId":"",|"SupportTicketId":"",|%)~"
     R"~("Target":[{"ID":"00000003-0000-0000-c000-000000000000","Type":0}],)~"
     R"~("TargetContextId":"%tenant%","ApplicationId":"%shared:12%",)~"
     R"~("DeviceProperties":[{"Name":"Id","Value":"%shared:300%"},{"Name":"DisplayName",)~"
     R"~("Value":"%device%"},{"Name":"OS","Value":")~"
     R"~(%Windows10|Windows 11|MacOs|Ios 17.5|Android%"},{"Name":"BrowserType","Value":")~"
     R"~(%Edge|Chrome|Firefox|Other%"},{"Name":"TrustType","Value":"%1|2|0%"},)~"
     R"~({"Name":"IsCompliantAndManaged","Value":"%True|False%"},{"Name":"SessionId",)~"
     R"~("Value":"%guid:5%"}],"ErrorNumber":"%50126|50053|50076|70043%","LogonError":")~"
     R"~(%InvalidUserNameOrPassword|IdsLocked|UserStrongAuthClientAuthNRequired|FreshTokenNeeded%)~"
     R"~("})~"},
    {8,
     90,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"Update user.",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:8%,"ResultStatus":"Success",)~"
     R"~("UserKey":"%puid%@contoso.example","UserType":%int:4%,"Version":%int:1%,)~"
     R"~("Workload":"AzureActiveDirectory",%"ClientIP":"",||%"ObjectId":"%other_user%",)~"
     R"~("UserId":"%Not Available|ServicePrincipal_5f0d1c7e-0000-4000-8000-000000000042%",)~"
     R"~("AzureActiveDirectoryEventType":1,"ExtendedProperties":[{"Name":"additionalDetails",)~"
     R"~("Value":"{\"UserType\":\"Member\"}"},{"Name":"extendedAuditEventCategory",)~"
     R"~("Value":"User"}],"ModifiedProperties":[{"Name":"StrongAuthenticationMethod",)~"
     R"~("NewValue":"[\r\n  {\r\n    \"MethodType\": %below:8%,)~"
     R"~(\r\n    \"Default\": true\r\n  }\r\n]","OldValue":"[]"},)~"
     R"~({"Name":"Included Updated Properties","NewValue":"StrongAuthenticationMethod",)~"
     R"~("OldValue":""},{"Name":"TargetId.UserType","NewValue":"Member","OldValue":""}],)~"
     R"~("Actor":[{"ID":"%user%","Type":5},{"ID":"%puid%","Type":3},{"ID":"User_%user_id%",)~"
     R"~("Type":2},{"ID":"%user_id%","Type":2},{"ID":"User","Type":2}],"ActorContextId":")~"
     R"~(%tenant%",%"ActorIpAddress":"",||%"InterSystemsId":"%guid:1%","IntraSystemId":")~"
     R"~(%guid:2%","SupportTicketId":"","Target":[{"ID":"User_%guid:3%","Type":2},{"ID":")~"
     R"~(%guid:3%","Type":2},{"ID":"User","Type":2},{"ID":"%other_user%","Type":5}],)~"
     R"~("TargetContextId":"%tenant%"})~"},
    {8,
     30,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"Add member to role.",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:8%,"ResultStatus":"Success",)~"
     R"~("UserKey":"%puid%@contoso.example","UserType":0,"Version":%int:1%,)~"
     R"~("Workload":"AzureActiveDirectory",%"ClientIP":"",||%"ObjectId":"%other_user%",)~"
     R"~("UserId":"%user%","AzureActiveDirectoryEventType":1,)~"
     R"~("ExtendedProperties":[{"Name":"additionalDetails","Value":"{}"},)~"
     R"~({"Name":"extendedAuditEventCategory","Value":"Role"}],)~"
     R"~("ModifiedProperties":[{"Name":"Role.ObjectID","NewValue":"%shared:20%",)~"
     R"~("OldValue":""},{"Name":"Role.DisplayName","NewValue":")~"
     R"~(%Helpdesk Administrator|Security Reader|Global Reader%","OldValue":""},)~"
     R"~({"Name":"Role.TemplateId","NewValue":"%shared:20%","OldValue":""}],"Actor":[{"ID":")~"
     R"~(%user%","Type":5},{"ID":"%puid%","Type":3},{"ID":"User_%user_id%","Type":2},{"ID":")~"
     R"~(%user_id%","Type":2},{"ID":"User","Type":2}],"ActorContextId":"%tenant%",)~"
     R"~(%"ActorIpAddress":"",||%"InterSystemsId":"%guid:1%","IntraSystemId":"%guid:2%",)~"
     R"~("SupportTicketId":"","Target":[{"ID":"User_%guid:3%","Type":2},{"ID":"%guid:3%",)~"
     R"~("Type":2}],"TargetContextId":"%tenant%"})~"},
    {8,
     30,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"Consent to application.",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:8%,"ResultStatus":"Success",)~"
     R"~("UserKey":"%puid%@contoso.example","UserType":0,"Version":%int:1%,)~"
     R"~("Workload":"AzureActiveDirectory",%"ClientIP":"",||%"ObjectId":"%shared:12%",)~"
     R"~("UserId":"%user%","AzureActiveDirectoryEventType":1,)~"
     R"~("ExtendedProperties":[{"Name":"additionalDetails",)~"
     R"~("Value":"{\"User-Agent\":\"EvoSTS\",\"AppId\":\"%shared:12%\"}"},)~"
     R"~({"Name":"extendedAuditEventCategory","Value":"ServicePrincipal"}],)~"
     R"~("ModifiedProperties":[{"Name":"ConsentContext.IsAdminConsent","NewValue":")~"
     R"~(%True|False%","OldValue":""},{"Name":"ConsentAction.Permissions",)~"
     R"~("NewValue":"[] => [[Id: %hex:16%, ClientId: %guid:6%, PrincipalId: %user_id%,)~"
     R"~( ResourceId: %guid:7%, ConsentType: Principal,)~"
     R"~( Scope: User.Read Mail.Read offline_access, CreatedDateTime: ,)~"
     R"~( LastModifiedDateTime ]]; ","OldValue":""}],"Actor":[{"ID":"%user%","Type":5},)~"
     R"~({"ID":"%puid%","Type":3},{"ID":"User_%user_id%","Type":2},{"ID":"%user_id%",)~"
     R"~("Type":2},{"ID":"User","Type":2}],"ActorContextId":"%tenant%",)~"
     R"~(%"ActorIpAddress":"",||%"InterSystemsId":"%guid:1%","IntraSystemId":"%guid:2%",)~"
     R"~("SupportTicketId":"","Target":[{"ID":"ServicePrincipal_%guid:6%","Type":2},{"ID":")~"
     R"~(%guid:6%","Type":2},{"ID":"ServicePrincipal","Type":2}],"TargetContextId":"%tenant%)~"
     R"~("})~"},
    {8,
     25,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"Update device.",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:8%,"ResultStatus":"Success",)~"
     R"~("UserKey":"%puid%@contoso.example","UserType":%int:4%,"Version":%int:1%,)~"
     R"~("Workload":"AzureActiveDirectory",%"ClientIP":"",||%"ObjectId":"Not Available",)~"
     R"~("UserId":"Device Registration Service","AzureActiveDirectoryEventType":1,)~"
     R"~("ExtendedProperties":[{"Name":"additionalDetails","Value":"{\"DeviceId\":\")~"
     R"~(%shared:300%\",\"DeviceOSType\":\"Windows\",\"DeviceTrustType\":\"AzureAd\"}"},)~"
     R"~({"Name":"extendedAuditEventCategory","Value":"Device"}],)~"
     R"~("ModifiedProperties":["DeviceOSVersion","Included Updated Properties"],)~"
     R"~("Actor":[{"ID":"%user%","Type":5},{"ID":"%puid%","Type":3},{"ID":"User_%user_id%",)~"
     R"~("Type":2},{"ID":"%user_id%","Type":2},{"ID":"User","Type":2}],"ActorContextId":")~"
     R"~(%tenant%",%"ActorIpAddress":"",||%"InterSystemsId":"%guid:1%","IntraSystemId":")~"
     R"~(%guid:2%","SupportTicketId":"","Target":[{"ID":"Device_%guid:3%","Type":2},{"ID":")~"
     R"~(%device%","Type":1}],"TargetContextId":"%tenant%"})~"},
    {8,
     25,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"Change user license.",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:8%,"ResultStatus":"Success",)~"
     R"~("UserKey":"%puid%@contoso.example","UserType":0,"Version":%int:1%,)~"
     R"~("Workload":"AzureActiveDirectory",%"ClientIP":"",||%"ObjectId":"%other_user%",)~"
     R"~("UserId":"%user%","AzureActiveDirectoryEventType":1,)~"
     R"~("ExtendedProperties":[{"Name":"additionalDetails","Value":"{\"seq\":\"%below:9%\",)~"
     R"~(\"b\":\"https://portal.office.com;https://admin.microsoft.com;https://portal.office.com/\"}"},)~"
     R"~({"Name":"extendedAuditEventCategory","Value":"User"}],"ModifiedProperties":[],)~"
     R"~("Actor":[{"ID":"%user%","Type":5},{"ID":"%puid%","Type":3},{"ID":"User_%user_id%",)~"
     R"~("Type":2},{"ID":"%user_id%","Type":2},{"ID":"User","Type":2}],"ActorContextId":")~"
     R"~(%tenant%",%"ActorIpAddress":"",||%"InterSystemsId":"%guid:1%","IntraSystemId":")~"
     R"~(%guid:2%","SupportTicketId":"","Target":[{"ID":"%other_user%","Type":5}],)~"
     R"~("TargetContextId":"%tenant%"})~"},
});

} // namespace

auto azure_active_directory_shapes() -> std::span<const ShapeText> {
  return shapes;
}

} // namespace sluice::simulator
