// SPDX-License-Identifier: Apache-2.0
#include "simulator/traffic/story.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "simulator/traffic/text.hpp"

namespace sluice::simulator {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// Keeps the Ids of stories apart from those of everyday records.
constexpr std::uint64_t story_space = 0xF0ULL << 56U;

auto up_to_quarter_hour(DateTime time) -> DateTime {
  const auto window = Ticks{minutes{15}}.count();
  return {Ticks{(time.since_year_one.count() / window + 1) * window}};
}

/// Seconds between a status and the one before it.
auto seconds_before(std::string_view status, std::string_view previous) -> std::int64_t {
  const bool was_pending = previous.starts_with("Pending");
  if (was_pending && status.starts_with("Terminated")) {
    return seconds{days{7}}.count(); // Documented: an action waits for a week at most.
  }
  if (was_pending) {
    return seconds{hours{5}}.count();
  }
  return status.starts_with("Pending") ? 40 * 60 : 9 * 60;
}

auto name_of(Outcome outcome) -> std::string_view {
  switch (outcome) {
  case Outcome::awaiting_action:
    return "AwaitingAction";
  case Outcome::finished:
    return "Finished";
  case Outcome::aborted:
    return "Aborted";
  case Outcome::unseen:
    return "Unknown";
  case Outcome::none:
  case Outcome::in_progress:
    break;
  }
  return {};
}

auto seconds_of_story(const Scenario& scenario) -> std::int64_t {
  std::int64_t sum = 3'600 + 900 * scenario.alerts;
  std::string_view previous;
  for (const auto status : scenario.statuses) {
    sum += status.empty() ? 0 : seconds_before(status, previous);
    previous = status;
  }
  return sum;
}

} // namespace

StoryPlan::StoryPlan(const Story& story, const StoryWorld& world)
    : story_{story},
      world_{&world},
      bits_{scrambled(world.seed ^ scrambled(story.number + 1))} {
  const auto length = (world.end - world.start).count();
  const auto& scenario = *story_.scenario;
  // A story that needs days starts early; the others anywhere in the first three quarters.
  const bool slow = seconds_of_story(scenario) > seconds{days{1}}.count();
  const auto room = static_cast<std::uint64_t>(slow ? length / 12 : length * 3 / 4);
  reported_ = world.start + Ticks{length / 50} + Ticks{static_cast<std::int64_t>(bits(1) % room)};
  window_end_ = up_to_quarter_hour(reported_ + minutes{3});
  const auto left = std::chrono::duration<double>(world.end - window_end_ - minutes{30}).count();
  pace_ = std::min(1.0, left / static_cast<double>(seconds_of_story(scenario)));

  plan_reports();
  if (scenario.policy != nullptr) {
    for (std::uint8_t alert = 0; alert < scenario.alerts; ++alert) {
      plan_alert(alert);
    }
    plan_investigation();
    plan_end();
  }
}

auto StoryPlan::bits(std::uint64_t salt) const noexcept -> std::uint64_t {
  return scrambled(bits_ + salt * 0x9E3779B97F4A7C15U);
}

auto StoryPlan::at(std::int64_t seconds_after_window) const noexcept -> DateTime {
  const auto paced = static_cast<double>(seconds_after_window) * pace_ * 10'000'000.0;
  return window_end_ + Ticks{static_cast<std::int64_t>(paced)};
}

void StoryPlan::add(Step step, Ticks lag) {
  const auto choice = bits(100 + steps_.size());
  const bool late = story_.scenario->quirk == Quirk::late;
  const auto extra =
      late ? Ticks{hours{1}} + Ticks{static_cast<std::int64_t>(
                                   choice % static_cast<std::uint64_t>(Ticks{days{4}}.count()))}
           : Ticks{static_cast<std::int64_t>(
                 choice % static_cast<std::uint64_t>(Ticks{minutes{50}}.count()))};
  step.ingested =
      std::min(step.created + lag + extra, world_->end - Ticks{std::chrono::milliseconds{1}});
  steps_.push_back(step);
}

void StoryPlan::plan_reports() {
  const auto& scenario = *story_.scenario;
  const auto* policy = scenario.policy;
  const bool click = policy != nullptr && policy->operation == "MaliciousUrlClick";
  const bool dlp = policy != nullptr && policy->operation == "DlpRuleMatch";
  const bool submission = policy == nullptr || policy->operation == "UserSubmission" ||
                          policy->operation == "AdminSubmission";
  if (!dlp) {
    add({.kind = StepKind::mail, .status = {}, .created = reported_ - minutes{40}, .ingested = {}},
        minutes{2});
  }
  if (click || bits(2) % 3 == 0) {
    add({.kind = StepKind::click, .status = {}, .created = reported_ - minutes{9}, .ingested = {}},
        minutes{2});
  }
  for (std::uint8_t report = 0; submission && report < scenario.reports; ++report) {
    add({.kind = StepKind::submission,
         .report = report,
         .status = {},
         .created = reported_ + seconds{50} * report,
         .ingested = {}},
        minutes{2});
  }
}

void StoryPlan::plan_alert(std::uint8_t alert) {
  const auto quirk = story_.scenario->quirk;
  if (quirk == Quirk::no_alert_records) {
    return;
  }
  const auto begin = 120 + std::int64_t{900} * alert;
  const Ticks lag = quirk == Quirk::investigation_first ? Ticks{hours{10}} : Ticks{minutes{2}};
  if (quirk != Quirk::no_trigger_record) {
    add({.kind = StepKind::alert_triggered,
         .alert = alert,
         .status = "Active",
         .created = at(begin),
         .ingested = {}},
        lag);
  }
  for (std::uint8_t report = 0; report < story_.scenario->reports; ++report) {
    add({.kind = StepKind::alert_entity,
         .alert = alert,
         .report = report,
         .status = "Active",
         .created = at(begin + 5),
         .ingested = {}},
        lag);
  }
  const bool investigated = !story_.scenario->statuses[0].empty();
  if (investigated || story_.scenario->reports > 1) {
    add({.kind = StepKind::alert_updated,
         .alert = alert,
         .report = static_cast<std::uint8_t>(story_.scenario->reports - 1),
         .status = investigated ? "Investigating" : "Active",
         .created = at(begin + 200),
         .ingested = {}},
        lag);
  }
}

void StoryPlan::plan_investigation() {
  const auto& scenario = *story_.scenario;
  std::int64_t second = 200 + std::int64_t{900} * (scenario.alerts - 1);
  std::string_view previous;
  for (std::uint8_t i = 0; i < scenario.statuses.size() && !scenario.statuses.at(i).empty(); ++i) {
    const auto status = scenario.statuses.at(i);
    second += seconds_before(status, previous);
    if (previous.starts_with("Pending") && !status.starts_with("Terminated")) {
      add({.kind = StepKind::admin_action,
           .status = {},
           .created = at(second - 60),
           .ingested = {}},
          minutes{2});
    }
    add({.kind = StepKind::investigation,
         .status_index = i,
         .status = status,
         .created = at(second),
         .ingested = {}},
        minutes{3});
    previous = status;
  }
  last_second_ = second;
}

void StoryPlan::plan_end() {
  const auto& scenario = *story_.scenario;
  const bool investigated = scenario.outcome != Outcome::none;
  if (scenario.resolved && scenario.quirk != Quirk::no_alert_records) {
    for (std::uint8_t alert = 0; alert < scenario.alerts; ++alert) {
      add({.kind = StepKind::alert_updated,
           .alert = alert,
           .status = "Resolved",
           .names_investigation = investigated && scenario.names_investigation,
           .created = at(last_second_ + 240 + alert),
           .ingested = {}},
          minutes{2});
    }
  }
  if (!steps_.empty() &&
      std::ranges::find(scenario.statuses, "Remediated") != scenario.statuses.end()) {
    add({.kind = StepKind::quarantine,
         .status = {},
         .created = at(last_second_ + 900),
         .ingested = {}},
        minutes{2});
  }
}

auto StoryPlan::record_type(const Step& step) const noexcept -> std::uint16_t {
  switch (step.kind) {
  case StepKind::mail:
    return 28;
  case StepKind::click:
    return 41;
  case StepKind::submission:
    return 29;
  case StepKind::alert_triggered:
  case StepKind::alert_entity:
  case StepKind::alert_updated:
    return 40;
  case StepKind::investigation:
    return 64;
  case StepKind::admin_action:
    return 89;
  case StepKind::quarantine:
    return 65;
  }
  check_failed("a step outside of its enumeration");
}

auto StoryPlan::relevant(const Step& step) const noexcept -> bool {
  const auto type = record_type(step);
  const auto* policy = story_.scenario->policy;
  return policy != nullptr && policy->user_reported_phish && (type == 40 || type == 64);
}

auto StoryPlan::number_of(std::size_t step) const noexcept -> std::uint64_t {
  return (story_space | story_.number << 8U | step) ^ scrambled(world_->seed);
}

auto StoryPlan::alert_id(std::uint8_t alert) const -> std::string {
  // Observed: the last twelve digits are the upper 48 bits of the window's end in ticks.
  const auto end = window_end_ + minutes{15} * alert;
  const auto window = static_cast<std::uint64_t>(end.since_year_one.count()) >> 16U;
  return Guid{bits(10 + alert), (bits(15 + alert) << 48U) | window}.text();
}

auto StoryPlan::investigation_id() const -> std::string {
  // Observed: the type is cut after 24 characters.
  std::string id = "urn:";
  id += story_.scenario->policy->investigation_type.substr(0, 24);
  id += ':';
  append_hex(id, bits(20), 16);
  append_hex(id, bits(21), 16);
  return id;
}

auto StoryPlan::has(StepKind kind) const noexcept -> bool {
  return std::ranges::find(steps_, kind, &Step::kind) != steps_.end();
}

auto StoryPlan::ties_by(Quirk only) const noexcept -> bool {
  const auto quirk = story_.scenario->quirk;
  const bool exclusive = quirk >= Quirk::only_provider_id && quirk <= Quirk::only_message;
  return exclusive ? quirk == only : only != Quirk::only_message;
}

auto StoryPlan::last_alert_status() const noexcept -> std::string_view {
  std::string_view last;
  for (const auto& step : steps_) {
    last = record_type(step) == 40 ? step.status : last;
  }
  return last;
}

auto StoryPlan::cases() const -> std::vector<Case> {
  const auto& scenario = *story_.scenario;
  std::vector<Case> cases;
  if (scenario.policy == nullptr || !scenario.policy->user_reported_phish) {
    return cases;
  }
  const bool named =
      scenario.resolved && scenario.names_investigation && scenario.outcome != Outcome::none &&
      scenario.quirk != Quirk::no_alert_records && scenario.quirk != Quirk::empty_alert_data;
  const bool has_investigation = has(StepKind::investigation);
  const bool has_data = scenario.quirk != Quirk::no_investigation_data;
  const bool has_actions = std::ranges::any_of(
      scenario.statuses, [](std::string_view each) { return each.starts_with("Pending"); });
  std::string_view status;
  for (const auto& step : steps_) {
    status = step.kind == StepKind::investigation ? step.status : status;
  }
  for (std::uint8_t alert = 0; alert < scenario.alerts; ++alert) {
    Case found{alert_id(alert),
               scenario.outcome == Outcome::none ? std::string{} : investigation_id(),
               status,
               last_alert_status(),
               scenario.outcome == Outcome::awaiting_action ||
                   scenario.outcome == Outcome::finished || scenario.outcome == Outcome::unseen,
               name_of(scenario.outcome),
               {}};
    const auto add = [&](std::string_view link, Quirk only, bool there) {
      if (there && ties_by(only)) {
        found.links.push_back(link);
      }
    };
    const bool in_data = has_investigation && has_data && alert == 0;
    add("provider_alert_id", Quirk::only_provider_id, in_data);
    add("related_alert_ids", Quirk::only_related_ids, has_investigation && has_actions);
    add("ail", Quirk::only_ail, named);
    add("extended_link", Quirk::only_extended_link, in_data);
    add("message", Quirk::only_message, in_data);
    cases.push_back(std::move(found));
  }
  return cases;
}

} // namespace sluice::simulator
