// SPDX-License-Identifier: Apache-2.0
#include "endpoint/rest_ingestion.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/guid.hpp"
#include "base/json_text.hpp"
#include "endpoint/database_name.hpp"
#include "endpoint/error_reply.hpp"
#include "http/server_request.hpp"
#include "kql/dynamic.hpp"

namespace sluice::endpoint {
namespace {

constexpr std::string_view root = "/v1/rest/ingestion/";
constexpr std::size_t most_blobs = 20; // Documented.
/// The row of an operation that names its sources.
constexpr std::string_view whole = "operation";

auto json_reply(std::string body) -> http::ServerReply {
  http::ServerReply reply;
  reply.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  reply.body = std::move(body);
  return reply;
}

auto text_in(std::string_view object, std::string_view name) -> std::string {
  return kql::json_to_text(kql::json_member(object, name));
}

auto bad_request(std::string message) -> Failure {
  return {.code = "BadRequest_MalformedIngestionProperty", .message = std::move(message)};
}

/// The container that clients write into, with its signature.
auto container_of(const Service& service) -> Result<std::string> {
  if (service.lent == nullptr) {
    return service.storage.address(service.origin, Storage::blobs);
  }
  TRY(const auto lent, service.lent->addresses());
  return std::string{lent.front().second.reveal()};
}

auto configuration(const Service& service) -> tl::expected<http::ServerReply, Failure> {
  const auto container = container_of(service);
  if (!container) {
    return tl::unexpected{to_failure(container.error())};
  }
  return json_reply(
      fmt::format(R"({{"containerSettings":{{"containers":[{{"path":{}}}],"lakeFolders":[],)"
                  R"("refreshInterval":"01:00:00","preferredUploadMethod":"Storage"}},)"
                  R"("ingestionSettings":{{"maxBlobsPerBatch":{},"maxDataSize":6442450944,)"
                  R"("preferredIngestionMethod":"{}"}}}})",
                  json_quoted(*container),
                  most_blobs,
                  service.prefers_rest ? "Rest" : "Legacy"));
}

/// `{database}/{table}[/{operation}]`
struct Target {
  explicit Target(std::string_view path) {
    for (auto* part : {&database, &table, &operation}) {
      const auto slash = std::min(path.find('/'), path.size());
      *part = path.substr(0, slash);
      path.remove_prefix(std::min(slash + 1, path.size()));
    }
  }
  std::string_view database, table, operation;
};

struct Source {
  std::string id;
  std::string address;
};

auto sources_of(std::string_view body) -> tl::expected<std::vector<Source>, Failure> {
  std::vector<Source> sources;
  for (kql::JsonItems item{kql::json_member(body, "blobs")}; item.next();) {
    sources.push_back({text_in(item.value(), "sourceId"), text_in(item.value(), "url")});
    if (sources.back().id.empty()) {
      sources.back().id = random_guid();
    }
  }
  if (sources.empty() || sources.size() > most_blobs) {
    return tl::unexpected{bad_request(fmt::format("a request names 1 to {} blobs", most_blobs))};
  }
  return sources;
}

/// Notes what is to be told of, before anybody works on it.
auto note(Service& service, const std::string& operation, const std::vector<Source>& sources)
    -> Result<> {
  std::string ids;
  for (const auto& source : sources) {
    ids += fmt::format("{}{}", ids.empty() ? "" : ",", json_quoted(source.id));
    TRY_DO(service.storage.status_table().insert(
        fmt::format(R"({{"PartitionKey":"{}","RowKey":{},"Status":"Pending","UpdatedOn":"{}"}})",
                    operation,
                    json_quoted(source.id),
                    to_iso8601(service.clock.now(), 7))));
  }
  TRY_DO(service.storage.status_table().insert(
      fmt::format(R"({{"PartitionKey":"{}","RowKey":"{}","Sources":[{}],"Started":"{}"}})",
                  operation,
                  whole,
                  ids,
                  to_iso8601(service.clock.now(), 7))));
  return {};
}

/// The same as a message of the queue, whose properties have the same names.
auto message_for(const Target& target,
                 const Source& source,
                 const std::string& operation,
                 std::string_view properties) -> std::string {
  return fmt::format(R"({{"Id":{0},"BlobPath":{1},"DatabaseName":{2},"TableName":{3},)"
                     R"("IngestionStatusInTable":{{"PartitionKey":"{4}","RowKey":{0}}},)"
                     R"("AdditionalProperties":{5}}})",
                     json_quoted(source.id),
                     json_quoted(source.address),
                     json_quoted(target.database),
                     json_quoted(target.table),
                     operation,
                     properties);
}

auto hand_in(Service& service, const Target& target, std::string_view body)
    -> tl::expected<http::ServerReply, Failure> {
  const auto json = kql::canonical_json(body);
  const auto properties = json ? kql::json_member(*json, "properties") : std::string_view{};
  if (kql::json_kind(properties) != kql::JsonKind::object) {
    return tl::unexpected{bad_request("a request is a JSON object with blobs and properties")};
  }
  const auto sources = sources_of(*json);
  if (!sources) {
    return tl::unexpected{sources.error()};
  }
  const auto operation = random_guid();
  if (const auto noted = note(service, operation, *sources); !noted) {
    return tl::unexpected{to_failure(noted.error())};
  }
  std::vector<std::string> messages;
  for (const auto& source : *sources) {
    messages.push_back(message_for(target, source, operation, properties));
  }
  const auto taken = service.storage.requests_queue().submit(messages);
  if (!taken || !*taken) {
    return tl::unexpected{taken ? Failure{.status = 429,
                                          .code = "TooManyRequests",
                                          .message = "too much waits to be ingested",
                                          .permanent = false}
                                : to_failure(taken.error())};
  }
  const bool is_tracked = http::same_name(text_in(properties, "enableTracking"), "true");
  return json_reply(fmt::format(R"({{"ingestionOperationId":"{}"}})", is_tracked ? operation : ""));
}

/// Counters of an operation, in the order of the answer.
struct Counts {
  int succeeded = 0, failed = 0, in_progress = 0;
};

/// What clients know: `Queued`, `Succeeded`, `Failed`. What was there already has succeeded.
auto detail_of(std::string_view id, std::string_view entity, Counts& counts) -> std::string {
  const auto kept = text_in(entity, "Status");
  const bool is_open = kept == "Pending" || kept.empty();
  const bool has_failed = kept == "Failed";
  ++(is_open ? counts.in_progress : has_failed ? counts.failed : counts.succeeded);
  return fmt::format(
      R"({{"sourceId":{},"status":"{}","lastUpdated":"{}","errorCode":{},"failureStatus":{},)"
      R"("details":{}}})",
      json_quoted(id),
      is_open      ? "Queued"
      : has_failed ? "Failed"
                   : "Succeeded",
      text_in(entity, "UpdatedOn"),
      json_quoted(text_in(entity, "ErrorCode")),
      json_quoted(text_in(entity, "FailureStatus")),
      json_quoted(text_in(entity, "Details")));
}

auto status_of(Service& service, const Target& target, bool with_details)
    -> tl::expected<http::ServerReply, Failure> {
  auto& table = service.storage.status_table();
  const auto operation = table.find(target.operation, whole);
  if (!operation || !*operation) {
    return tl::unexpected{Failure{.status = 404,
                                  .code = "BadRequest_EntityNotFound",
                                  .message = "there is no such operation"}};
  }
  Counts counts;
  std::string details;
  for (kql::JsonItems item{kql::json_member(**operation, "Sources")}; item.next();) {
    const auto id = kql::json_to_text(item.value());
    const auto entity = table.find(target.operation, id);
    const bool is_there = entity && entity->has_value();
    details += fmt::format("{}{}",
                           details.empty() ? "" : ",",
                           detail_of(id, is_there ? std::string_view{**entity} : "{}", counts));
  }
  return json_reply(
      fmt::format(R"({{"startTime":"{}","lastUpdated":"{}","status":{{"Succeeded":{},"Failed":{},)"
                  R"("InProgress":{},"Canceled":0}}{}}})",
                  text_in(**operation, "Started"),
                  to_iso8601(service.clock.now(), 7),
                  counts.succeeded,
                  counts.failed,
                  counts.in_progress,
                  with_details ? fmt::format(R"(,"details":[{}])", details) : ""));
}

} // namespace

auto answer_rest_ingestion(Service& service, const Visit& visit) -> http::ServerReply {
  constexpr std::string_view queued = "queued/";
  const auto& request = visit.request;
  const auto rest = std::string_view{request.path}.substr(root.size());
  const auto fail = [&](const Failure& failure) {
    return error_reply(failure, visit.ids.activity_id);
  };
  if (rest == "configuration" && request.method == "GET") {
    const auto told = configuration(service);
    return told ? *told : fail(told.error());
  }
  if (!rest.starts_with(queued)) {
    return fail(not_found("there is no such operation"));
  }
  const Target target{rest.substr(queued.size())};
  if (!is_database(service, target.database)) {
    return fail(no_database(target.database));
  }
  const auto reply = request.method == "POST" && target.operation.empty()
                         ? hand_in(service, target, request.body)
                         : status_of(service, target, request.parameter("details") == "true");
  return reply ? *reply : fail(reply.error());
}

} // namespace sluice::endpoint
