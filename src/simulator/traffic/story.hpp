// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date_time.hpp"
#include "simulator/traffic/people.hpp"
#include "simulator/traffic/scenario.hpp"

namespace sluice::simulator {

/// All that is kept of a story; the rest follows from it.
struct Story {
  const Scenario* scenario;
  std::uint64_t number; ///< Below 2^40; different for each story of the tenant.
};

/// What stories are told in.
struct StoryWorld {
  std::uint64_t seed;
  std::string_view tenant_id;
  DateTime start;
  DateTime end; ///< Nothing is ingested at or after it. At least a day after `start`.
  std::span<const Person> people;
};

enum class StepKind : std::uint8_t {
  mail,            ///< 28: the message as it was judged on arrival.
  click,           ///< 41
  submission,      ///< 29: a user reports, or an administrator submits.
  alert_triggered, ///< 40, and the next two
  alert_entity,
  alert_updated,
  investigation, ///< 64
  admin_action,  ///< 89: somebody approves.
  quarantine,    ///< 65
};

/// One record of a story.
struct Step {
  StepKind kind;
  std::uint8_t alert = 0;           ///< Which of the story's alerts.
  std::uint8_t report = 0;          ///< Which of its reports.
  std::uint8_t status_index = 0;    ///< Which of the scenario's statuses.
  std::string_view status;          ///< Of the alert or of the investigation.
  bool names_investigation = false; ///< An AlertUpdated with the link.
  DateTime created;
  DateTime ingested;
};

/// An alert joined with an investigation, as it stands when all records are in.
struct Case {
  std::string alert_id;
  std::string investigation_id; ///< Empty when there is none.
  std::string_view status;      ///< The investigation's last one; empty when no record told it.
  std::string_view alert_status;
  bool processed;
  std::string_view outcome; ///< As `sluice cases` calls it; empty when it never becomes a case.
  std::vector<std::string_view> links; ///< Which records tie the two together.
};

/// A story told out: its records and what must come out of it.
class StoryPlan {
public:
  /// `world` must outlive the plan.
  StoryPlan(const Story& story, const StoryWorld& world);

  [[nodiscard]] auto steps() const noexcept -> std::span<const Step> { return steps_; }
  [[nodiscard]] auto record_type(const Step& step) const noexcept -> std::uint16_t;
  /// Whether the default rules (user-reported phishing) are meant to keep it.
  [[nodiscard]] auto relevant(const Step& step) const noexcept -> bool;
  /// The record's Id comes from this number, see `record_id`.
  [[nodiscard]] auto number_of(std::size_t step) const noexcept -> std::uint64_t;
  void append_record(std::string& out, std::size_t step) const;

  /// The cases of a user-reported phish; none for other stories.
  [[nodiscard]] auto cases() const -> std::vector<Case>;

private:
  friend class StoryWriter;

  void add(Step step, Ticks lag);
  void plan_reports();
  void plan_alert(std::uint8_t alert);
  void plan_investigation();
  void plan_end();
  [[nodiscard]] auto bits(std::uint64_t salt) const noexcept -> std::uint64_t;
  [[nodiscard]] auto has(StepKind kind) const noexcept -> bool;
  /// Whether the records tie alert and investigation together in the way that `only` is about.
  [[nodiscard]] auto ties_by(Quirk only) const noexcept -> bool;
  [[nodiscard]] auto at(std::int64_t seconds) const noexcept -> DateTime;
  [[nodiscard]] auto alert_id(std::uint8_t alert) const -> std::string;
  [[nodiscard]] auto investigation_id() const -> std::string;
  [[nodiscard]] auto last_alert_status() const noexcept -> std::string_view;

  Story story_;
  const StoryWorld* world_;
  std::uint64_t bits_;
  DateTime reported_;            ///< The first report.
  DateTime window_end_;          ///< Of the policy's evaluation window: a full minute.
  double pace_ = 1.0;            ///< Below 1 when the story has to hurry to end within the world.
  std::int64_t last_second_ = 0; ///< Of the timeline so far, after `window_end_`.
  std::vector<Step> steps_;
};

} // namespace sluice::simulator
