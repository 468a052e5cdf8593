// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "simulator/traffic/shapes.hpp"

namespace sluice::simulator {
namespace {

// Audit.SharePoint: files (6), pages (4), sharing (14), lists (36, 56); OneDrive is in it too.
constexpr auto shapes = std::to_array<ShapeText>({
    {6,
     300,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"FileAccessed",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:6%,)~"
     R"~("UserKey":"i:0h.f\u007cmembership\u007c%puid%@live.com","UserType":0,"Version":)~"
     R"~(%int:1%,"Workload":"OneDrive",%client_ip%)~"
     R"~("ObjectId":"https:\/\/contoso-my.sharepoint.com\/personal\/%folder%\/Documents\/)~"
     R"~(%file%.xlsx","UserId":"%user%","CorrelationId":"%guid:1%",)~"
     R"~("EventSource":"SharePoint","ItemType":"File","ListId":"%shared:90%",)~"
     R"~("ListItemUniqueId":"%guid:2%","Site":"%shared:60%","WebId":"%shared:61%",)~"
     R"~("UserAgent":"%agent%","HighPriorityMediaProcessing":%false|false|false|"false"%,)~"
     R"~("SourceFileExtension":"xlsx","SourceFileName":"%file%.xlsx",)~"
     R"~("SourceRelativeUrl":"Documents",)~"
     R"~("SiteUrl":"https:\/\/contoso-my.sharepoint.com\/personal\/%folder%\/",)~"
     R"~("AppAccessContext":{"AADSessionId":"%guid:3%","ClientAppId":"%shared:12%",)~"
     R"~("ClientAppName":"%OneDrive SyncEngine|Office 365 SharePoint Online|%",)~"
     R"~("CorrelationId":"%guid:1%","UniqueTokenId":"%hex:16%"}})~"},
    {6,
     120,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"FileModified",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:6%,)~"
     R"~("UserKey":"i:0h.f\u007cmembership\u007c%puid%@live.com","UserType":0,"Version":)~"
     R"~(%int:1%,"Workload":"SharePoint",%client_ip%)~"
     R"~("ObjectId":"https:\/\/contoso.sharepoint.com\/sites\/team-%below:40%)~"
     R"~(\/Shared Documents\/General\/%file%.docx","UserId":"%user%","CorrelationId":")~"
     R"~(%guid:1%","EventSource":"SharePoint","ItemType":"File","ListId":"%shared:90%",)~"
     R"~("ListItemUniqueId":"%guid:2%","Site":"%shared:60%","WebId":"%shared:61%",)~"
     R"~("UserAgent":"%agent%","HighPriorityMediaProcessing":%false|false|false|"false"%,)~"
     R"~("SourceFileExtension":"docx","SourceFileName":"%file%.docx",)~"
     R"~("SourceRelativeUrl":"Shared Documents\/General",)~"
     R"~("SiteUrl":"https:\/\/contoso.sharepoint.com\/sites\/team-%below:40%\/",)~"
     R"~("FileSizeBytes":%big%,"DoNotDistributeEvent":true,)~"
     R"~("AppAccessContext":{"AADSessionId":"%guid:3%","ClientAppId":"%shared:12%",)~"
     R"~("ClientAppName":"%OneDrive SyncEngine|Office 365 SharePoint Online|%",)~"
     R"~("CorrelationId":"%guid:1%","UniqueTokenId":"%hex:16%"}})~"},
    {6,
     90,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":")~"
     R"~(%FileDownloaded|FileSyncDownloadedFull|FilePreviewed%","OrganizationId":"%tenant%",)~"
     R"~("RecordType":%int:6%,"UserKey":"i:0h.f\u007cmembership\u007c%puid%@live.com",)~"
     R"~("UserType":0,"Version":%int:1%,"Workload":"OneDrive",%client_ip%)~"
     R"~("ObjectId":"https:\/\/contoso-my.sharepoint.com\/personal\/%folder%)~"
     R"~(\/Documents\/Projekte\/%file%.pdf","UserId":"%user%","CorrelationId":"%guid:1%",)~"
     R"~("EventSource":"SharePoint","ItemType":"File","ListId":"%shared:90%",)~"
     R"~("ListItemUniqueId":"%guid:2%","Site":"%shared:60%","WebId":"%shared:61%",)~"
     R"~("UserAgent":"%agent%","HighPriorityMediaProcessing":%false|false|false|"false"%,)~"
     R"~("SourceFileExtension":"pdf","SourceFileName":"%file%.pdf",)~"
     R"~("SourceRelativeUrl":"Documents\/Projekte",)~"
     R"~("SiteUrl":"https:\/\/contoso-my.sharepoint.com\/personal\/%folder%\/",)~"
     R"~("FileSizeBytes":%big%,"DeviceDisplayName":"%device%","IsManagedDevice":%true|false%,)~"
     R"~("Platform":"WinDesktop"})~"},
    {6,
     70,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":")~"
     R"~(%FileUploaded|FileSyncUploadedFull|FileRecycled%","OrganizationId":"%tenant%",)~"
     R"~("RecordType":%int:6%,"UserKey":"i:0h.f\u007cmembership\u007c%puid%@live.com",)~"
     R"~("UserType":0,"Version":%int:1%,"Workload":"SharePoint",%client_ip%)~"
     R"~("ObjectId":"https:\/\/contoso.sharepoint.com\/sites\/team-%below:40%)~"
     R"~(\/Shared Documents\/%file%.pptx","UserId":"%user%","CorrelationId":"%guid:1%",)~"
     R"~("EventSource":"SharePoint","ItemType":"File","ListId":"%shared:90%",)~"
     R"~("ListItemUniqueId":"%guid:2%","Site":"%shared:60%","WebId":"%shared:61%",)~"
     R"~("UserAgent":"%agent%","HighPriorityMediaProcessing":%false|false|false|"false"%,)~"
     R"~("SourceFileExtension":"pptx","SourceFileName":"%file%.pptx",)~"
     R"~("SourceRelativeUrl":"Shared Documents",)~"
     R"~("SiteUrl":"https:\/\/contoso.sharepoint.com\/sites\/team-%below:40%\/",)~"
     R"~("FileSyncBytesCommitted":"%below:900000%","MachineDomainInfo":"%guid:5%",)~"
     R"~("MachineId":"%guid:6%"})~"},
    {4,
     110,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"PageViewed","OrganizationId":")~"
     R"~(%tenant%","RecordType":%int:4%,"UserKey":"i:0h.f\u007cmembership\u007c%puid%)~"
     R"~(@live.com","UserType":0,"Version":%int:1%,"Workload":"SharePoint",%client_ip%)~"
     R"~("ObjectId":"https:\/\/contoso.sharepoint.com\/sites\/team-%below:40%)~"
     R"~(\/SitePages\/Home.aspx","UserId":"%user%","CorrelationId":"%guid:1%",)~"
     R"~("CustomUniqueId":true,"EventSource":"SharePoint","ItemType":"Page",)~"
     R"~("ListItemUniqueId":"%guid:2%","Site":"%shared:60%","UserAgent":"%agent%","WebId":")~"
     R"~(%shared:61%"})~"},
    {4,
     50,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"SearchQueryPerformed",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:4%,)~"
     R"~("UserKey":"i:0h.f\u007cmembership\u007c%puid%@live.com","UserType":0,"Version":)~"
     R"~(%int:1%,"Workload":"SharePoint",%client_ip%)~"
     R"~("ObjectId":"https://contoso.sharepoint.com/_api/search/postquery","UserId":"%user%",)~"
     R"~("CorrelationId":"%guid:1%","EventData":"<SearchQueryText>\"%file%\" AND author:)~"
     R"~(%name%</SearchQueryText><ResultCount>%below:500%</ResultCount>",)~"
     R"~("EventSource":"SharePoint","ItemType":"Site","Site":"%shared:60%","UserAgent":")~"
     R"~(%agent%","WebId":"%shared:61%","ModifiedProperties":[]})~"},
    {14,
     60,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":")~"
     R"~(%AddedToSecureLink|SharingSet|AnonymousLinkCreated|CompanyLinkCreated%",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:14%,)~"
     R"~("UserKey":"i:0h.f\u007cmembership\u007c%puid%@live.com","UserType":0,"Version":)~"
     R"~(%int:1%,"Workload":"OneDrive",%client_ip%)~"
     R"~("ObjectId":"https:\/\/contoso-my.sharepoint.com\/personal\/%folder%\/Documents\/)~"
     R"~(%file%.docx","UserId":"%user%","CorrelationId":"%guid:1%",)~"
     R"~("EventSource":"SharePoint","ItemType":"File","ListId":"%shared:90%",)~"
     R"~("ListItemUniqueId":"%guid:2%","Site":"%shared:60%","WebId":"%shared:61%",)~"
     R"~("UserAgent":"%agent%","HighPriorityMediaProcessing":%false|false|false|"false"%,)~"
     R"~("SourceFileExtension":"docx","SourceFileName":"%file%.docx",)~"
     R"~("SourceRelativeUrl":"Documents",)~"
     R"~("SiteUrl":"https:\/\/contoso-my.sharepoint.com\/personal\/%folder%\/",)~"
     R"~("EventData":"<Type>Edit</Type><MembersCanShareApplied>False</MembersCanShareApplied>",)~"
     R"~("TargetUserOrGroupName":"%outside%","TargetUserOrGroupType":"Guest",)~"
     R"~("UniqueSharingId":"%guid:5%"})~"},
    {36,
     80,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":")~"
     R"~(%ListViewed|ListItemViewed|ListUpdated%","OrganizationId":"%tenant%","RecordType":)~"
     R"~(%int:36%,"UserKey":"i:0h.f\u007cmembership\u007c%puid%@live.com","UserType":0,)~"
     R"~("Version":%int:1%,"Workload":"SharePoint",%client_ip%)~"
     R"~("ObjectId":"https:\/\/contoso.sharepoint.com\/sites\/team-%below:40%\/Lists\/Tasks",)~"
     R"~("UserId":"%user%","CorrelationId":"%guid:1%","EventSource":"SharePoint",)~"
     R"~("ItemType":"List","ListId":"%shared:90%","ListBaseTemplateType":"%106|171|None%",)~"
     R"~("ListBaseType":%"GenericList"|"DocumentLibrary"|0|1%,"ListColor":"","ListIcon":"",)~"
     R"~("ListTitle":"%guid:2%","TemplateTypeId":"","IsDocLib":%true|false%,"ItemCount":)~"
     R"~(%below:9000%,"FromApp":false,"CustomizedDoclib":false,"Site":"%shared:60%",)~"
     R"~("Source":"Unknown","UserAgent":"%agent%","WebId":"%shared:61%"})~"},
    {56,
     30,
     R"~({"CreationTime":"%created%","Id":"%id%","Operation":"ListItemUpdated",)~"
     R"~("OrganizationId":"%tenant%","RecordType":%int:56%,)~"
     R"~("UserKey":"i:0h.f\u007cmembership\u007c%puid%@live.com","UserType":0,"Version":)~"
     R"~(%int:1%,"Workload":"SharePoint",%client_ip%)~"
     R"~("ObjectId":"https:\/\/contoso.sharepoint.com\/sites\/team-%below:40%\/Lists\/Tasks\/)~"
     R"~(%below:9000%_.000","UserId":"app@sharepoint",)~"
     R"~("ApplicationDisplayName":"Timer Service","ApplicationId":"%shared:12%",)~"
     R"~("CorrelationId":"%guid:1%","EventSource":"SharePoint","ItemType":"ListItem",)~"
     R"~("ListId":"%shared:90%","Site":"%shared:60%","WebId":"%shared:61%"})~"},
});

} // namespace

auto sharepoint_shapes() -> std::span<const ShapeText> {
  return shapes;
}

} // namespace sluice::simulator
