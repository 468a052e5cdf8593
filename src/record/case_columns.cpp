// SPDX-License-Identifier: Apache-2.0
#include "record/case_columns.hpp"

#include <array>

namespace sluice::record {
namespace {

using enum ColumnType;

constexpr auto columns = std::to_array<CaseColumn>({
    {"CaseId", string, "the same for every version of a case"},
    {"Version", int32, "1 when the case is told first, and one more each time it is told again"},
    {"EmittedTime", datetime, "when this version was told"},
    {"OrganizationId", string, "the tenant"},
    {"Kind", string, "which kind of case the configuration calls it"},
    {"IdentifiedBy", string, "policy, investigation_type or name: what that was known by"},
    {"Outcome", string, "AwaitingAction, Finished, Aborted, InProgress, Unknown or Withdrawn"},
    {"Processed", boolean, "whether AIR has analysed it"},
    {"Withdrawn", boolean, "later records showed that it is no case after all"},
    {"AlertId", string, "empty when no record names an alert"},
    {"InvestigationId", string, "as the service writes it"},
    {"AlertLink", string, "the alert in the portal"},
    {"InvestigationLink", string, "the investigation in the portal"},
    {"Links", dynamic, "what ties the two together"},
    {"ReportedTime", datetime, "when the first person reported the message"},
    {"AlertedTime", datetime, "when the alert was raised"},
    {"ProcessedTime", datetime, "when AIR first said that it had analysed it"},
    {"SecondsToAlert", int64, "from the report to the alert"},
    {"SecondsToProcess", int64, "from the alert to the analysis"},
    {"SecondsInTotal", int64, "from the report to the analysis"},
    {"AlertName", string, "the policy's name"},
    {"AlertStatus", string, "Active, Investigating, Resolved or Dismissed"},
    {"Severity", string, "of the alert"},
    {"Category", string, "of the alert"},
    {"AlertType", string, "System or Custom"},
    {"PolicyId", string, "of the alert policy"},
    {"AlertSource", string, "the product that raised the alert"},
    {"AlertResultStatus", string, "ResultStatus of the alert's records"},
    {"Comments", string, "of the alert"},
    {"AlertMissing", boolean, "no record of the alert itself came"},
    {"InvestigationName", string, "of the investigation"},
    {"InvestigationType", string, "of the investigation"},
    {"InvestigationStatus", string, "its newest status, as the service writes it"},
    {"InvestigationMissing", boolean, "no record of the investigation itself came"},
    {"InvestigationStartTime", datetime, "of the investigation"},
    {"InvestigationEndTime", datetime, "an \"as of\" time: filled before the end too"},
    {"InvestigationUpdateTime", datetime, "lags behind the newest status"},
    {"RunningSeconds", int64, "how long the investigation has run"},
    {"Reporter", string, "who reported the message first"},
    {"Reporters", dynamic, "everybody who reported it"},
    {"Subject", string, "of the reported message"},
    {"Sender", string, "of the reported message"},
    {"SenderIP", string, "of the reported message"},
    {"Recipient", string, "of the reported message"},
    {"NetworkMessageId", string, "of the reported message"},
    {"InternetMessageId", string, "of the reported message"},
    {"DeliveryAction", string, "what became of the message on arrival"},
    {"DeliveryLocation", string, "where the message is"},
    {"Threats", dynamic, "what was found in the message"},
    {"Urls", dynamic, "in the message"},
    {"Files", dynamic, "attached to the message: Name, SHA256, MalwareFamily"},
    {"Submissions",
     dynamic,
     "SubmissionId, Reporter, RescanVerdict, OriginalVerdict of each report"},
    {"Actions", dynamic, "Type, Status, Approval, ApprovedBy, Name, StartTime, EndTime, ActionId"},
    {"PendingActions", int32, "actions that wait for a person"},
    {"Evidence", dynamic, "why it is a case: What, Detail, Time, RecordId"},
    {"RecordIds", dynamic, "the records that decide what the row says"},
});

} // namespace

auto case_columns() noexcept -> std::span<const CaseColumn> {
  return columns;
}

} // namespace sluice::record
