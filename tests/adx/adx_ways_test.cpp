// SPDX-License-Identifier: Apache-2.0
// The ways by which rows reach a cluster besides the usual one: blobs in a container of ours,
// status by queues, REST.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "adx_scene.hpp"
#include "azure/authorization.hpp"
#include "azure/queue.hpp"

namespace sluice {
namespace {

class AdxWays : public AdxScene {
protected:
  void use_rest() {
    serve(0, true);
    use({});
  }

  /// Blobs go to a container of the endpoint, which `authorization` opens.
  void use_container(std::string_view name,
                     std::shared_ptr<azure::Authorization> authorization,
                     kusto::OwnStaging::Access access) {
    azure::StorageResource container{
        client_,
        clock_,
        azure::StorageService::blob,
        http::Url::parse(fmt::format("{}/sluiceaccount/{}", endpoint_->url(), name)).value(),
        std::move(authorization)};
    use({.queued = {.staging = kusto::OwnStaging{azure::BlobContainer{std::move(container)},
                                                 std::move(access)}}});
  }

  void use_identity(std::string_view identity) {
    use_container(
        "staging", azure::bearer_token(tokens_), kusto::read_by_managed_identity(identity));
  }

  auto uploads_left() -> std::size_t {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator{directory_ / "uploads"}) {
      count += entry.path().filename().string().starts_with("blob-") ? 1U : 0U;
    }
    return count;
  }

private:
  /// Tokens for the endpoint.
  class Tokens final : public identity::TokenSource {
  public:
    explicit Tokens(AdxWays& scene) : scene_{scene} {}
    auto token(const std::stop_token&) -> Result<http::Bearer> override {
      return http::Bearer{http::Url::parse(scene_.endpoint_->url()).value().origin(),
                          Secret{std::string{"a-token"}}};
    }
    void invalidate(const http::Bearer&) override {}

  private:
    AdxWays& scene_;
  };
  Tokens tokens_{*this};
};

TEST_F(AdxWays, a_status_table_that_is_refused_is_done_without) {
  client_.faults = {{.part = "POST /sluiceaccount/ingestionsstatus", .status = 403, .times = 99}};
  const auto delivery = deliver("g1", {"a", "b"});
  ASSERT_TRUE(delivery) << delivery.error().message();
  EXPECT_EQ(stored(), 4);
  EXPECT_GE(client_.count("GET /sluiceaccount/successfulingestions"), 1);
  EXPECT_EQ(client_.count("DELETE /sluiceaccount/successfulingestions"), 1);
  EXPECT_EQ(client_.count("GET /sluiceaccount/ingestionsstatus"), 0);
}

TEST_F(AdxWays, by_queues_a_bad_content_is_found_and_a_repetition_changes_nothing) {
  client_.faults = {{.part = "POST /sluiceaccount/ingestionsstatus", .status = 403, .times = 999}};
  const auto delivery = deliver("g1", {"a", "bad", "b"});
  ASSERT_TRUE(delivery) << delivery.error().message();
  ASSERT_EQ(delivery->refused.size(), 1U);
  EXPECT_EQ(delivery->refused.front().batch, 1U);
  EXPECT_EQ(delivery->refused.front().error.code(), "BadRequest_InvalidBlob");
  EXPECT_EQ(stored(), 4);
  ASSERT_TRUE(deliver("g2", {"c"}));
  ASSERT_TRUE(deliver("g2", {"c"}));
  EXPECT_EQ(stored(), 6);
}

TEST_F(AdxWays, a_status_message_whose_reply_is_lost_is_met_again) {
  client_.faults = {
      {.part = "POST /sluiceaccount/ingestionsstatus", .status = 403, .times = 99},
      {.part = "GET /sluiceaccount/successfulingestions"},
  };
  ASSERT_TRUE(deliver("g1", {"a"}));
  EXPECT_EQ(stored(), 2);
}

TEST_F(AdxWays, what_the_status_queues_told_is_there_after_a_restart) {
  const auto queue = [this](std::string_view kind) {
    return azure::Queue{azure::StorageResource::from_signed_address(
                            client_, clock_, azure::StorageService::queue, Secret{lent(kind)}, {})
                            .value()};
  };
  const auto told = [&] {
    const auto messages =
        queue("FailedIngestionsQueue").receive(32, std::chrono::seconds{1}, {}).value();
    std::vector<std::string> texts;
    for (const auto& message : messages) {
      texts.push_back(message.text);
    }
    return texts;
  };
  ASSERT_TRUE(
      queue("SecuredReadyForAggregationQueue")
          .put(R"({"Id":"lost-one","BlobPath":"https://other.example/blob","ReportLevel":2,)"
               R"("DatabaseName":"sluice","TableName":"AuditRecords"})",
               {},
               {}));
  std::vector<std::string> first;
  while (first.empty()) {
    first = told();
  }
  EXPECT_THAT(first, testing::ElementsAre(testing::HasSubstr("lost-one")));
  serve(0);
  EXPECT_EQ(told(), first);
}

TEST_F(AdxWays, over_rest_neither_queue_nor_table_nor_identity_is_asked_for) {
  use_rest();
  const auto delivery = deliver("g1", {"a", "b"});
  ASSERT_TRUE(delivery) << delivery.error().message();
  EXPECT_EQ(stored(), 4);
  ASSERT_TRUE(deliver("g2", {"c"}));
  EXPECT_EQ(client_.count("/v1/rest/ingestion/configuration"), 1);
  EXPECT_EQ(client_.count("POST /v1/rest/ingestion/queued/sluice/AuditRecords"), 2);
  EXPECT_EQ(client_.count("/rest/mgmt") + client_.count("ingestrequests"), 0);
}

TEST_F(AdxWays, over_rest_a_reply_that_is_lost_anywhere_changes_nothing) {
  use_rest();
  expect_lost_replies_change_nothing({"GET /v1/rest/ingestion/configuration",
                                      "PUT /sluiceaccount/tempstorage",
                                      "POST /v1/rest/ingestion/queued",
                                      "GET /v1/rest/ingestion/queued"});
  client_.faults = {{.part = "GET /v1/rest/ingestion/queued", .times = 99}};
  const auto failed = deliver("g5", {"g5"});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind(), ErrorKind::unavailable);
  client_.faults.clear();
  ASSERT_TRUE(deliver("g5", {"g5"}));
  EXPECT_EQ(stored(), 10);
}

TEST_F(AdxWays, over_rest_a_bad_content_is_found_and_holds_up_no_other) {
  use_rest();
  const auto delivery = deliver("g1", {"a", "bad", "b"});
  ASSERT_TRUE(delivery) << delivery.error().message();
  ASSERT_EQ(delivery->refused.size(), 1U);
  EXPECT_EQ(delivery->refused.front().error.code(), "BadRequest_InvalidBlob");
  EXPECT_EQ(stored(), 4);
}

TEST_F(AdxWays, a_cluster_that_takes_rest_back_is_served_by_its_queues) {
  use_rest();
  client_.faults = {{.part = "POST /v1/rest/ingestion/queued", .status = 404, .times = 99}};
  ASSERT_TRUE(deliver("g1", {"a"}));
  ASSERT_TRUE(deliver("g2", {"b"}));
  EXPECT_EQ(client_.count("POST /v1/rest/ingestion/queued"), 1);
  EXPECT_EQ(client_.count("POST /sluiceaccount/ingestrequests"), 2);
  EXPECT_EQ(stored(), 4);
}

TEST_F(AdxWays, a_cluster_reads_our_container_as_its_managed_identity) {
  use_identity("system");
  const auto refused = deliver("g1", {"a"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "BadRequest_InvalidManagedIdentity");
  ask(kusto::managed_identity_policy("sluice", "system").command);
  const auto delivery = deliver("g1", {"a", "b"});
  ASSERT_TRUE(delivery) << delivery.error().message();
  EXPECT_EQ(stored(), 4);
  EXPECT_EQ(client_.count("tempstorage"), 0);
  EXPECT_EQ(uploads_left(), 0U) << "what was ingested is removed";
  use_identity("66666666-7777-8888-9999-000000000000");
  EXPECT_EQ(deliver("g2", {"c"}).error().code(), "BadRequest_InvalidManagedIdentity");
}

TEST_F(AdxWays, a_cluster_reads_our_container_by_a_signature) {
  const auto address = lent("TempStorage");
  const auto query = address.substr(address.find('?'));
  use_container("tempstorage",
                azure::shared_access_signature(Secret{std::string{query}}),
                kusto::read_by_signature(identity::RenewedSecret::create(
                                             [query](const std::stop_token&) -> Result<Secret> {
                                               return Secret{std::string{query}};
                                             },
                                             clock_)
                                             .value()));
  const auto delivery = deliver("g1", {"a", "b"});
  ASSERT_TRUE(delivery) << delivery.error().message();
  EXPECT_EQ(stored(), 4);
  EXPECT_EQ(uploads_left(), 0U);
}

TEST_F(AdxWays, our_container_goes_with_rest_too) {
  use_rest();
  ask(kusto::managed_identity_policy("sluice", "system").command);
  use_identity("system");
  ASSERT_TRUE(deliver("g1", {"a"}));
  EXPECT_EQ(stored(), 2);
  EXPECT_EQ(client_.count("/rest/mgmt"), 0);
}

} // namespace
} // namespace sluice
