// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "record/wanted_fields.hpp"
#include "relevance/cases/air_document.hpp"
#include "relevance/cases/case_text.hpp"

/// Private to `air_json`: the members that cases are made of, among the many that there are.
namespace sluice::relevance {

/// The values of some members of an object. `Key` is an enumeration of them that ends in `count`.
template <class Key>
class Picked {
public:
  Picked(JsonValue object, const record::WantedFields& names) { object.pick(names, values_); }

  [[nodiscard]] auto operator[](Key key) const -> JsonValue { return values_[key]; }
  /// Good until the next one is asked for.
  [[nodiscard]] auto text(Key key) const -> std::string_view { return scalar(values_[key]); }
  [[nodiscard]] auto id(Key key) const -> NormalId { return normal_id(text(key)); }
  [[nodiscard]] auto time(Key key) const -> std::int64_t { return time_of(values_[key]); }

private:
  std::array<JsonValue, Key::count> values_;
};

namespace in_alert {
enum Key : std::size_t {
  ail,
  cid,
  an,
  f3u,
  ts,
  etype,
  eid,
  suid,
  aii,
  imsgid,
  ms,
  tsd,
  sip,
  trc,
  at,
  zu,
  etps,
  count
};
inline const record::WantedFields names{{"ail",
                                         "cid",
                                         "an",
                                         "f3u",
                                         "ts",
                                         "etype",
                                         "eid",
                                         "suid",
                                         "aii",
                                         "imsgid",
                                         "ms",
                                         "tsd",
                                         "sip",
                                         "trc",
                                         "at",
                                         "zu",
                                         "etps"}};
} // namespace in_alert

namespace in_data {
enum Key : std::size_t {
  alert,
  policy,
  alert_name,
  severity,
  status,
  generated,
  start,
  processed,
  logged,
  links,
  entities,
  count
};
inline const record::WantedFields names{{"ProviderAlertId",
                                         "AlertType",
                                         "AlertDisplayName",
                                         "Severity",
                                         "Status",
                                         "TimeGenerated",
                                         "StartTimeUtc",
                                         "ProcessingEndTime",
                                         "LogCreationTime",
                                         "ExtendedLinks",
                                         "Entities"}};
} // namespace in_data

/// Of entities of all types: which one it is comes late.
namespace in_entity {
enum Key : std::size_t {
  type,
  upn,
  address,
  url,
  name,
  malware,
  hashes,
  network_message_id,
  internet_message_id,
  urls,
  threats,
  files,
  subject,
  sender,
  sender_ip,
  recipient,
  delivery_action,
  delivery_location,
  count
};
inline const record::WantedFields names{{"Type",
                                         "Upn",
                                         "MailboxPrimaryAddress",
                                         "Url",
                                         "Name",
                                         "MalwareFamily",
                                         "FileHashes",
                                         "NetworkMessageId",
                                         "InternetMessageId",
                                         "Urls",
                                         "Threats",
                                         "Files",
                                         "Subject",
                                         "Sender",
                                         "SenderIP",
                                         "Recipient",
                                         "DeliveryAction",
                                         "DeliveryLocation"}};
} // namespace in_entity

namespace in_action {
enum Key : std::size_t {
  id,
  type,
  status,
  approval,
  approved_by,
  name,
  start,
  end,
  related,
  count
};
inline const record::WantedFields names{{"ActionId",
                                         "ActionType",
                                         "ActionStatus",
                                         "ActionApproval",
                                         "ApprovedBy",
                                         "BulkName",
                                         "StartTimeUtc",
                                         "EndTimeUtc",
                                         "RelatedAlertIds"}};
} // namespace in_action

} // namespace sluice::relevance
