// SPDX-License-Identifier: Apache-2.0
#include "relevance/cases/air_json.hpp"

#include <algorithm>
#include <string>

#include "base/date_time.hpp"
#include "kql/conversion.hpp"
#include "kql/dynamic.hpp"
#include "relevance/cases/air_document.hpp"
#include "relevance/cases/air_members.hpp"
#include "relevance/cases/case_text.hpp"

namespace sluice::relevance {
namespace {

constexpr std::size_t most_entities = 4096;

/// `SubmissionId:<guid>;RescanVerdict:Phish;...`
auto particular(std::string_view text, std::string_view name) -> std::string_view {
  while (!text.empty()) {
    const auto end = std::min(text.find(';'), text.size());
    const auto part = text.substr(0, end);
    if (part.size() > name.size() && part.starts_with(name) && part[name.size()] == ':') {
      return part.substr(name.size() + 1);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

} // namespace

auto ticks_of(std::string_view text) -> std::int64_t {
  if (text.empty() || text.size() > 64) {
    return 0;
  }
  auto time = parse_iso8601(text);
  if (!time) {
    time = kql::parse_datetime(text);
  }
  // The year 1 is how the service writes "not set"; nothing real is older than the year 1900.
  constexpr std::int64_t year_1900 = 599'266'080'000'000'000;
  return time && time->since_year_one.count() >= year_1900 ? time->since_year_one.count() : 0;
}

namespace {

using Entity = Picked<in_entity::Key>;

void take_file(const Entity& file, InvestigationData& data) {
  MessageFile made;
  made.name = file.text(in_entity::name);
  made.malware = file.text(in_entity::malware);
  each_item(file[in_entity::hashes], most_listed, [&](JsonValue hash) {
    if (normal_status(scalar(hash.member("Algorithm"))) == "sha256") {
      made.sha256 = scalar(hash.member("Value"));
    }
  });
  if (made != MessageFile{} && data.files.size() <= most_listed) {
    data.files.insert(made);
  }
}

/// Of several messages the first one is the reported one; all of them count for links.
void take_message(const Entity& message, InvestigationData& data, bool is_first) {
  using namespace in_entity;
  add(data.message_ids, message.id(network_message_id).view());
  add(data.message_ids, message.id(internet_message_id).view());
  add_all(data.urls, message[urls]);
  add_all(data.threats, message[threats]);
  each_item(
      message[files], most_listed + 1, [&](JsonValue file) { take_file({file, names}, data); });
  if (!is_first) {
    return;
  }
  data.network_message_id = message.id(network_message_id).view();
  data.internet_message_id = message.text(internet_message_id);
  data.subject = message.text(subject);
  data.sender = message.text(sender);
  data.sender_ip = message.text(sender_ip);
  data.recipient = message.text(recipient);
  data.delivery_action = message.text(delivery_action);
  data.delivery_location = message.text(delivery_location);
}

/// True when it was a message.
auto take_entity(const Entity& entity, InvestigationData& data, bool has_message) -> bool {
  const auto type = normal_status(entity.text(in_entity::type));
  if (type == "mailmessage") {
    take_message(entity, data, !has_message);
    return true;
  }
  if (type == "mailbox") {
    const bool has_upn = !entity.text(in_entity::upn).empty();
    add(data.reporters, normal_address(entity.text(has_upn ? in_entity::upn : in_entity::address)));
  } else if (type == "url") {
    add(data.urls, entity.text(in_entity::url));
  } else if (type == "file") {
    take_file(entity, data);
  }
  return false;
}

} // namespace

AirJson::AirJson()
    : document_{std::make_unique<AirDocument>()},
      actions_{std::make_unique<AirDocument>()} {}
AirJson::AirJson(AirJson&&) noexcept = default;
auto AirJson::operator=(AirJson&&) noexcept -> AirJson& = default;
AirJson::~AirJson() = default;

auto AirJson::read_alert(std::string_view raw, AlertFacts& facts) -> bool {
  using namespace in_alert;
  const auto found = document_->open(raw);
  if (found != AirDocument::Found::object) {
    return found == AirDocument::Found::nothing;
  }
  const Picked<Key> data{document_->root(), names};
  facts.investigation = investigation_of_link(data.text(ail));
  facts.data_policy = data.id(cid).view();
  facts.data_name = data.text(an);
  facts.user = data.text(f3u);
  facts.window_start = data.time(ts);
  auto& entity = facts.entity;
  entity.type = data.text(etype);
  entity.id = data.text(eid);
  entity.reporter = data.text(suid);
  entity.network_message_id = data.id(aii).view();
  entity.internet_message_id = data.text(imsgid);
  entity.subject = data.text(ms);
  entity.sender = data.text(tsd);
  entity.sender_ip = data.text(sip);
  entity.recipient = data.text(trc);
  entity.activity = data.time(at);
  entity.url = data.text(zu);
  const auto particulars = data.text(etps);
  entity.submission = normal_id(particular(particulars, "SubmissionId")).view();
  entity.rescan_verdict = particular(particulars, "RescanVerdict");
  entity.original_verdict = particular(particulars, "OriginalVerdict");
  return true;
}

auto AirJson::read_investigation(std::string_view raw, InvestigationFacts& facts) -> bool {
  using namespace in_data;
  const auto found = document_->open(raw);
  if (found != AirDocument::Found::object) {
    return found == AirDocument::Found::nothing;
  }
  const Picked<Key> said{document_->root(), names};
  facts.has_data = true;
  auto& data = facts.data;
  data.alert = said.id(alert).view();
  data.policy = said.id(policy).view();
  data.alert_name = said.text(alert_name);
  data.severity = said.text(severity);
  data.alert_status = said.text(status);
  data.generated = said.time(generated);
  data.start = said.time(start);
  const auto end = said.time(processed);
  facts.stamp.processed = end == 0 ? said.time(logged) : end;
  each_item(said[links], most_listed + 1, [&](JsonValue link) {
    add(facts.linked_alerts, alert_of_link(scalar(link.member("Href"))));
  });
  bool has_message = false;
  each_item(said[entities], most_entities, [&](JsonValue item) {
    const Entity entity{document_->object_of(item), in_entity::names};
    has_message = take_entity(entity, data, has_message) || has_message;
  });
  return true;
}

namespace {

void take_action(JsonValue object, CaseAction& action, ReusedSet<std::string>& related_alerts) {
  using namespace in_action;
  const Picked<Key> said{object, names};
  action.id = said.text(id);
  action.type = said.text(type);
  action.status = said.text(status);
  action.approval = said.text(approval);
  action.approved_by = said.text(approved_by);
  action.name = said.text(name);
  action.start = said.time(start);
  action.end = said.time(end);
  each_item(said[related], most_entities, [&](JsonValue item) {
    add(related_alerts, normal_id(scalar(item)).view());
  });
}

} // namespace

auto AirJson::read_actions(std::string_view raw, InvestigationFacts& facts) -> bool {
  const auto listed = actions_->open(raw);
  if (listed != AirDocument::Found::array) {
    return listed == AirDocument::Found::nothing;
  }
  bool all = true;
  each_item(actions_->root(), most_listed + 1, [&](JsonValue item) {
    const bool is_text = item.kind() == record::JsonKind::string;
    const auto found = is_text ? document_->open(item) : AirDocument::Found::nonsense;
    if (found == AirDocument::Found::object || item.kind() == record::JsonKind::object) {
      take_action(is_text ? document_->root() : item, facts.actions.add(), facts.related_alerts);
    } else {
      all = all && found == AirDocument::Found::nothing;
    }
  });
  return all;
}

auto AirJson::cut(InvestigationFacts& facts) -> bool {
  const auto cut_one = [](auto& list) {
    const bool too_long = list.size() > most_listed;
    if (too_long) {
      list.drop_last();
    }
    return too_long;
  };
  auto& data = facts.data;
  bool any = cut_one(facts.actions);
  any |= cut_one(facts.related_alerts);
  any |= cut_one(facts.linked_alerts);
  any |= cut_one(data.message_ids);
  any |= cut_one(data.reporters);
  any |= cut_one(data.threats);
  any |= cut_one(data.urls);
  any |= cut_one(data.files);
  return any;
}

} // namespace sluice::relevance
