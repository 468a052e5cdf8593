// SPDX-License-Identifier: Apache-2.0
#include "endpoint/queued_ingestion.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/json_text.hpp"
#include "base/log.hpp"
#include "endpoint/database_name.hpp"
#include "http/server_request.hpp"
#include "kql/dynamic.hpp"

namespace sluice::endpoint {
namespace {

constexpr auto wait_before_next_try = std::chrono::seconds{1};
constexpr int tries = 5;
/// Who worked on a message and was not heard of again, so often.
constexpr std::uint32_t most_receptions = 5;
/// Of a failure, to fit into a message. Bytes.
constexpr std::size_t max_details = 4'000;

/// The member of that name in any case, as text; empty when there is none.
auto text_member(std::string_view object, std::string_view name) -> std::string {
  for (kql::JsonItems item{object}; item.next();) {
    if (http::same_name(kql::json_unquoted(item.key()), name)) {
      return kql::json_to_text(item.value());
    }
  }
  return {};
}

/// `["a"]`, as such or as a text.
auto list_of(const std::string& json) -> std::vector<std::string> {
  std::vector<std::string> texts;
  const auto canonical = kql::canonical_json(json).value_or("[]");
  for (kql::JsonItems item{canonical}; item.next();) {
    texts.push_back(kql::json_to_text(item.value()));
  }
  return texts;
}

auto outcome_text(const QueuedRequest& request, DateTime now, const Failure* failure)
    -> std::string {
  auto text =
      fmt::format(R"({{"OperationId":{0},"Database":{1},"Table":{2},"{3}":"{4}",)"
                  R"("IngestionSourceId":{0},"IngestionSourcePath":"","RootActivityId":{0})",
                  json_quoted(request.id),
                  json_quoted(request.database),
                  json_quoted(request.ingest.table),
                  failure == nullptr ? "SucceededOn" : "FailedOn",
                  to_iso8601(now, 7));
  if (failure != nullptr) {
    const auto details = std::string_view{failure->message}.substr(0, max_details);
    text += fmt::format(R"(,"Details":{},"ErrorCode":{},"FailureStatus":"{}","ShouldRetry":{},)"
                        R"("OriginatesFromUpdatePolicy":false)",
                        json_quoted(details),
                        json_quoted(failure->code),
                        failure->permanent ? "Permanent" : "Transient",
                        !failure->permanent);
  }
  return text + "}";
}

/// What the entity of a status table says then.
auto status_members(const tl::expected<Ingested, Failure>& outcome, DateTime now) -> std::string {
  const auto updated =
      fmt::format(R"("UpdatedOn":"{}","UpdatedOn@odata.type":"Edm.DateTime")", to_iso8601(now, 7));
  if (outcome) {
    return fmt::format(R"("Status":"{}",{})", outcome->skipped ? "Skipped" : "Succeeded", updated);
  }
  const auto& failure = outcome.error();
  return fmt::format(R"("Status":"Failed","ErrorCode":{},"FailureStatus":"{}","Details":{},{})",
                     json_quoted(failure.code),
                     failure.permanent ? "Permanent" : "Transient",
                     json_quoted(failure.message),
                     updated);
}

} // namespace

auto parse_queued_request(std::string_view message) -> Result<QueuedRequest> {
  const auto json = kql::canonical_json(message);
  if (!json || kql::json_kind(*json) != kql::JsonKind::object) {
    return Error{ErrorKind::malformed, "a message of the queue is no JSON object"};
  }
  const auto properties =
      kql::canonical_json(text_member(*json, "AdditionalProperties")).value_or("{}");
  QueuedRequest request;
  request.id = text_member(*json, "Id");
  request.database = text_member(*json, "DatabaseName");
  request.blob_address = text_member(*json, "BlobPath");
  const auto level = text_member(*json, "ReportLevel");
  request.tells_success = level == "2" || http::same_name(level, "FailuresAndSuccesses");
  const auto status =
      kql::canonical_json(text_member(*json, "IngestionStatusInTable")).value_or("{}");
  request.status_partition = text_member(status, "PartitionKey");
  request.status_row = text_member(status, "RowKey");
  auto& ingest = request.ingest;
  ingest.table = text_member(*json, "TableName");
  ingest.source = request.id;
  if (const auto format = text_member(properties, "format"); !format.empty()) {
    ingest.format = format;
  }
  for (const auto* name :
       {"ingestionMappingReference", "jsonMappingReference", "mappingReference"}) {
    const auto reference = text_member(properties, name);
    ingest.mapping_name = ingest.mapping_name.empty() ? reference : ingest.mapping_name;
  }
  ingest.mapping = text_member(properties, "ingestionMapping");
  ingest.ignore_first = http::same_name(text_member(properties, "ignoreFirstRecord"), "true");
  ingest.unless = list_of(text_member(properties, "ingestIfNotExists"));
  constexpr std::string_view once = "ingest-by:";
  for (const auto& tag : list_of(text_member(properties, "tags"))) {
    if (tag.starts_with(once)) {
      ingest.tags.push_back(tag.substr(once.size()));
    }
  }
  return request;
}

QueuedIngestion::QueuedIngestion(Service& service, IngestionPlace& place)
    : service_{service},
      place_{place},
      worker_{[this](const std::stop_token& stop) { work(stop); }} {}

void QueuedIngestion::work(const std::stop_token& stop) {
  while (const auto message = place_.take(stop)) {
    deal_with(*message);
  }
}

void QueuedIngestion::deal_with(const IngestionPlace::Message& message) {
  const auto request = parse_queued_request(message.text);
  if (!request) {
    log(LogLevel::warning, "queued_ingestion_refused", request.error().message());
    place_.finish(message, {});
    return;
  }
  const auto decided =
      service_.storage.status_table().is_decided(request->status_partition, request->status_row);
  if (decided && *decided) {
    place_.finish(message, request->blob_address);
    return;
  }
  const auto once = [&]() -> tl::expected<Ingested, Failure> {
    if (message.receptions > most_receptions) {
      return tl::unexpected{Failure{.code = "General_RetryAttemptsExceeded",
                                    .message = "all who began with it ended before it was done"}};
    }
    if (!is_database(service_, request->database)) {
      return tl::unexpected{no_database(request->database)};
    }
    return ingest_blob(service_, request->ingest, request->blob_address);
  };
  auto outcome = once();
  for (int i = 1; i < tries && !outcome && !outcome.error().permanent; ++i) {
    service_.clock.wait(wait_before_next_try, {});
    outcome = once();
  }
  tell(*request, outcome);
  place_.finish(message, request->blob_address);
}

void QueuedIngestion::tell(const QueuedRequest& request,
                           const tl::expected<Ingested, Failure>& outcome) {
  const auto now = service_.clock.now();
  const auto* failure = outcome ? nullptr : &outcome.error();
  if (failure != nullptr) {
    log(LogLevel::warning,
        "queued_ingestion_failed",
        failure->message,
        {{"table", request.ingest.table}, {"code", failure->code}});
    place_.tell(IngestionPlace::Outcome::failure, outcome_text(request, now, failure));
  } else if (request.tells_success) {
    place_.tell(IngestionPlace::Outcome::success, outcome_text(request, now, nullptr));
  }
  if (!request.status_row.empty()) {
    const auto told = service_.storage.status_table().tell(
        request.status_partition, request.status_row, status_members(outcome, now));
    if (!told) {
      log(LogLevel::warning, "endpoint_storage_failed", told.error().message());
    }
  }
}

} // namespace sluice::endpoint
