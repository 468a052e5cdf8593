// SPDX-License-Identifier: Apache-2.0
#include "relevance/cases/air_json.hpp"

#include <iterator>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/date_time.hpp"
#include "kql/conversion.hpp"
#include "kql/dynamic.hpp"
#include "record/json_text.hpp"
#include "relevance/cases/air_document.hpp"
#include "relevance/cases/case_text.hpp"

namespace sluice::relevance {
namespace {

namespace dom = simdjson::dom;

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

void take_alert_member(std::string_view key, dom::element value, AlertFacts& facts) {
  auto& entity = facts.entity;
  if (key == "ail") {
    facts.investigation = investigation_of_link(scalar(value));
  } else if (key == "cid") {
    facts.data_policy = normal_id(scalar(value));
  } else if (key == "an") {
    facts.data_name = scalar(value);
  } else if (key == "f3u") {
    facts.user = scalar(value);
  } else if (key == "ts") {
    facts.window_start = time_of(value);
  } else if (key == "etype") {
    entity.type = scalar(value);
  } else if (key == "eid") {
    entity.id = scalar(value);
  } else if (key == "suid") {
    entity.reporter = scalar(value);
  } else if (key == "aii") {
    entity.network_message_id = normal_id(scalar(value));
  } else if (key == "imsgid") {
    entity.internet_message_id = scalar(value);
  } else if (key == "ms") {
    entity.subject = scalar(value);
  } else if (key == "tsd") {
    entity.sender = scalar(value);
  } else if (key == "sip") {
    entity.sender_ip = scalar(value);
  } else if (key == "trc") {
    entity.recipient = scalar(value);
  } else if (key == "at") {
    entity.activity = time_of(value);
  } else if (key == "zu") {
    entity.url = scalar(value);
  } else if (key == "etps") {
    const auto text = scalar(value);
    entity.submission = normal_id(particular(text, "SubmissionId"));
    entity.rescan_verdict = particular(text, "RescanVerdict");
    entity.original_verdict = particular(text, "OriginalVerdict");
  }
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

void take_file(dom::object file, InvestigationData& data) {
  MessageFile made;
  for (const auto field : file) {
    if (field.key == "Name") {
      made.name = scalar(field.value);
    } else if (field.key == "MalwareFamily") {
      made.malware = scalar(field.value);
    } else if (field.key == "FileHashes") {
      each_item(field.value, most_listed, [&](dom::element item) {
        dom::object hash;
        if (item.get_object().get(hash) != simdjson::SUCCESS) {
          return;
        }
        const auto algorithm = member(hash, "Algorithm");
        const auto value = member(hash, "Value");
        if (algorithm && value && normal_status(scalar(*algorithm)) == "sha256") {
          made.sha256 = scalar(*value);
        }
      });
    }
  }
  if (made != MessageFile{} && data.files.size() <= most_listed) {
    data.files.insert(made);
  }
}

/// Of several messages the first one is the reported one; all of them count for links.
void take_message(dom::object message, InvestigationData& data, bool is_first) {
  for (const auto field : message) {
    const auto key = field.key;
    if (key == "NetworkMessageId" || key == "InternetMessageId") {
      add(data.message_ids, normal_id(scalar(field.value)));
    } else if (key == "Urls") {
      add_all(data.urls, field.value);
    } else if (key == "Threats") {
      add_all(data.threats, field.value);
    } else if (key == "Files") {
      each_item(field.value, most_listed + 1, [&](dom::element item) {
        dom::object file;
        if (item.get_object().get(file) == simdjson::SUCCESS) {
          take_file(file, data);
        }
      });
    }
    if (!is_first) {
      continue;
    }
    if (key == "NetworkMessageId") {
      data.network_message_id = normal_id(scalar(field.value));
    } else if (key == "InternetMessageId") {
      data.internet_message_id = scalar(field.value);
    } else if (key == "Subject") {
      data.subject = scalar(field.value);
    } else if (key == "Sender") {
      data.sender = scalar(field.value);
    } else if (key == "SenderIP") {
      data.sender_ip = scalar(field.value);
    } else if (key == "Recipient") {
      data.recipient = scalar(field.value);
    } else if (key == "DeliveryAction") {
      data.delivery_action = scalar(field.value);
    } else if (key == "DeliveryLocation") {
      data.delivery_location = scalar(field.value);
    }
  }
}

/// True when it was a message.
auto take_entity(dom::object entity, InvestigationData& data, bool has_message) -> bool {
  const auto type = member(entity, "Type");
  const auto name = type ? normal_status(scalar(*type)) : std::string{};
  const auto text = [&](std::string_view key) {
    const auto value = member(entity, key);
    return value ? scalar(*value) : std::string_view{};
  };
  if (name == "mailmessage") {
    take_message(entity, data, !has_message);
    return true;
  }
  if (name == "mailbox") {
    const auto upn = text("Upn");
    add(data.reporters, normal_address(upn.empty() ? text("MailboxPrimaryAddress") : upn));
  } else if (name == "url") {
    add(data.urls, text("Url"));
  } else if (name == "file") {
    take_file(entity, data);
  }
  return false;
}

void take_links(dom::element links, ReusedSet<std::string>& alerts) {
  each_item(links, most_listed + 1, [&](dom::element item) {
    dom::object link;
    if (item.get_object().get(link) == simdjson::SUCCESS) {
      if (const auto href = member(link, "Href")) {
        add(alerts, alert_of_link(scalar(*href)));
      }
    }
  });
}

} // namespace

AirJson::AirJson()
    : document_{std::make_unique<AirDocument>()},
      actions_{std::make_unique<AirDocument>()} {}
AirJson::AirJson(AirJson&&) noexcept = default;
auto AirJson::operator=(AirJson&&) noexcept -> AirJson& = default;
AirJson::~AirJson() = default;

auto AirJson::read_alert(std::string_view raw, AlertFacts& facts) -> bool {
  dom::element root;
  const auto found = document_->open(raw, root);
  if (found != AirDocument::Found::object) {
    return found == AirDocument::Found::nothing;
  }
  const dom::object object = root.get_object().value_unsafe();
  for (const auto field : object) {
    take_alert_member(field.key, field.value, facts);
  }
  return true;
}

auto AirJson::read_investigation(std::string_view raw, InvestigationFacts& facts) -> bool {
  dom::element root;
  const auto found = document_->open(raw, root);
  if (found != AirDocument::Found::object) {
    return found == AirDocument::Found::nothing;
  }
  auto& data = facts.data;
  std::optional<dom::element> entities;
  std::optional<dom::element> links;
  std::int64_t logged = 0;
  facts.has_data = true;
  const dom::object object = root.get_object().value_unsafe();
  for (const auto field : object) {
    const auto key = field.key;
    if (key == "ProviderAlertId") {
      data.alert = normal_id(scalar(field.value));
    } else if (key == "AlertType") {
      data.policy = normal_id(scalar(field.value));
    } else if (key == "AlertDisplayName") {
      data.alert_name = scalar(field.value);
    } else if (key == "Severity") {
      data.severity = scalar(field.value);
    } else if (key == "Status") {
      data.alert_status = scalar(field.value);
    } else if (key == "TimeGenerated") {
      data.generated = time_of(field.value);
    } else if (key == "StartTimeUtc") {
      data.start = time_of(field.value);
    } else if (key == "ProcessingEndTime") {
      facts.stamp.processed = time_of(field.value);
    } else if (key == "LogCreationTime") {
      logged = time_of(field.value);
    } else if (key == "ExtendedLinks") {
      links = field.value;
    } else if (key == "Entities") {
      entities = field.value;
    }
  }
  facts.stamp.processed = facts.stamp.processed == 0 ? logged : facts.stamp.processed;
  if (links) {
    take_links(*links, facts.linked_alerts);
  }
  if (entities) {
    bool has_message = false;
    each_item(*entities, most_entities, [&](dom::element item) {
      if (const auto entity = document_->object_of(item)) {
        has_message = take_entity(*entity, data, has_message) || has_message;
      }
    });
  }
  return true;
}

namespace {

void take_action(dom::object object, CaseAction& action, ReusedSet<std::string>& related_alerts) {
  for (const auto field : object) {
    const auto key = field.key;
    if (key == "ActionId") {
      action.id = scalar(field.value);
    } else if (key == "ActionType") {
      action.type = scalar(field.value);
    } else if (key == "ActionStatus") {
      action.status = scalar(field.value);
    } else if (key == "ActionApproval") {
      action.approval = scalar(field.value);
    } else if (key == "ApprovedBy") {
      action.approved_by = scalar(field.value);
    } else if (key == "BulkName") {
      action.name = scalar(field.value);
    } else if (key == "StartTimeUtc") {
      action.start = time_of(field.value);
    } else if (key == "EndTimeUtc") {
      action.end = time_of(field.value);
    } else if (key == "RelatedAlertIds") {
      each_item(field.value, most_entities, [&](dom::element item) {
        add(related_alerts, normal_id(scalar(item)));
      });
    }
  }
}

} // namespace

auto AirJson::read_actions(std::string_view raw, InvestigationFacts& facts) -> bool {
  dom::element list;
  const auto listed = actions_->open(raw, list);
  if (listed != AirDocument::Found::array) {
    return listed == AirDocument::Found::nothing;
  }
  bool all = true;
  each_item(list, most_listed + 1, [&](dom::element item) {
    std::string_view text;
    auto found = item.is_object() ? AirDocument::Found::object : AirDocument::Found::nonsense;
    if (item.get_string().get(text) == simdjson::SUCCESS) {
      found = text.empty() ? AirDocument::Found::nothing : document_->open_text(text, item);
    }
    if (found == AirDocument::Found::object) {
      take_action(item.get_object().value_unsafe(), facts.actions.add(), facts.related_alerts);
    }
    all = all && (found == AirDocument::Found::object || found == AirDocument::Found::nothing);
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
