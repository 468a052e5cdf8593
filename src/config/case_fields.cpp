// SPDX-License-Identifier: Apache-2.0
// How cases are made.
#include <chrono>

#include "config/field_tables.hpp"

namespace sluice::config {
namespace {

using std::chrono::milliseconds;

constexpr std::array<std::string_view, 2> told_or_not{"told", "left_out"};

// clang-format off
constexpr std::array table{
    Field{.path = "cases", .type = FieldType::section,
          .about = "Alerts joined with the investigations that processed them: [cases](cases.md)."},
    Field{.path = "cases.kinds", .type = FieldType::list, .fallback = "user_reported_phishing", .shorthand = "ready",
          .about = "Which alerts and investigations make cases. A bare text is the name of a ready kind.",
          .begin = [](Config& c, Place p) { c.cases.kinds.emplace_back().place = p; }},
    Field{.path = "cases.kinds[].ready", .type = FieldType::name, .fallback_note = "none",
          .about = "`user_reported_phishing`, `malicious_url_click`, `zap_removals` or `admin_submission`.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.kinds.back().ready = std::move(v.text); }},
    Field{.path = "cases.kinds[].name", .type = FieldType::name, .fallback_note = "none",
          .about = "What column `Kind` calls these cases.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.kinds.back().name = std::move(v.text); }},
    Field{.path = "cases.kinds[].policies", .type = FieldType::texts, .fallback_note = "none",
          .about = "GUIDs of alert policies: looked at first, and never wrong.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.kinds.back().policies = std::move(v.texts); }},
    Field{.path = "cases.kinds[].investigation_types", .type = FieldType::texts, .fallback_note = "none",
          .about = "Types of investigations, when no policy fits.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.kinds.back().investigation_types = std::move(v.texts); }},
    Field{.path = "cases.kinds[].names", .type = FieldType::texts, .fallback_note = "none",
          .about = "Names of alert policies, when nothing else fits; letter case and unseen characters do not matter.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.kinds.back().names = std::move(v.texts); }},
    Field{.path = "cases.kinds[].excluded_names", .type = FieldType::texts, .fallback_note = "none",
          .about = "Alerts of these names are of another kind, unless their policy says otherwise.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.kinds.back().excluded_names = std::move(v.texts); }},
    Field{.path = "cases.statuses", .type = FieldType::section,
          .about = "Statuses of investigations that count differently from [the default](cases.md#when-a-case-is-processed), or are new."},
    Field{.path = "cases.statuses.in_progress", .type = FieldType::texts, .fallback_note = "as documented",
          .about = "Not processed yet.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.statuses.in_progress = std::move(v.texts); }},
    Field{.path = "cases.statuses.awaiting_action", .type = FieldType::texts, .fallback_note = "as documented",
          .about = "Processed; a person has to approve.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.statuses.awaiting_action = std::move(v.texts); }},
    Field{.path = "cases.statuses.finished", .type = FieldType::texts, .fallback_note = "as documented",
          .about = "Processed, with a verdict.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.statuses.finished = std::move(v.texts); }},
    Field{.path = "cases.statuses.aborted", .type = FieldType::texts, .fallback_note = "as documented",
          .about = "Given up.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.statuses.aborted = std::move(v.texts); }},
    Field{.path = "cases.aborted", .type = FieldType::choice, .fallback = "told", .choices = told_or_not,
          .about = "Whether an investigation that was given up makes a case, with outcome Aborted and not processed.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.tell_aborted = v.text == "told"; }},
    Field{.path = "cases.horizon", .type = FieldType::duration, .fallback = "9d", .least = "9d", .most = "90d",
          .about = "How long after its last record an alert or investigation is kept for records that may still come.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.horizon = milliseconds{v.number}; }},
    Field{.path = "cases.alert_grace", .type = FieldType::duration, .fallback = "1h", .least = "0s", .most = "7d",
          .about = "How long a case waits for its alert's own records before it is told without them.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.alert_grace = milliseconds{v.number}; }},
    Field{.path = "cases.investigation_grace", .type = FieldType::duration, .fallback = "24h", .least = "0s", .most = "7d",
          .about = "How long an alert that was resolved with a link to an investigation waits for the investigation's own records.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.investigation_grace = milliseconds{v.number}; }},
    Field{.path = "cases.keep", .type = FieldType::duration, .fallback = "400d", .least = "9d", .most = "3650d",
          .about = "How long the ledger keeps versions of cases that have a newer one.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.keep = milliseconds{v.number}; }},
    Field{.path = "cases.max_open", .type = FieldType::count, .fallback = "1000000", .least = "1000", .most = "100000000",
          .about = "Alerts and investigations that are kept at once, some kilobytes each; beyond it the oldest are given up, and reported.",
          .assign = [](Config& c, FieldValue&& v) { c.cases.max_open = as_bytes(v.number); }},
};
// clang-format on

} // namespace

auto case_fields() -> std::span<const Field> {
  return table;
}

} // namespace sluice::config
