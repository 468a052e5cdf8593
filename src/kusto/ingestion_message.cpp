// SPDX-License-Identifier: Apache-2.0
#include "kusto/ingestion_message.hpp"

#include <fmt/format.h>

#include "base/json_text.hpp"

namespace sluice::kusto {

auto queue_message(const Rows& rows,
                   const std::string& database,
                   const StagedBlob& blob,
                   const std::optional<Secret>& status_table,
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
  constexpr int by_queue = 0;
  constexpr int by_table = 1;
  const auto status =
      status_table
          ? fmt::format(R"({{"TableConnectionString":{},"PartitionKey":"{}","RowKey":"{}"}})",
                        json_quoted(status_table->reveal()),
                        blob.id,
                        blob.id)
          : std::string{"null"};
  return Secret{
      fmt::format(R"({{"Id":"{}","BlobPath":{},"RawDataSize":{},"DatabaseName":{},"TableName":{},)"
                  R"("RetainBlobOnSuccess":true,"FlushImmediately":false,"IgnoreSizeLimit":false,)"
                  R"("ReportLevel":{},"ReportMethod":{},"SourceMessageCreationTime":"{}",)"
                  R"("ApplicationForTracing":"sluice","IngestionStatusInTable":{},)"
                  R"("AdditionalProperties":{}}})",
                  blob.id,
                  json_quoted(blob.address.reveal()),
                  rows.objects.size(),
                  json_quoted(database),
                  json_quoted(rows.table),
                  success_and_failure,
                  status_table ? by_table : by_queue,
                  to_iso8601(now, 3),
                  status,
                  properties)};
}

auto rest_message(const Rows& rows, const StagedBlob& blob, DateTime now) -> Secret {
  return Secret{
      fmt::format(R"({{"timestamp":"{}","blobs":[{{"url":{},"sourceId":"{}","rawSize":{}}}],)"
                  R"("properties":{{"format":"multijson","enableTracking":true,)"
                  R"("tags":["ingest-by:{}"],"ingestIfNotExists":["{}"],"skipBatching":false,)"
                  R"("deleteAfterDownload":false,"ingestionMappingReference":{}}}}})",
                  to_iso8601(now, 3),
                  json_quoted(blob.address.reveal()),
                  blob.id,
                  rows.objects.size(),
                  rows.tag,
                  rows.tag,
                  json_quoted(rows.mapping))};
}

} // namespace sluice::kusto
