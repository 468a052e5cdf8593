// SPDX-License-Identifier: Apache-2.0
#include "kusto/queued_ingestion.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "azure/blob_container.hpp"
#include "azure/queue.hpp"
#include "azure/storage_error.hpp"
#include "azure/table.hpp"
#include "base/failpoint.hpp"
#include "base/guid.hpp"
#include "base/gzip.hpp"
#include "base/json_text.hpp"
#include "base/log.hpp"
#include "kusto/remedy.hpp"

namespace sluice::kusto {
namespace {

/// How many of the lent containers and queues are tried with one set of rows.
constexpr int attempts = 3;

/// The address of a blob in a container, with the container's signature.
auto blob_address(const Secret& container, std::string_view blob) -> Secret {
  const auto text = container.reveal();
  const auto mark = std::min(text.find('?'), text.size());
  return Secret{
      fmt::format("{}{}{}", text.substr(0, mark), azure::blob_path(blob), text.substr(mark))};
}

/// A table's address cut into that of its account and its name; the signature stays with the first.
auto split_table_address(const Secret& table) -> std::pair<Secret, std::string> {
  const auto text = table.reveal();
  const auto mark = std::min(text.find('?'), text.size());
  const auto slash = std::min(text.rfind('/', mark), mark);
  const auto name = text.substr(slash, mark - slash);
  return {Secret{fmt::format("{}{}", text.substr(0, slash), text.substr(mark))},
          std::string{name.substr(std::min<std::size_t>(name.size(), 1))}};
}

auto message_for(const Rows& rows,
                 const std::string& database,
                 const std::string& id,
                 const Secret& blob,
                 const Secret& status_table,
                 const Secret& identity,
                 DateTime now) -> Secret {
  const auto properties =
      fmt::format(R"({{"authorizationContext":{},"format":"multijson",)"
                  R"("ingestionMappingReference":{},"ingestionMappingType":"Json",)"
                  R"("tags":"[\"ingest-by:{}\"]","ingestIfNotExists":"[\"{}\"]"}})",
                  json_quoted(identity.reveal()),
                  json_quoted(rows.mapping),
                  rows.tag,
                  rows.tag);
  constexpr int success_and_failure = 2;
  constexpr int by_table = 1;
  return Secret{fmt::format(
      R"({{"Id":"{0}","BlobPath":{1},"RawDataSize":{2},"DatabaseName":{3},"TableName":{4},)"
      R"("RetainBlobOnSuccess":true,"FlushImmediately":false,"IgnoreSizeLimit":false,)"
      R"("ReportLevel":{5},"ReportMethod":{6},"SourceMessageCreationTime":"{7}",)"
      R"("ApplicationForTracing":"sluice","IngestionStatusInTable":{{"TableConnectionString":{8},)"
      R"("PartitionKey":"{0}","RowKey":"{0}"}},"AdditionalProperties":{9}}})",
      id,
      json_quoted(blob.reveal()),
      rows.objects.size(),
      json_quoted(database),
      json_quoted(rows.table),
      success_and_failure,
      by_table,
      to_iso8601(now, 3),
      json_quoted(status_table.reveal()),
      properties)};
}

/// What a decided status says; nothing while it is undecided.
auto decision(const azure::TableEntity& told) -> Result<std::optional<Ingested>> {
  const auto status = told.text("Status");
  if (status == "Succeeded") {
    return std::optional{Ingested::queued};
  }
  if (status == "Skipped") {
    return std::optional{Ingested::skipped};
  }
  if (status != "Failed" && status != "PartiallySucceeded") {
    return std::optional<Ingested>{};
  }
  const auto code = told.text("ErrorCode");
  const bool is_final = remedy_for_code(code).value_or(Remedy::stop) != Remedy::retry &&
                        told.text("FailureStatus") != "Transient";
  constexpr std::size_t max_details = 500;
  return Error{is_final ? ErrorKind::invalid_input : ErrorKind::unavailable,
               fmt::format("the cluster did not ingest it: {} {}",
                           code,
                           redact(std::string{told.text("Details").substr(0, max_details)}))}
      .with_code(std::string{code});
}

/// An eighth of the time that it has taken so far: little is lost between the end and the look that
/// sees it, and half an hour costs some 200 looks.
auto next_look(std::chrono::nanoseconds passed, const QueuedIngestion::Options& options)
    -> std::chrono::milliseconds {
  return std::clamp(std::chrono::duration_cast<std::chrono::milliseconds>(passed / 8),
                    options.first_look,
                    options.longest_look);
}

auto is_refusal(const Error& error) -> bool {
  return error.kind() == ErrorKind::unauthorized || error.kind() == ErrorKind::forbidden ||
         error.kind() == ErrorKind::gone;
}

} // namespace

struct QueuedIngestion::Ticket {
  std::string id;
  azure::Table status;
};

QueuedIngestion::QueuedIngestion(IngestionLending& lending,
                                 http::HttpClient& client,
                                 Clock& clock,
                                 Options options)
    : lending_{lending},
      client_{client},
      clock_{clock},
      options_{std::move(options)} {}

auto QueuedIngestion::ingest(const Rows& rows, const std::stop_token& stop) -> Result<Ingested> {
  const auto compressed = deflate_gzip(rows.objects);
  for (int attempt = 1;; ++attempt) {
    TRY(const auto lent, lending_.current(stop));
    auto ticket = hand_in(rows, compressed, *lent, stop);
    if (ticket) {
      return follow(*ticket, stop);
    }
    if (attempt == attempts || ticket.error().kind() == ErrorKind::cancelled) {
      return std::move(ticket).error().while_doing("handing in what shall be ingested");
    }
    log(LogLevel::info, "ingestion_storage_failed", ticket.error().message());
    if (is_refusal(ticket.error())) {
      lending_.renew(lent);
    }
  }
}

auto QueuedIngestion::hand_in(const Rows& rows,
                              const std::string& compressed,
                              const IngestionResources& lent,
                              const std::stop_token& stop) -> Result<Ticket> {
  if (lent.status_tables.empty()) {
    return Error{ErrorKind::malformed, "the cluster lends no table that tells what becomes of it"};
  }
  const auto at = turn_++;
  const auto& container = lent.containers[at % lent.containers.size()];
  const auto& queue_address = lent.queues[at % lent.queues.size()];
  const auto& table_address = lent.status_tables[at % lent.status_tables.size()];
  const auto resource = [&](azure::StorageService service, const Secret& address) {
    return azure::StorageResource::from_signed_address(
        client_, clock_, service, address, options_.storage);
  };
  TRY(auto blobs, resource(azure::StorageService::blob, container));
  TRY(auto messages, resource(azure::StorageService::queue, queue_address));
  const auto [tables_address, table_name] = split_table_address(table_address);
  TRY(auto tables, resource(azure::StorageService::table, tables_address));
  Ticket ticket{.id = random_guid(), .status = {std::move(tables), table_name}};
  // Each attempt has a blob of its own, which a message of an earlier one may not take away.
  const auto blob = fmt::format(
      "sluice__{}__{}__{}__{}.multijson.gz", options_.database, rows.table, rows.tag, ticket.id);
  TRY_DO(azure::BlobContainer{std::move(blobs)}
             .put(blob, compressed, {}, stop)
             .while_doing("uploading a blob"));
  FAILPOINT("kusto.after_upload");
  const auto noted = ticket.status.insert({.partition_key = ticket.id,
                                           .row_key = ticket.id,
                                           .properties = {{"Status", "Pending"},
                                                          {"IngestionSourceId", ticket.id},
                                                          {"Database", options_.database},
                                                          {"Table", rows.table},
                                                          {"UpdatedOn", clock_.now()}}},
                                          stop);
  if (!noted && !azure::is_conflict(noted.error())) { // A conflict is our own, its reply lost.
    return Error{noted.error()}.while_doing("noting that it is under way");
  }
  const auto message = message_for(rows,
                                   options_.database,
                                   ticket.id,
                                   blob_address(container, blob),
                                   table_address,
                                   lent.identity,
                                   clock_.now());
  TRY_DO(azure::Queue{std::move(messages)}
             .put(message.reveal(), {}, stop)
             .while_doing("putting a message in the cluster's queue"));
  FAILPOINT("kusto.after_enqueue");
  return ticket;
}

auto QueuedIngestion::follow(const Ticket& ticket, const std::stop_token& stop)
    -> Result<Ingested> {
  const auto begin = clock_.steady();
  for (std::chrono::nanoseconds passed{0}; passed < options_.patience;
       passed = clock_.steady() - begin) {
    if (!clock_.wait(next_look(passed, options_), stop)) {
      return Error{ErrorKind::cancelled, "waiting until it is ingested"};
    }
    const auto told = ticket.status.find(ticket.id, ticket.id, stop);
    if (!told) {
      const bool stopped = told.error().kind() == ErrorKind::cancelled;
      return Error{stopped ? ErrorKind::cancelled : ErrorKind::unavailable, told.error().message()}
          .while_doing("asking what became of it");
    }
    TRY(const auto decided, decision(*told));
    if (decided) {
      return *decided;
    }
  }
  return Error{
      ErrorKind::unavailable,
      fmt::format("the cluster decided nothing within {} minutes",
                  std::chrono::duration_cast<std::chrono::minutes>(options_.patience).count())};
}

} // namespace sluice::kusto
