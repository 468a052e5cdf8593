// SPDX-License-Identifier: Apache-2.0
#include "app/case_story.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/json_text.hpp"
#include "kql/dynamic.hpp"

namespace sluice::app {
namespace {

/// What each `What` of the column Evidence means; `{0}` is its detail.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> meanings{{
    {"identified by policy", "It is of this kind because of the alert policy {0}"},
    {"identified by investigation_type",
     "It is of this kind because of the type of its investigation, {0}"},
    {"identified by name", "It is of this kind because of the alert's name, \"{0}\""},
    {"linked by provider_alert_id",
     "They belong together because the investigation's Data says that alert {0} began it"},
    {"linked by related_alert_ids",
     "They belong together because an action of the investigation is related to alert {0}"},
    {"linked by ail",
     "They belong together because the Data of alert {0} has the investigation's link"},
    {"linked by extended_link",
     "They belong together because the investigation's Data has a link to alert {0}"},
    {"linked by message",
     "They belong together only because both are about message {0} and the same person"},
    {"processed by status", "AIR has analysed it: the first status that says so was \"{0}\""},
    {"aborted by status", "AIR gave it up: a status was \"{0}\""},
    {"processed by ail",
     "AIR has dealt with it: the alert that names the investigation became \"{0}\""},
    {"newest status", "The newest status of the investigation is \"{0}\""},
}};

auto text_in(std::string_view object, std::string_view key) -> std::string {
  const auto value = kql::json_member(object, key);
  return value.empty() ? std::string{} : escape_control(kql::json_to_text(value));
}

auto evidence_line(std::string_view reason) -> std::string {
  const auto what = text_in(reason, "What");
  const auto detail = text_in(reason, "Detail");
  std::string line = fmt::format("{}: {}", what, detail);
  for (const auto& [name, meaning] : meanings) {
    if (name == what) {
      line = fmt::format(fmt::runtime(meaning), detail);
    }
  }
  const auto record = text_in(reason, "RecordId");
  return record.empty()
             ? line + ".\n"
             : fmt::format("{} (record {}, {}).\n", line, record, text_in(reason, "Time"));
}

auto sides(std::string_view row) -> std::string {
  const auto alert = text_in(row, "AlertId");
  const auto investigation = text_in(row, "InvestigationId");
  auto text = alert.empty()
                  ? fmt::format("It is investigation {}, for which no record names an alert.\n",
                                investigation)
                  : fmt::format("It joins alert {} with investigation {}.\n", alert, investigation);
  if (text_in(row, "AlertMissing") == "true" && !alert.empty()) {
    text += "No record of the alert itself has come; what is known of it is from the "
            "investigation.\n";
  }
  if (text_in(row, "InvestigationMissing") == "true") {
    text += "No record of the investigation itself has come; the alert alone proves it.\n";
  }
  return text;
}

} // namespace

auto case_story(std::string_view row) -> std::string {
  auto text = fmt::format("{}, version {}, told {}: {}, {}.\n",
                          text_in(row, "CaseId"),
                          text_in(row, "Version"),
                          text_in(row, "EmittedTime"),
                          text_in(row, "Outcome"),
                          text_in(row, "Processed") == "true" ? "processed" : "not processed");
  text += sides(row);
  if (text_in(row, "Withdrawn") == "true") {
    return text + "Later records showed that it is no case after all, so it was withdrawn.\n";
  }
  text += fmt::format("Its kind is {}.\n", text_in(row, "Kind"));
  for (kql::JsonItems reason{kql::json_member(row, "Evidence")}; reason.next();) {
    text += evidence_line(reason.value());
  }
  std::string records;
  for (kql::JsonItems id{kql::json_member(row, "RecordIds")}; id.next();) {
    records += "\n  " + escape_control(kql::json_to_text(id.value()));
  }
  return text + fmt::format("The records that decide what it says:{}\n", records);
}

} // namespace sluice::app
