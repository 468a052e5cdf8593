// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace sluice::simulator {

/// An alert policy. The GUIDs of built-in policies are the same in every tenant (documented or
/// observed), save those of the junk policies and of the tenant's own, which are made up here.
struct Policy {
  std::string_view name;
  std::string_view id;
  std::string_view severity;
  std::string_view alert_type;         ///< System or Custom.
  std::string_view operation;          ///< The audited operation that it watches.
  std::string_view investigation_type; ///< The wire token; empty when the policy starts none.
  bool user_reported_phish;            ///< Its alerts and investigations pass the default rules.
};

/// How far the investigation came, by the classes of its statuses.
enum class Outcome : std::uint8_t {
  none,            ///< There is no investigation.
  in_progress,     ///< Started or running: not processed.
  awaiting_action, ///< Analysed; a person has to approve. Processed.
  finished,        ///< A verdict was reached. Processed.
  aborted,         ///< Given up by the system, a person or throttling. Not processed.
  unseen,          ///< Only the alert says that there was one. Processed, status unknown.
};

/// What is odd about the records of a story.
enum class Quirk : std::uint8_t {
  none,
  no_alert_records,      ///< The alert's own records never come.
  no_trigger_record,     ///< AlertTriggered alone is missing.
  investigation_first,   ///< The investigation's records overtake the alert's.
  late,                  ///< Every record is hours or days late.
  local_name,            ///< The policy's name is in another language; its id is not.
  no_policy_id,          ///< Only the name, with a zero-width space behind it, tells the policy.
  empty_alert_data,      ///< Data of the alert is empty or not JSON.
  no_investigation_data, ///< The investigation's records lack Data.
  type_as_label,         ///< InvestigationType as the documentation prints it.
  big_cluster,           ///< Data of more than 100 KB.
  numbers_as_text,       ///< Integers as strings throughout.
  capitals,              ///< The policy's id in capitals.
  // Of all that can tie an alert and an investigation together, the records have one thing only:
  only_provider_id,
  only_related_ids,
  only_ail,
  only_extended_link,
  only_message,
};

/// One kind of story: who starts it, which way the investigation goes, what is odd about it.
struct Scenario {
  std::string_view name;
  std::uint16_t weight; ///< How often it is told, against the others; each is told at least once
                        ///< before any is told twice.
  const Policy* policy; ///< Null when there is no alert at all.
  std::array<std::string_view, 5> statuses{}; ///< In the order of the records; may end early.
  Outcome outcome = Outcome::none;
  Quirk quirk = Quirk::none;
  std::uint8_t reports = 1;        ///< Users who report the message within one window: one alert.
  std::uint8_t alerts = 1;         ///< Alerts that the one investigation absorbs.
  bool resolved = true;            ///< The alert ends Resolved.
  bool names_investigation = true; ///< The resolving AlertUpdated carries the investigation's link.
};

[[nodiscard]] auto scenarios() noexcept -> std::span<const Scenario>;

} // namespace sluice::simulator
