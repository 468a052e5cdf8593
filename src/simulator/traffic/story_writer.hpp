// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "simulator/traffic/story.hpp"

namespace sluice::simulator {

/// Writes one record of a story as JSON, with the shapes and oddities that were documented or
/// observed for its type. Lives for one record.
class StoryWriter {
public:
  /// `plan` must outlive the writer.
  StoryWriter(const StoryPlan& plan, std::size_t step);

  void append(std::string& out) const;

private:
  // story_mail.cpp: what happens around the message.
  void append_mail(std::string& out) const;
  void append_click(std::string& out) const;
  void append_submission(std::string& out) const;
  void append_admin_action(std::string& out) const;
  void append_quarantine(std::string& out) const;
  // story_alert.cpp
  void append_alert(std::string& out) const;
  [[nodiscard]] auto alert_data() const -> std::string;
  [[nodiscard]] auto entity_data() const -> std::string;
  [[nodiscard]] auto entity_type() const -> std::string_view;
  [[nodiscard]] auto entity_id() const -> std::string_view;
  [[nodiscard]] auto entity_particulars() const -> std::string;
  [[nodiscard]] auto policy_name() const -> std::string_view;
  [[nodiscard]] auto policy_id() const -> std::string;
  // story_investigation.cpp
  void append_investigation(std::string& out) const;
  [[nodiscard]] auto investigation_name() const -> std::string;
  [[nodiscard]] auto investigation_data() const -> std::string;
  [[nodiscard]] auto extended_links() const -> std::string;
  [[nodiscard]] auto entities() const -> std::string;
  [[nodiscard]] auto mail_cluster() const -> std::string;
  [[nodiscard]] auto actions() const -> std::string;
  [[nodiscard]] auto action(std::uint8_t number) const -> std::string;

  /// `{` and the fields that every record has, a comma behind the last.
  void append_common(std::string& out,
                     std::string_view operation,
                     std::string_view user_id,
                     std::string_view user_key,
                     std::string_view workload) const;
  /// `15` or, in stories that have that quirk, `"15"`.
  [[nodiscard]] auto integer(std::uint64_t value) const -> std::string;
  [[nodiscard]] auto reporter(std::uint8_t report) const -> const Person&;
  [[nodiscard]] auto guid(std::uint64_t salt) const -> std::string;
  [[nodiscard]] auto time(DateTime moment) const -> std::string;

  const StoryPlan& plan_;
  const Scenario& scenario_;
  const Step& step_;
  std::size_t index_;
  // The message that it is all about.
  std::string network_message_id_;
  std::string internet_message_id_;
  std::string sender_ip_;
  std::string_view sender_;
  std::string_view subject_;
};

} // namespace sluice::simulator
