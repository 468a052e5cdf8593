// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "relevance/cases/reused.hpp"

/// What cases take from records: plain values, read once, every text of a bounded length. Times are
/// ticks since the year 1; 0 is "not said", which is also how the service says it.
namespace sluice::relevance {

/// When something was said and by which record. The greater stamp is the newer word.
struct Stamp {
  std::int64_t created = 0;   ///< CreationTime.
  std::int64_t processed = 0; ///< ProcessingEndTime, or else LogCreationTime, in Data.
  std::int64_t running = 0;   ///< RunningTime. Seconds.
  std::int64_t updated = 0;   ///< LastUpdateTimeUtc: lags and repeats (observed), so it comes last.
  std::string record = {};    ///< The record's Id.

  friend auto operator<=>(const Stamp&, const Stamp&) = default;
  static void each(auto& self, auto&& visit) {
    visit(self.created, self.processed, self.running, self.updated, self.record);
  }
};

/// What every record about an alert says of it.
struct AlertText {
  std::string status = {};
  std::string comments = {};
  std::string name = {};
  std::string policy = {};
  std::string severity = {};
  std::string category = {};
  std::string source = {};
  std::string type = {};
  std::string result_status = {};

  friend auto operator<=>(const AlertText&, const AlertText&) = default;
  static void each(auto& self, auto&& visit) {
    visit(self.status,
          self.comments,
          self.name,
          self.policy,
          self.severity,
          self.category,
          self.source,
          self.type,
          self.result_status);
  }
};

/// What an AlertEntityGenerated record tells about one report (or click, or removal).
struct ReportedEntity {
  std::string type = {};
  std::string id = {};
  std::string reporter = {};
  std::string network_message_id = {};
  std::string internet_message_id = {};
  std::string subject = {};
  std::string sender = {};
  std::string sender_ip = {};
  std::string recipient = {};
  std::string submission = {};
  std::string rescan_verdict = {};
  std::string original_verdict = {};
  std::string url = {};
  std::int64_t activity = 0; ///< When the person did it.

  friend auto operator<=>(const ReportedEntity&, const ReportedEntity&) = default;
  static void each(auto& self, auto&& visit) {
    visit(self.type,
          self.id,
          self.reporter,
          self.network_message_id,
          self.internet_message_id,
          self.subject,
          self.sender,
          self.sender_ip,
          self.recipient,
          self.submission,
          self.rescan_verdict,
          self.original_verdict,
          self.url,
          self.activity);
  }
};

/// A record of RecordType 40.
struct AlertFacts {
  enum class Operation : std::uint8_t { triggered, entity, updated, other };

  std::string organization = {};
  std::string alert = {}; ///< `normal_id`.
  Operation operation = Operation::other;
  Stamp stamp;
  AlertText text;
  std::string data_name = {};   ///< `an` in Data.
  std::string data_policy = {}; ///< `cid` in Data.
  std::string user = {};        ///< `f3u` in Data.
  std::int64_t window_start = 0;
  std::string investigation = {}; ///< The id that `ail` in Data leads to, as it is written there.
  ReportedEntity entity;
  bool data_unreadable = false;

  static void each(auto& self, auto&& visit) {
    visit(self.organization,
          self.alert,
          self.operation,
          self.stamp,
          self.text,
          self.data_name,
          self.data_policy,
          self.user,
          self.window_start,
          self.investigation,
          self.entity,
          self.data_unreadable);
  }
};

struct MessageFile {
  std::string name = {};
  std::string sha256 = {};
  std::string malware = {};

  friend auto operator<=>(const MessageFile&, const MessageFile&) = default;
  static void each(auto& self, auto&& visit) { visit(self.name, self.sha256, self.malware); }
};

/// What Data of an investigation says: the alert that began it, and the message.
struct InvestigationData {
  std::string alert = {}; ///< ProviderAlertId, `normal_id`.
  std::string policy = {};
  std::string alert_name = {};
  std::string severity = {};
  std::string alert_status = {};
  std::int64_t generated = 0;
  std::int64_t start = 0;
  std::string network_message_id = {};
  std::string internet_message_id = {};
  std::string subject = {};
  std::string sender = {};
  std::string sender_ip = {};
  std::string recipient = {};
  std::string delivery_action = {};
  std::string delivery_location = {};
  ReusedSet<std::string> message_ids = {}; ///< Of all messages, both kinds of id, `normal_id`.
  ReusedSet<std::string> reporters = {};   ///< Mailboxes, `normal_address`.
  ReusedSet<std::string> threats = {};
  ReusedSet<std::string> urls = {};
  ReusedSet<MessageFile> files = {};

  friend auto operator<=>(const InvestigationData&, const InvestigationData&) = default;
  static void each(auto& self, auto&& visit) {
    visit(self.alert,
          self.policy,
          self.alert_name,
          self.severity,
          self.alert_status,
          self.generated,
          self.start,
          self.network_message_id,
          self.internet_message_id,
          self.subject,
          self.sender,
          self.sender_ip,
          self.recipient,
          self.delivery_action,
          self.delivery_location,
          self.message_ids,
          self.reporters,
          self.threats,
          self.urls,
          self.files);
  }
};

/// One element of `Actions`.
struct CaseAction {
  std::string id = {};
  std::string type = {};
  std::string status = {};
  std::string approval = {};
  std::string approved_by = {};
  std::string name = {};
  std::int64_t start = 0;
  std::int64_t end = 0;

  friend auto operator<=>(const CaseAction&, const CaseAction&) = default;
  static void each(auto& self, auto&& visit) {
    visit(self.id,
          self.type,
          self.status,
          self.approval,
          self.approved_by,
          self.name,
          self.start,
          self.end);
  }
};

/// The top level of an investigation's record.
struct InvestigationHead {
  std::string id = {}; ///< As it came.
  std::string type = {};
  std::string name = {};
  std::string status = {};
  std::string deep_link = {};
  std::int64_t start = 0;
  std::int64_t end = 0; ///< "As of", never "finished" (observed).
  std::int64_t updated = 0;
  std::int64_t running = 0;

  friend auto operator<=>(const InvestigationHead&, const InvestigationHead&) = default;
  static void each(auto& self, auto&& visit) {
    visit(self.id,
          self.type,
          self.name,
          self.status,
          self.deep_link,
          self.start,
          self.end,
          self.updated,
          self.running);
  }
};

/// A record of RecordType 64 or 86.
struct InvestigationFacts {
  std::string organization = {};
  std::string investigation = {}; ///< `normal_investigation_id`.
  Stamp stamp;
  InvestigationHead head;
  bool has_data = false;
  InvestigationData data;
  ReusedSet<std::string> linked_alerts = {};  ///< In ExtendedLinks, `normal_id`.
  ReusedSet<std::string> related_alerts = {}; ///< RelatedAlertIds of the actions, `normal_id`.
  ReusedList<CaseAction> actions = {};
  bool data_unreadable = false;
  bool actions_unreadable = false;
  bool cut_short = false; ///< A list had more items than are kept.

  static void each(auto& self, auto&& visit) {
    visit(self.organization,
          self.investigation,
          self.stamp,
          self.head,
          self.has_data,
          self.data,
          self.linked_alerts,
          self.related_alerts,
          self.actions,
          self.data_unreadable,
          self.actions_unreadable,
          self.cut_short);
  }
};

} // namespace sluice::relevance
