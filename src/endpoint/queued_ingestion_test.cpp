// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "endpoint/queued_ingestion.hpp"

namespace sluice::endpoint {
namespace {

using testing::ElementsAre;

TEST(QueuedRequest, is_read_as_one_client_writes_it) {
  const auto request = parse_queued_request(
      R"({"Id":"1","BlobPath":"http://h/b","DatabaseName":"D","TableName":"T","ReportLevel":2,)"
      R"("IngestionStatusInTable":{"TableConnectionString":"x","PartitionKey":"p","RowKey":"r"},)"
      R"("AdditionalProperties":{"format":"json","ingestionMappingReference":"m",)"
      R"("tags":"[\"drop-by:x\",\"ingest-by:a long batch name that is kept\"]",)"
      R"("ingestIfNotExists":"[\"a long batch name that is kept\"]","ignoreFirstRecord":true}})");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->ingest.table, "T");
  EXPECT_EQ(request->ingest.source, "1");
  EXPECT_EQ(request->ingest.mapping_name, "m");
  EXPECT_THAT(request->ingest.tags, ElementsAre("a long batch name that is kept"));
  EXPECT_THAT(request->ingest.unless, ElementsAre("a long batch name that is kept"));
  EXPECT_TRUE(request->ingest.ignore_first);
  EXPECT_TRUE(request->tells_success);
  EXPECT_EQ(request->status_partition, "p");
  EXPECT_EQ(request->status_row, "r");
}

TEST(QueuedRequest, is_read_as_another_client_writes_it) {
  const auto request = parse_queued_request(
      R"({"id":"1","blobPath":"http://h/b","databaseName":"D","tableName":"T",)"
      R"("reportLevel":"FailuresAndSuccesses",)"
      R"("additionalProperties":{"ignoreFirstRecord":"true","jsonMappingReference":"m"}})");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->blob_address, "http://h/b");
  EXPECT_EQ(request->ingest.format, "csv");
  EXPECT_EQ(request->ingest.mapping_name, "m");
  EXPECT_TRUE(request->ingest.ignore_first);
  EXPECT_TRUE(request->tells_success);
}

TEST(QueuedRequest, what_is_no_object_is_refused) {
  EXPECT_FALSE(parse_queued_request("[1]"));
  EXPECT_FALSE(parse_queued_request("not json"));
}

} // namespace
} // namespace sluice::endpoint
