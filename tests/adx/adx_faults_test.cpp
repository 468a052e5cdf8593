// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "adx_scene.hpp"

namespace sluice {
namespace {

constexpr auto denied =
    R"({"error":{"code":"Forbidden","message":"Principal is not authorized","@permanent":true}})";
constexpr auto busy =
    R"({"error":{"code":"TooManyRequests","message":"too busy","@permanent":false}})";

class AdxFaults : public AdxScene {};

TEST_F(AdxFaults, the_endpoint_takes_every_command_that_init_sends_twice) {
  for (int i = 0; i < 2; ++i) {
    for (const auto& object : kusto::database_objects()) {
      ask(object.command);
    }
  }
  EXPECT_EQ(stored(), 0);
}

TEST_F(AdxFaults, a_table_that_lacks_columns_gets_them_from_init_and_keeps_its_rows) {
  auto command = kusto::database_objects().front().command;
  const std::string table = "AuditRecords";
  ASSERT_EQ(command.rfind(".create-merge table " + table, 0), 0U);
  command.replace(command.find(table), table.size(), "Older");
  ask(".create table Older (Id: string, RecordType: int)");
  ask(".ingest inline into table Older <| one,40");
  ask(command);
  ask(command);
  EXPECT_EQ(ask("Older | where Id == 'one' and RecordType == 40 and isempty(Operation) | count"),
            1);
  EXPECT_EQ(ask("Older | getschema | count"), ask("AuditRecords | getschema | count"));
}

TEST_F(AdxFaults, what_is_flushed_is_ingested_and_nothing_but_ingestion_was_asked_for) {
  const auto delivery = deliver("g1", {"a", "b"});
  ASSERT_TRUE(delivery) << delivery.error().message();
  EXPECT_EQ(delivery->batches, 2U);
  EXPECT_EQ(delivery->stored, 4U);
  EXPECT_EQ(stored(), 4);
  EXPECT_EQ(client_.count("/rest/query"), 0);
  EXPECT_EQ(client_.count("/rest/mgmt"), 2);
  ASSERT_TRUE(deliver("g2", {"c"}));
  EXPECT_EQ(client_.count("/rest/mgmt"), 2) << "what was lent is kept";
}

TEST_F(AdxFaults, a_reply_that_is_lost_anywhere_changes_nothing) {
  expect_lost_replies_change_nothing({"PUT /sluiceaccount/tempstorage",
                                      "POST /sluiceaccount/ingestionsstatus",
                                      "POST /sluiceaccount/ingestrequests",
                                      "GET /sluiceaccount/ingestionsstatus"});
}

TEST_F(AdxFaults, a_group_that_is_delivered_again_after_a_failure_is_stored_once) {
  for (const auto* part : {"POST /sluiceaccount/ingestrequests", "GET /sluiceaccount/ingestions"}) {
    client_.faults = {{.part = part, .times = 1'000'000}};
    const auto failed = deliver(part, {part});
    ASSERT_FALSE(failed) << part;
    EXPECT_EQ(failed.error().kind(), ErrorKind::unavailable) << part;
    client_.faults.clear();
    ASSERT_TRUE(deliver(part, {part})) << part;
  }
  EXPECT_EQ(stored(), 4);
}

TEST_F(AdxFaults, signatures_that_ended_are_renewed) {
  ASSERT_TRUE(deliver("g1", {"a"}));
  const auto url = endpoint_->url();
  serve(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
  const auto delivery = deliver("g2", {"b"});
  ASSERT_TRUE(delivery) << delivery.error().message();
  EXPECT_EQ(stored(), 4);
  EXPECT_EQ(client_.count(".get ingestion resources"), 2);
}

TEST_F(AdxFaults, without_the_right_to_ingest_nothing_is_lost) {
  client_.faults = {{.part = ".get ingestion resources", .status = 403, .body = denied}};
  const auto refused = deliver("g1", {"a"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), ErrorKind::forbidden);
  ASSERT_TRUE(deliver("g1", {"a"}));
  EXPECT_EQ(stored(), 2);
}

TEST_F(AdxFaults, a_bad_content_is_found_and_holds_up_no_other) {
  const auto delivery = deliver("g1", {"a", "b", "bad", "c", "d"});
  ASSERT_TRUE(delivery) << delivery.error().message();
  ASSERT_EQ(delivery->refused.size(), 1U);
  EXPECT_EQ(delivery->refused.front().batch, 2U);
  EXPECT_EQ(delivery->stored, 8U);
  EXPECT_EQ(stored(), 8);
}

TEST_F(AdxFaults, a_large_group_goes_out_in_pieces_several_at_once) {
  piece_bytes_ = 300; // Two contents.
  client_.counted = "PUT /sluiceaccount/tempstorage";
  std::vector<std::string> contents;
  for (int i = 10; i < 26; ++i) {
    contents.push_back(fmt::format("content-{}", i));
  }
  const auto delivery = deliver("g1", contents);
  ASSERT_TRUE(delivery) << delivery.error().message();
  EXPECT_EQ(delivery->batches, 16U);
  EXPECT_EQ(delivery->stored, 32U);
  EXPECT_EQ(stored(), 32);
  EXPECT_EQ(client_.count("PUT /sluiceaccount/tempstorage"), 8);
  EXPECT_GT(client_.most_at_once(), 1);
  EXPECT_LE(client_.most_at_once(), 4);
}

TEST_F(AdxFaults, of_a_large_group_that_failed_in_part_nothing_is_stored_twice) {
  piece_bytes_ = 300;
  client_.faults = {{.part = "POST /sluiceaccount/ingestrequests", .status = 403, .times = 9}};
  const std::vector<std::string> contents{
      "content-1", "content-2", "content-3", "bad", "content-4", "content-5"};
  while (!deliver("g1", contents)) {
    EXPECT_LT(client_.count("POST /sluiceaccount/ingestrequests"), 60);
  }
  EXPECT_EQ(stored(), 10);
  const auto again = deliver("g1", contents);
  ASSERT_TRUE(again) << again.error().message();
  ASSERT_EQ(again->refused.size(), 1U);
  EXPECT_EQ(again->refused.front().batch, 3U);
  EXPECT_EQ(stored(), 10);
}

TEST_F(AdxFaults, versions_of_cases_are_stored_once_and_another_history_voids_them) {
  const auto told = [&](std::string_view epoch, std::string_view id) {
    destination::AdxDestination adx{*ingestor_, {.identity = "test"}};
    const auto row = fmt::format(R"({{"CaseId":"{}","Kind":"clicks"}})", id);
    const std::vector<destination::CaseVersion> cases{
        {.organization = "o", .case_id = id, .version = 1, .told_at = clock_.now(), .row = row}};
    adx.begin(fmt::format("cases-{}-{}", epoch, id));
    return adx.deliver_cases({.epoch = epoch, .cases = cases});
  };
  ASSERT_TRUE(told("e1", "a"));
  ASSERT_TRUE(told("e1", "b"));
  ASSERT_TRUE(told("e1", "b"));
  EXPECT_EQ(ask("Cases | where Version == 1 and isnotnull(EmittedTime) | count"), 2);
  ASSERT_TRUE(told("e2", "a"));
  EXPECT_EQ(ask("LatestCases() | count"), 1);
}

TEST_F(AdxFaults, small_pieces_are_streamed_and_large_ones_go_by_the_queues) {
  use({.streaming = true, .max_streamed_bytes = 300});
  ASSERT_TRUE(deliver("g1", {"a"}));
  EXPECT_EQ(client_.count("/v1/rest/ingest/"), 1);
  EXPECT_EQ(client_.count("/rest/mgmt"), 0);
  ASSERT_TRUE(deliver("g2", {"b", "c", "d", "e", "f"}));
  EXPECT_EQ(client_.count("/v1/rest/ingest/"), 1);
  EXPECT_EQ(stored(), 12);
}

TEST_F(AdxFaults, where_streaming_does_not_work_the_queues_do) {
  struct Case {
    const char* name;
    int status;
    const char* body;
    int tries;       ///< Of streaming, for the first piece.
    bool remembered; ///< The second piece is not streamed.
  };
  for (const auto& [name, status, body, tries, remembered] :
       {Case{"off for the cluster", 404, "", 1, true},
        Case{"off for the table",
             400,
             R"({"error":{"code":"BadRequest","message":"Streaming ingestion is disabled"}})",
             1,
             true},
        Case{"too large", 413, "", 1, false},
        Case{"throttled", 429, busy, 3, true}}) {
    use({.streaming = true});
    const auto before = client_.count("/v1/rest/ingest/");
    const auto rows_before = stored();
    client_.faults = {{.part = "/v1/rest/ingest/", .status = status, .body = body, .times = tries}};
    const auto first = deliver(fmt::format("one-{}", status + tries), {fmt::format("{} 1", name)});
    ASSERT_TRUE(first) << name << ": " << first.error().message();
    EXPECT_EQ(client_.count("/v1/rest/ingest/") - before, tries) << name;
    ASSERT_TRUE(deliver(fmt::format("two-{}", status + tries), {fmt::format("{} 2", name)}));
    EXPECT_EQ(client_.count("/v1/rest/ingest/") - before, tries + (remembered ? 0 : 1)) << name;
    EXPECT_EQ(stored() - rows_before, 4) << name;
  }
}

TEST_F(AdxFaults, a_streamed_piece_whose_reply_is_lost_is_sent_again) {
  use({.streaming = true});
  client_.faults = {{.part = "/v1/rest/ingest/"}};
  ASSERT_TRUE(deliver("g1", {"a"}));
  EXPECT_EQ(client_.count("/v1/rest/ingest/"), 2);
  EXPECT_EQ(stored(), 2); // The endpoint knows records by their ids; a cluster would have four.
}

} // namespace
} // namespace sluice
