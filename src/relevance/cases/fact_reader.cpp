// SPDX-License-Identifier: Apache-2.0
#include "relevance/cases/fact_reader.hpp"

#include <array>
#include <cstddef>
#include <utility>

#include "record/json_text.hpp"
#include "relevance/cases/case_text.hpp"

namespace sluice::relevance {
namespace {

constexpr std::size_t longest_text = 2048;

/// Positions in `FactReader::fields()`.
enum Field : std::size_t {
  record_type,
  id,
  creation_time,
  organization,
  operation,
  data,
  status,
  alert_id,
  alert_type,
  name,
  policy,
  severity,
  category,
  source,
  comments,
  result_status,
  entity_id,
  entity_type,
  investigation_id,
  investigation_type,
  investigation_name,
  start_time,
  end_time,
  update_time,
  running_time,
  deep_link,
  actions,
  count
};

constexpr std::array<const char*, count> names{
    "RecordType",        "Id",           "CreationTime",    "OrganizationId",
    "Operation",         "Data",         "Status",          "AlertId",
    "AlertType",         "Name",         "PolicyId",        "Severity",
    "Category",          "Source",       "Comments",        "ResultStatus",
    "AlertEntityId",     "EntityType",   "InvestigationId", "InvestigationType",
    "InvestigationName", "StartTimeUtc", "EndTimeUtc",      "LastUpdateTimeUtc",
    "RunningTime",       "DeepLinkUrl",  "Actions"};

class Texts {
public:
  Texts(const record::ScannedRecord& record, std::string& storage)
      : record_{record},
        storage_{storage} {}

  /// The text of a field; of a number or boolean as it stands there. Good until the next call.
  [[nodiscard]] auto operator[](Field field) const -> std::string_view {
    const auto raw = record_.fields[field];
    switch (record::kind_of(raw)) {
    case record::JsonKind::string:
      return clipped(record::string_text(raw, storage_).value_or(""), longest_text);
    case record::JsonKind::number:
    case record::JsonKind::boolean:
      return clipped(raw, longest_text);
    default:
      return {};
    }
  }
  [[nodiscard]] auto time(Field field) const -> std::int64_t { return ticks_of((*this)[field]); }
  [[nodiscard]] auto number(Field field) const -> std::int64_t {
    return record::integer_of(record_.fields[field]).value_or(0);
  }

private:
  const record::ScannedRecord& record_;
  std::string& storage_;
};

auto operation_of(std::string_view operation) -> AlertFacts::Operation {
  return operation == "AlertTriggered"         ? AlertFacts::Operation::triggered
         : operation == "AlertEntityGenerated" ? AlertFacts::Operation::entity
         : operation == "AlertUpdated"         ? AlertFacts::Operation::updated
                                               : AlertFacts::Operation::other;
}

auto organization_of(const Texts& texts, std::string_view tenant) -> NormalId {
  const auto own = normal_id(texts[organization]);
  return own.view().empty() ? normal_id(tenant) : own;
}

template <class T>
auto emptied(FactReader::Facts& facts) -> T& {
  if (!std::holds_alternative<T>(facts)) {
    facts.emplace<T>();
  }
  auto& found = std::get<T>(facts);
  Empty{}(found);
  return found;
}

} // namespace

auto FactReader::fields() -> const std::vector<std::string>& {
  static const std::vector<std::string> all{names.begin(), names.end()};
  return all;
}

auto FactReader::read(const record::ScannedRecord& record, std::string_view tenant) -> Facts& {
  switch (record::integer_of(record.fields[record_type]).value_or(0)) {
  case 40:
    return alert(record, tenant);
  case 64:
  case 86: // No sample is public; it is expected in the same shape.
    return investigation(record, tenant);
  default:
    return nothing_;
  }
}

auto FactReader::alert(const record::ScannedRecord& record, std::string_view tenant) -> Facts& {
  const Texts texts{record, unescaped_};
  auto& facts = emptied<AlertFacts>(alert_);
  facts.alert = normal_id(texts[alert_id]).view();
  facts.stamp.record = normal_id(texts[id]).view();
  if (facts.alert.empty() || facts.stamp.record.empty()) {
    return nothing_;
  }
  facts.organization = organization_of(texts, tenant).view();
  facts.operation = operation_of(texts[operation]);
  facts.stamp.created = texts.time(creation_time);
  auto& text = facts.text;
  text.status = texts[status];
  text.comments = texts[comments];
  text.name = texts[name];
  text.policy = normal_id(texts[policy]).view();
  text.severity = texts[severity];
  text.category = texts[category];
  text.source = texts[source];
  text.type = texts[alert_type];
  text.result_status = texts[result_status];
  facts.data_unreadable = !json_.read_alert(record.fields[data], facts);
  if (facts.operation == AlertFacts::Operation::entity) {
    auto& entity = facts.entity;
    if (const auto given = texts[entity_id]; !given.empty()) {
      entity.id = given;
    }
    if (const auto given = texts[entity_type]; !given.empty()) {
      entity.type = given;
    }
    if (entity.reporter.empty() && entity.type == "User") {
      entity.reporter = entity.id;
    }
  }
  return alert_;
}

auto FactReader::investigation(const record::ScannedRecord& record, std::string_view tenant)
    -> Facts& {
  const Texts texts{record, unescaped_};
  auto& facts = emptied<InvestigationFacts>(investigation_);
  auto& head = facts.head;
  head.id = texts[investigation_id];
  facts.investigation = normal_investigation_id(head.id);
  facts.stamp.record = normal_id(texts[id]).view();
  if (facts.investigation.empty() || facts.stamp.record.empty()) {
    return nothing_;
  }
  head.type = texts[investigation_type];
  head.name = texts[investigation_name];
  head.status = texts[status];
  head.deep_link = texts[deep_link];
  head.start = texts.time(start_time);
  head.end = texts.time(end_time);
  head.updated = texts.time(update_time);
  head.running = texts.number(running_time);
  facts.organization = organization_of(texts, tenant).view();
  facts.stamp.created = texts.time(creation_time);
  facts.stamp.running = head.running;
  facts.stamp.updated = head.updated;
  facts.data_unreadable = !json_.read_investigation(record.fields[data], facts);
  facts.actions_unreadable = !json_.read_actions(record.fields[actions], facts);
  facts.cut_short = AirJson::cut(facts);
  return investigation_;
}

} // namespace sluice::relevance
