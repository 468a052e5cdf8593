// SPDX-License-Identifier: Apache-2.0
#include "relevance/cases/case_row.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/date_time.hpp"
#include "base/sha256.hpp"
#include "relevance/cases/case_evidence.hpp"
#include "relevance/cases/case_text.hpp"
#include "relevance/cases/row_members.hpp"

namespace sluice::relevance {
namespace {

/// When the first person acted, the alert was raised, and AIR had processed it. 0: nobody says.
struct Times {
  std::int64_t reported = 0;
  std::int64_t alerted = 0;
  std::int64_t processed = 0;
};

auto times_of(const CaseView& view, const CaseVerdict& verdict) -> Times {
  Times times;
  const auto earliest = [](std::int64_t& time, std::int64_t other) {
    time = time == 0 || (other != 0 && other < time) ? other : time;
  };
  if (view.alert != nullptr) {
    for (const auto& [key, entity] : view.alert->entities) {
      earliest(times.reported, entity.value.activity);
    }
    times.alerted = view.alert->triggered.there() ? view.alert->triggered.stamp.created
                                                  : view.alert->first.created;
  } else {
    times.alerted = view.investigation->data.value.generated;
  }
  if (verdict.first_processed != nullptr) {
    times.processed = verdict.first_processed->stamp.created;
  } else if (const auto* proof = proof_of(view); proof != nullptr && verdict.processed) {
    times.processed = proof->created;
  }
  return times;
}

void write_seconds(Members& row, const MemberName& name, std::int64_t from, std::int64_t to) {
  if (from != 0 && to != 0) {
    row.number(name, (to - from) / Ticks::period::den);
  }
}

void write_times(Members& row, const Times& times) {
  row.time("ReportedTime", times.reported);
  row.time("AlertedTime", times.alerted);
  row.time("ProcessedTime", times.processed);
  write_seconds(row, "SecondsToAlert", times.reported, times.alerted);
  write_seconds(row, "SecondsToProcess", times.alerted, times.processed);
  write_seconds(row, "SecondsInTotal", times.reported, times.processed);
}

void write_alert(Members& row, const CaseView& view) {
  const auto& data = view.investigation->data.value;
  const auto said = [&](std::string AlertText::* member) { return said_of_alert(view, member); };
  row.text("AlertName", first_text({said(&AlertText::name), data.alert_name}));
  row.text("AlertStatus", first_text({said(&AlertText::status), data.alert_status}));
  row.text("Severity", first_text({said(&AlertText::severity), data.severity}));
  row.text("Category", said(&AlertText::category));
  row.text("AlertType", said(&AlertText::type));
  row.text("PolicyId", first_text({said(&AlertText::policy), data.policy}));
  row.text("AlertSource", said(&AlertText::source));
  row.text("AlertResultStatus", said(&AlertText::result_status));
  row.text("Comments", said(&AlertText::comments));
  row.boolean("AlertMissing", view.alert == nullptr);
}

void write_investigation(Members& row, const InvestigationState& state) {
  const auto& head = state.head.value;
  row.text("InvestigationName", head.name);
  row.text("InvestigationType", head.type);
  row.text("InvestigationStatus", head.status);
  row.boolean("InvestigationMissing", !state.head.there());
  row.time("InvestigationStartTime", head.start);
  row.time("InvestigationEndTime", head.end);
  row.time("InvestigationUpdateTime", head.updated);
  if (head.running != 0) {
    row.number("RunningSeconds", head.running);
  }
}

auto reporters_of(const CaseView& view) -> ReusedSet<std::string> {
  auto all = view.investigation->data.value.reporters;
  if (view.alert != nullptr) {
    for (const auto& [key, entity] : view.alert->entities) {
      if (const auto reporter = normal_address(entity.value.reporter); !reporter.empty()) {
        all.insert(reporter);
      }
    }
    if (all.empty()) {
      all = view.alert->users;
    }
  }
  return all;
}

/// The report that was made first; null without one.
auto first_report(const CaseView& view) -> const ReportedEntity* {
  const ReportedEntity* first = nullptr;
  if (view.alert != nullptr) {
    for (const auto& [key, entity] : view.alert->entities) {
      if (first == nullptr || entity.value.activity < first->activity) {
        first = &entity.value;
      }
    }
  }
  return first;
}

void write_message(Members& row, std::string& out, const CaseView& view) {
  static const ReportedEntity nothing;
  const auto& data = view.investigation->data.value;
  const auto* first = first_report(view);
  const auto& report = first == nullptr ? nothing : *first;
  const auto reporters = reporters_of(view);
  row.text(
      "Reporter",
      first_text({normal_address(report.reporter),
                  reporters.empty() ? std::string_view{} : std::string_view{*reporters.begin()}}));
  row.texts("Reporters", reporters);
  row.text("Subject", first_text({data.subject, report.subject}));
  row.text("Sender", first_text({data.sender, report.sender}));
  row.text("SenderIP", first_text({data.sender_ip, report.sender_ip}));
  row.text("Recipient", first_text({data.recipient, report.recipient}));
  row.text("NetworkMessageId", first_text({data.network_message_id, report.network_message_id}));
  row.text("InternetMessageId", first_text({data.internet_message_id, report.internet_message_id}));
  row.text("DeliveryAction", data.delivery_action);
  row.text("DeliveryLocation", data.delivery_location);
  row.texts("Threats", data.threats);
  if (report.url.empty()) {
    row.texts("Urls", data.urls);
  } else {
    auto urls = data.urls;
    urls.insert(report.url);
    row.texts("Urls", urls);
  }
  row.list("Files", data.files, [&](const MessageFile& file) {
    Members members{out};
    members.text("Name", file.name);
    members.text("SHA256", file.sha256);
    members.text("MalwareFamily", file.malware);
  });
  std::vector<const ReportedEntity*> submissions;
  if (view.alert != nullptr) {
    for (const auto& [key, entity] : view.alert->entities) {
      if (!entity.value.submission.empty()) {
        submissions.push_back(&entity.value);
      }
    }
  }
  row.list("Submissions", submissions, [&](const ReportedEntity* entity) {
    Members members{out};
    members.text("SubmissionId", entity->submission);
    members.text("Reporter", entity->reporter);
    members.text("RescanVerdict", entity->rescan_verdict);
    members.text("OriginalVerdict", entity->original_verdict);
  });
}

void write_actions(Members& row, std::string& out, const InvestigationState& state) {
  const auto& actions = state.actions.value;
  row.list("Actions", actions, [&](const CaseAction& action) {
    Members members{out};
    members.text("Type", action.type);
    members.text("Status", action.status);
    members.text("Approval", action.approval);
    members.text("ApprovedBy", action.approved_by);
    members.text("Name", action.name);
    members.time("StartTime", action.start);
    members.time("EndTime", action.end);
    members.text("ActionId", action.id);
  });
  row.number("PendingActions", std::ranges::count_if(actions, [](const CaseAction& action) {
               return normal_status(action.status) == "pending";
             }));
}

void write_reasons(Members& row, std::string& out, const std::vector<Reason>& why) {
  row.list("Evidence", why, [&](const Reason& reason) {
    Members members{out};
    members.text("What", reason.what);
    members.text("Detail", reason.detail);
    members.time("Time", reason.created);
    members.text("RecordId", reason.record);
  });
}

/// The investigation's id as the service writes it.
auto written_id(const InvestigationState& state) -> std::string_view {
  return first_text({state.head.value.id, state.linked, state.id});
}

/// The portal that the record's own link leads to, of those that there are (documented): a link to
/// anywhere else is not passed on to a person.
auto portal_of(const InvestigationState& state) -> std::string_view {
  constexpr std::string_view worldwide = "https://security.microsoft.com/";
  constexpr std::string_view government = "https://security.microsoft.us/";
  return state.head.value.deep_link.starts_with(government) ? government : worldwide;
}

} // namespace

auto case_id(std::string_view organization, std::string_view alert, std::string_view investigation)
    -> std::string {
  constexpr std::size_t digits = 20;
  const auto digest = to_hex(sha256(fmt::format("{}\n{}\n{}", organization, alert, investigation)));
  return "case-" + digest.substr(0, digits);
}

void write_case_row(std::string& out,
                    const CaseView& view,
                    std::string_view id,
                    const CaseIdentity& identity,
                    const CaseVerdict& verdict) {
  const auto& state = *view.investigation;
  const auto why = reasons(view, identity, verdict);
  out.clear();
  Members row{out};
  row.text("CaseId", id);
  row.text("OrganizationId", state.organization);
  row.text("Kind", identity.kind);
  row.text("IdentifiedBy", identity.by);
  row.text("Outcome", verdict.outcome);
  row.boolean("Processed", verdict.processed);
  row.boolean("Withdrawn", false);
  row.text("AlertId", view.alert_id);
  row.text("InvestigationId", written_id(state));
  if (!view.alert_id.empty()) {
    row.text("AlertLink", fmt::format("{}alerts/fa{}", portal_of(state), view.alert_id));
  }
  const auto& deep_link = state.head.value.deep_link;
  row.text("InvestigationLink",
           deep_link.starts_with(portal_of(state))
               ? deep_link
               : fmt::format("{}mtp-investigation/{}", portal_of(state), written_id(state)));
  row.texts("Links", link_names(view));
  write_times(row, times_of(view, verdict));
  write_alert(row, view);
  write_investigation(row, state);
  write_message(row, out, view);
  write_actions(row, out, state);
  write_reasons(row, out, why);
  row.texts("RecordIds", record_ids(view, why));
}

auto withdrawn_row(std::string_view alert,
                   std::string_view id,
                   const InvestigationState& investigation) -> std::string {
  std::string out;
  {
    Members row{out};
    row.text("CaseId", id);
    row.text("OrganizationId", investigation.organization);
    row.text("Outcome", "Withdrawn");
    row.boolean("Processed", false);
    row.boolean("Withdrawn", true);
    row.text("AlertId", alert);
    row.text("InvestigationId", written_id(investigation));
  }
  return out;
}

} // namespace sluice::relevance
