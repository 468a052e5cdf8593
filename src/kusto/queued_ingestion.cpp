// SPDX-License-Identifier: Apache-2.0
#include "kusto/queued_ingestion.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "azure/blob_container.hpp"
#include "azure/storage_error.hpp"
#include "azure/table.hpp"
#include "base/failpoint.hpp"
#include "base/guid.hpp"
#include "base/gzip.hpp"
#include "base/log.hpp"
#include "kql/dynamic.hpp"

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
  std::string blob; ///< Its name.
  std::unique_ptr<StatusSource> status;
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
    auto ticket = hand_in(rows, compressed, *lent, attempt, stop);
    if (ticket) {
      auto ingested = follow(*ticket, stop);
      if (options_.staging) {
        options_.staging->remove(ticket->blob, stop);
      }
      return ingested;
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
                              int attempt,
                              const std::stop_token& stop) -> Result<Ticket> {
  const auto turn = turn_++;
  TRY(const auto blob, stage(rows, compressed, lent, turn, stop));
  FAILPOINT("kusto.after_upload");
  auto status = lent.by_rest ? hand_in_by_rest(rows, blob, stop)
                             : hand_in_by_queue(rows, blob, lent, attempt > 1, turn, stop);
  if (!status) {
    if (options_.staging) {
      options_.staging->remove(blob.name, stop);
    }
    return std::move(status).error();
  }
  FAILPOINT("kusto.after_enqueue");
  return Ticket{.blob = blob.name, .status = *std::move(status)};
}

auto QueuedIngestion::stage(const Rows& rows,
                            const std::string& compressed,
                            const IngestionResources& lent,
                            std::size_t turn,
                            const std::stop_token& stop) -> Result<StagedBlob> {
  StagedBlob blob{.id = random_guid(), .address = {}, .name = {}};
  // Each attempt has a blob of its own, which a message of an earlier one may not take away.
  blob.name = fmt::format(
      "sluice__{}__{}__{}__{}.multijson.gz", options_.database, rows.table, rows.tag, blob.id);
  constexpr auto doing = "uploading a blob";
  if (options_.staging) {
    TRY(blob.address,
        options_.staging->put(blob.name, compressed, clock_.now(), stop).while_doing(doing));
    return blob;
  }
  if (lent.containers.empty()) {
    return Error{ErrorKind::malformed, "the cluster lends no container"};
  }
  const auto& container = lent.containers[turn % lent.containers.size()];
  TRY(auto blobs, resource(azure::StorageService::blob, container));
  TRY_DO(azure::BlobContainer{std::move(blobs)}
             .put(blob.name, compressed, {}, stop)
             .while_doing(doing));
  blob.address = blob_address(container, blob.name);
  return blob;
}

auto QueuedIngestion::hand_in_by_rest(const Rows& rows,
                                      const StagedBlob& blob,
                                      const std::stop_token& stop)
    -> Result<std::unique_ptr<StatusSource>> {
  auto& management = lending_.management();
  const auto path = fmt::format("/v1/rest/ingestion/queued/{}/{}",
                                http::percent_encoded(options_.database),
                                http::percent_encoded(rows.table));
  const auto message = rest_message(rows, blob, clock_.now());
  const auto body =
      management.call({.path = path, .query = {}, .body = std::string{message.reveal()}}, stop);
  if (!body) {
    if (body.error().kind() == ErrorKind::gone) {
      lending_.give_up_rest();
    }
    return Error{body.error()}.while_doing("handing a blob in to the cluster");
  }
  const auto json = kql::canonical_json(*body).value_or("{}");
  const auto operation = kql::json_to_text(kql::json_member(json, "ingestionOperationId"));
  if (operation.empty()) {
    return Error{ErrorKind::malformed, "the cluster gave no operation to follow"};
  }
  return status_by_operation(
      management, fmt::format("{}/{}", path, http::percent_encoded(operation)), blob.id);
}

auto QueuedIngestion::hand_in_by_queue(const Rows& rows,
                                       const StagedBlob& blob,
                                       const IngestionResources& lent,
                                       bool table_is_refused,
                                       std::size_t turn,
                                       const std::stop_token& stop)
    -> Result<std::unique_ptr<StatusSource>> {
  const auto& queue_address = lent.queues[turn % lent.queues.size()];
  TRY(auto messages, resource(azure::StorageService::queue, queue_address));
  std::optional<Secret> table;
  std::unique_ptr<StatusSource> status;
  if (!lent.status_tables.empty()) {
    table = lent.status_tables[turn % lent.status_tables.size()];
    auto noted = note_in_table(rows, blob.id, *table, stop);
    const bool has_queues = !lent.successes.empty() && !lent.failures.empty();
    if (!noted && !(table_is_refused && has_queues && is_refusal(noted.error()))) {
      return std::move(noted).error();
    }
    if (noted) {
      status = *std::move(noted);
    } else {
      log(LogLevel::warning, "status_table_refused", noted.error().message());
    }
  }
  if (!status) {
    table.reset();
    TRY(auto successes, queues(lent.successes));
    TRY(auto failures, queues(lent.failures));
    if (successes.empty() || failures.empty()) {
      return Error{ErrorKind::malformed,
                   "the cluster lends neither table nor queues that tell what becomes of it"};
    }
    status = status_by_queues(std::move(successes), std::move(failures), blob.id);
  }
  const auto message =
      queue_message(rows, options_.database, blob, table, lent.identity, clock_.now());
  TRY_DO(azure::Queue{std::move(messages)}
             .put(message.reveal(), {}, stop)
             .while_doing("putting a message in the cluster's queue"));
  return status;
}

auto QueuedIngestion::note_in_table(const Rows& rows,
                                    const std::string& id,
                                    const Secret& table_address,
                                    const std::stop_token& stop)
    -> Result<std::unique_ptr<StatusSource>> {
  const auto [account, name] = split_table_address(table_address);
  TRY(auto tables, resource(azure::StorageService::table, account));
  azure::Table table{std::move(tables), name};
  const auto noted = table.insert({.partition_key = id,
                                   .row_key = id,
                                   .properties = {{"Status", "Pending"},
                                                  {"IngestionSourceId", id},
                                                  {"Database", options_.database},
                                                  {"Table", rows.table},
                                                  {"UpdatedOn", clock_.now()}}},
                                  stop);
  if (!noted && !azure::is_conflict(noted.error())) { // A conflict is our own, its reply lost.
    return Error{noted.error()}.while_doing("noting that it is under way");
  }
  return status_by_table(std::move(table), id);
}

auto QueuedIngestion::follow(Ticket& ticket, const std::stop_token& stop) -> Result<Ingested> {
  const auto begin = clock_.steady();
  for (std::chrono::nanoseconds passed{0}; passed < options_.patience;
       passed = clock_.steady() - begin) {
    if (!clock_.wait(next_look(passed, options_), stop)) {
      return Error{ErrorKind::cancelled, "waiting until it is ingested"};
    }
    TRY(const auto decided, ticket.status->look(stop));
    if (decided) {
      return *decided;
    }
  }
  return Error{
      ErrorKind::unavailable,
      fmt::format("the cluster decided nothing within {} minutes",
                  std::chrono::duration_cast<std::chrono::minutes>(options_.patience).count())};
}

auto QueuedIngestion::resource(azure::StorageService service, const Secret& address) const
    -> Result<azure::StorageResource> {
  return azure::StorageResource::from_signed_address(
      client_, clock_, service, address, options_.storage);
}

auto QueuedIngestion::queues(const std::vector<Secret>& addresses) const
    -> Result<std::vector<azure::Queue>> {
  std::vector<azure::Queue> made;
  for (const auto& address : addresses) {
    TRY(auto queue, resource(azure::StorageService::queue, address));
    made.emplace_back(std::move(queue));
  }
  return made;
}

} // namespace sluice::kusto
