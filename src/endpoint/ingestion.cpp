// SPDX-License-Identifier: Apache-2.0
#include "endpoint/ingestion.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/guid.hpp"
#include "endpoint/ingest_mapping.hpp"
#include "http/server_request.hpp"
#include "kql/conversion.hpp"
#include "kql/dynamic.hpp"
#include "record/record_scanner.hpp"
#include "store/case_table.hpp"
#include "store/wide_table.hpp"

namespace sluice::endpoint {
namespace {

using Outcome = tl::expected<Ingested, Failure>;

/// The history that ingested cases are counted in, unless their rows name one (`Epoch`).
constexpr std::string_view case_epoch = "ingested";

auto refused(std::string code, std::string message) -> tl::unexpected<Failure> {
  return tl::unexpected{
      Failure{.status = 400,
              .code = std::move(code),
              .type = "Kusto.DataNode.Exceptions.StreamingIngestionRequestException",
              .message = std::move(message),
              .permanent = true}};
}

/// An object of a body, and whose it is.
struct KeptObject {
  std::string bytes;
  std::string organization;
};

/// Keeps the objects of a body.
class KeptObjects final : public record::RecordSink {
public:
  auto on_record(const record::ScannedRecord& found) -> Result<> override {
    const auto organization = kql::canonical_json(found.fields.front()).value_or("");
    objects.push_back({std::string{found.bytes}, kql::json_to_text(organization)});
    return {};
  }
  auto on_bad_record(const record::BadRecord& bad) -> Result<> override {
    return Error{ErrorKind::malformed, fmt::format("at byte {}: {}", bad.offset, bad.reason)};
  }

  std::vector<KeptObject> objects;
};

auto objects_of(std::string_view body) -> Result<std::vector<KeptObject>> {
  KeptObjects kept;
  record::RecordScanner scanner{{"OrganizationId"}, {}};
  TRY_DO(scanner.feed(body, kept));
  TRY_DO(scanner.finish(kept));
  return std::move(kept.objects);
}

auto is_json(const IngestRequest& request) -> bool {
  return http::same_name(request.format, "json") || http::same_name(request.format, "multijson") ||
         http::same_name(request.format, "singlejson");
}

auto csv_rows(std::string_view body,
              const kql::Schema& schema,
              const IngestMapping& mapping,
              bool ignore_first) -> Result<std::vector<std::vector<kql::Value>>> {
  std::vector<std::vector<kql::Value>> rows;
  while (!body.empty()) {
    TRY(const auto fields, next_csv_line(body));
    const bool blank = fields.size() == 1 && fields.front().empty();
    if (!std::exchange(ignore_first, false) && !blank) {
      rows.push_back(row_of_fields(fields, schema, mapping));
    }
  }
  return rows;
}

/// The mapping that the request names or brings, else the columns' own names.
auto mapping_for(const IngestRequest& request, const store::Store& store, const kql::Schema& schema)
    -> tl::expected<IngestMapping, Failure> {
  std::string text = request.mapping;
  if (text.empty() && !request.mapping_name.empty()) {
    const auto kind = is_json(request) ? "json" : "csv";
    const auto name = mapping_note(request.table, kind, request.mapping_name);
    const auto kept = store.recall(name);
    if (!kept || kept->empty() || kept->front().first != name) {
      return refused("BadRequest_MappingReferenceWasNotFound",
                     fmt::format("mapping `{}` of kind {} of table `{}` could not be found",
                                 request.mapping_name,
                                 kind,
                                 request.table));
    }
    text = kept->front().second;
  }
  if (text.empty()) {
    return identity_mapping(schema);
  }
  auto mapping = parse_mapping(text);
  if (!mapping) {
    return refused("BadRequest_InvalidMapping", mapping.error().message());
  }
  return *std::move(mapping);
}

auto tag_notes(const std::vector<std::string>& tags, const std::string& source)
    -> std::vector<std::string> {
  std::vector<std::string> notes{source};
  for (const auto& tag : tags) {
    notes.push_back("tag/" + tag);
  }
  return notes;
}

auto store_rows(const IngestRequest& request,
                store::Store& store,
                const std::vector<std::vector<kql::Value>>& rows) -> Outcome {
  const auto stored = store.append_rows({.table = request.table,
                                         .rows = rows,
                                         .sources = tag_notes(request.tags, request.source),
                                         .unless = tag_notes(request.unless, request.source)});
  if (!stored) {
    return tl::unexpected{to_failure(stored.error())};
  }
  return Ingested{*stored ? rows.size() : 0, !*stored};
}

/// The name under which the store notes that rows of a tag are in one of our own tables.
auto tag_note(const IngestRequest& request, std::string_view tag) -> std::string {
  return fmt::format("ingested/{}/{}", request.table, tag);
}

auto has_tag(const IngestRequest& request, const store::Store& store) -> Result<bool> {
  for (const auto& tag : request.unless) {
    const auto note = tag_note(request, tag);
    TRY(const auto kept, store.recall(note));
    if (!kept.empty() && kept.front().first == note) {
      return true;
    }
  }
  return false;
}

auto note_tags(const IngestRequest& request, store::Store& store) -> Result<> {
  for (const auto& tag : request.tags) {
    TRY_DO(store.remember(tag_note(request, tag), ""));
  }
  return {};
}

/// Groups by tenant, because the store keeps a record once in its tenant.
auto store_records(const IngestRequest& request,
                   store::Store& store,
                   const std::vector<KeptObject>& records,
                   DateTime now) -> Outcome {
  std::map<std::string_view, std::vector<std::string_view>> tenants;
  for (const auto& [bytes, organization] : records) {
    tenants[organization].push_back(bytes);
  }
  // Named after the tag, so that a repetition after a crash replaces what came first.
  const auto content =
      fmt::format("ingested/{}", request.tags.empty() ? request.source : request.tags.front());
  for (const auto& [tenant, some] : tenants) {
    const auto taken =
        store.append({.tenant = tenant, .content = content, .records = some, .ingested = now});
    if (!taken) {
      return tl::unexpected{to_failure(taken.error())};
    }
  }
  const auto flushed = store.flush();
  if (!flushed) {
    return tl::unexpected{to_failure(flushed.error())};
  }
  return Ingested{flushed->stored, flushed->stored == 0 && flushed->duplicates > 0};
}

auto store_cases(store::Store& store, const std::vector<KeptObject>& rows) -> Outcome {
  struct Case {
    std::string row;
    std::string id;
  };
  std::vector<Case> kept;
  for (const auto& row : rows) {
    auto json = kql::canonical_json(row.bytes).value_or("{}");
    auto id = kql::json_to_text(kql::json_member(json, "CaseId"));
    if (id.empty()) {
      return refused("BadRequest_InvalidBlob", "a case has no CaseId");
    }
    kept.push_back({std::move(json), std::move(id)});
  }
  std::vector<store::StoredCase> cases;
  std::string epoch{case_epoch};
  for (const auto& each : kept) {
    const auto version = kql::json_to_text(kql::json_member(each.row, "Version"));
    const auto told = kql::json_to_text(kql::json_member(each.row, "EmittedTime"));
    if (const auto own = kql::json_member(each.row, "Epoch"); !own.empty()) {
      epoch = kql::json_to_text(own);
    }
    cases.push_back({each.id,
                     static_cast<std::uint32_t>(kql::parse_long(version).value_or(0)),
                     kql::parse_datetime(told).value_or(DateTime{}),
                     each.row});
  }
  if (const auto stored = store.put_cases({epoch, cases}); !stored) {
    return tl::unexpected{to_failure(stored.error())};
  }
  return Ingested{cases.size(), false};
}

/// Into a table of the store's own; rows of a tag that is there are skipped.
auto store_ours(const IngestRequest& request,
                store::Store& store,
                const std::vector<KeptObject>& objects,
                DateTime now) -> Outcome {
  const auto there = has_tag(request, store);
  if (!there) {
    return tl::unexpected{to_failure(there.error())};
  }
  if (*there) {
    return Ingested{0, true};
  }
  auto outcome = request.table == store::wide_table_name
                     ? store_records(request, store, objects, now)
                     : store_cases(store, objects);
  if (const auto noted = outcome ? note_tags(request, store) : Result<>{}; !noted) {
    return tl::unexpected{to_failure(noted.error())};
  }
  return outcome;
}

auto ingest_objects(Service& service,
                    const IngestRequest& request,
                    store::Store& store,
                    const kql::Schema& schema,
                    const IngestMapping& mapping,
                    std::string_view body) -> Outcome {
  const auto objects = objects_of(body);
  if (!objects) {
    return refused("BadRequest_InvalidBlob", objects.error().message());
  }
  if (request.table == store::wide_table_name || request.table == store::case_table_name) {
    return store_ours(request, store, *objects, service.clock.now());
  }
  std::vector<std::vector<kql::Value>> rows;
  for (const auto& object : *objects) {
    auto row = row_of_json(object.bytes, schema, mapping);
    if (!row) {
      return refused("BadRequest_InvalidBlob", row.error().message());
    }
    rows.push_back(*std::move(row));
  }
  return store_rows(request, store, rows);
}

/// Whether a policy of the database lets ingestion read as that managed identity.
auto may_read_as(Service& service, std::string_view identity) -> Result<bool> {
  TRY(const auto lease, service.store.read({}));
  TRY(const auto policies, lease->recall("policy-of-database/managed_identity"));
  for (const auto& [name, text] : policies) {
    const auto json = kql::canonical_json(text).value_or("[]");
    for (kql::JsonItems item{json}; item.next();) {
      const auto usages = kql::json_to_text(kql::json_member(item.value(), "AllowedUsages"));
      if (kql::json_to_text(kql::json_member(item.value(), "ObjectId")) == identity &&
          (usages.find("NativeIngestion") != std::string::npos || http::same_name(usages, "all"))) {
        return true;
      }
    }
  }
  return false;
}

} // namespace

auto mapping_note(std::string_view table, std::string_view kind, std::string_view name)
    -> std::string {
  return fmt::format("mapping/{}/{}/{}", table, kind, name);
}

auto ingest(Service& service, const IngestRequest& from, std::string_view body) -> Outcome {
  auto request = from;
  if (request.source.empty()) {
    request.source = random_guid();
  }
  auto lease = service.store.change({});
  if (!lease) {
    return tl::unexpected{to_failure(lease.error())};
  }
  auto& store = **lease;
  const auto* schema = store.catalog().table(request.table);
  if (schema == nullptr || request.table.ends_with("()")) {
    return refused("BadRequest_TableNotExist",
                   fmt::format("table `{}` could not be found", request.table));
  }
  const auto mapping = mapping_for(request, store, *schema);
  if (!mapping) {
    return tl::unexpected{mapping.error()};
  }
  if (is_json(request)) {
    return ingest_objects(service, request, store, *schema, *mapping, body);
  }
  const bool ours =
      request.table == store::wide_table_name || request.table == store::case_table_name;
  if (!http::same_name(request.format, "csv") || ours) {
    return refused(
        "BadRequest_FormatNotSupported",
        fmt::format("format `{}` is not served for table `{}`", request.format, request.table));
  }
  const auto rows = csv_rows(body, *schema, *mapping, request.ignore_first);
  if (!rows) {
    return refused(rows.error().code(), rows.error().message());
  }
  return store_rows(request, store, *rows);
}

auto ingest_blob(Service& service, const IngestRequest& request, std::string_view address)
    -> Outcome {
  constexpr std::string_view by_identity = ";managed_identity=";
  if (const auto at = address.find(by_identity); at != std::string_view::npos) {
    const auto may = may_read_as(service, address.substr(at + by_identity.size()));
    if (!may || !*may) {
      return may ? refused("BadRequest_InvalidManagedIdentity",
                           "no policy lets this managed identity read blobs to ingest")
                 : tl::unexpected{to_failure(may.error())};
    }
  }
  const IngestionPlace& own = service.storage;
  const auto& place = service.lent != nullptr && service.lent->holds(address) ? *service.lent : own;
  const auto body = place.read_blob(address);
  if (!body && body.error().kind() == ErrorKind::gone) {
    return tl::unexpected{Failure{.status = 400,
                                  .code = "Download_SourceNotFound",
                                  .message = "the blob that was named is not there"}};
  }
  if (!body) {
    return tl::unexpected{to_failure(body.error())};
  }
  return ingest(service, request, *body);
}

} // namespace sluice::endpoint
