// SPDX-License-Identifier: Apache-2.0
#include "simulator/traffic/story_writer.hpp"

#include "base/check.hpp"
#include "simulator/traffic/record_shape.hpp"
#include "simulator/traffic/text.hpp"

namespace sluice::simulator {

void StoryPlan::append_record(std::string& out, std::size_t step) const {
  StoryWriter{*this, step}.append(out);
}

StoryWriter::StoryWriter(const StoryPlan& plan, std::size_t step)
    : plan_{plan},
      scenario_{*plan.story_.scenario},
      step_{plan.steps_.at(step)},
      index_{step},
      network_message_id_{guid(30)},
      sender_{outside_address(plan.bits(31))},
      subject_{subject_line(plan.bits(32))} {
  internet_message_id_ = "<";
  append_hex(internet_message_id_, plan.bits(33), 16);
  internet_message_id_ += "@mail.example.net>";
  append_ip(sender_ip_, plan.bits(34));
}

void StoryWriter::append(std::string& out) const {
  switch (step_.kind) {
  case StepKind::mail:
    return append_mail(out);
  case StepKind::click:
    return append_click(out);
  case StepKind::submission:
    return append_submission(out);
  case StepKind::alert_triggered:
  case StepKind::alert_entity:
  case StepKind::alert_updated:
    return append_alert(out);
  case StepKind::investigation:
    return append_investigation(out);
  case StepKind::admin_action:
    return append_admin_action(out);
  case StepKind::quarantine:
    return append_quarantine(out);
  }
  check_failed("a step outside of its enumeration");
}

void StoryWriter::append_common(std::string& out,
                                std::string_view operation,
                                std::string_view user_id,
                                std::string_view user_key,
                                std::string_view workload) const {
  out += R"({"CreationTime":")";
  append_seconds(out, step_.created);
  // Observed: now and then the zone is written.
  out += plan_.bits(60 + index_) % 50 == 0 ? "Z" : "";
  const auto id = record_id(plan_.number_of(index_));
  const bool regular = user_id != user_key;
  fill(out,
       R"(","Id":"%id%","Operation":"%operation%","OrganizationId":"%tenant%","RecordType":%type%,)"
       R"("UserKey":"%user_key%","UserType":%user_type%,"Version":%version%,)"
       R"("Workload":"%workload%","UserId":"%user_id%",)",
       {{"id", id},
        {"operation", operation},
        {"tenant", plan_.world_->tenant_id},
        {"type", integer(plan_.record_type(step_))},
        {"user_key", user_key},
        {"user_type", integer(regular ? 0 : 4)},
        {"version", integer(1)},
        {"workload", workload},
        {"user_id", user_id}});
}

auto StoryWriter::integer(std::uint64_t value) const -> std::string {
  const auto digits = std::to_string(value);
  return scenario_.quirk == Quirk::numbers_as_text ? "\"" + digits + "\"" : digits;
}

auto StoryWriter::reporter(std::uint8_t report) const -> const Person& {
  const auto people = plan_.world_->people;
  return people[(plan_.bits(40) + report) % people.size()];
}

auto StoryWriter::guid(std::uint64_t salt) const -> std::string {
  return Guid::of(plan_.bits(salt)).text();
}

auto StoryWriter::time(DateTime moment) const -> std::string {
  std::string text;
  append_ticks(text, moment);
  return text;
}

} // namespace sluice::simulator
