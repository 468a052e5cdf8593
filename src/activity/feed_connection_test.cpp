// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "activity/content_reader.hpp"
#include "activity/feed_connection.hpp"
#include "activity/scripted_service.hpp"
#include "activity/subscriptions.hpp"

namespace sluice::activity {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class KeepingSink final : public http::BodySink {
public:
  auto begin(const http::ResponseHead&) -> Result<> override {
    ++begins;
    return {};
  }
  auto write(std::span<const std::byte> bytes) -> Result<> override {
    body.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }

  void fell_behind() override { ++times_behind; }

  int begins = 0;
  int times_behind = 0;
  std::string body;
};

class ContentReaderTest : public FeedTest {
protected:
  auto retrieve() -> Result<http::ResponseHead> {
    return ContentReader{connection_}.retrieve(ContentId{"1$2"}, sink_, {});
  }
  KeepingSink sink_;
};

TEST_F(ContentReaderTest, says_that_a_content_comes_faster_than_it_is_taken) {
  client_.comes_fast = true;
  client_.answer(200, "[]");
  ASSERT_TRUE(retrieve());
  EXPECT_EQ(sink_.times_behind, 1);
}

TEST_F(ContentReaderTest, gives_the_bytes_as_they_came) {
  client_.answer(200, "\x1f\x8b...", {{"Content-Encoding", "gzip"}});
  const auto head = retrieve();
  ASSERT_TRUE(head);
  EXPECT_EQ(head->headers.find("content-encoding"), "gzip");
  EXPECT_EQ(sink_.body, "\x1f\x8b...");
  EXPECT_THAT(client_.requests,
              ElementsAre(std::string{root} + "audit/1$2?PublisherIdentifier=" + publisher));
}

TEST_F(ContentReaderTest, a_refused_token_is_renewed_once) {
  client_.answer(401, "Authorization has been denied for this request.");
  client_.answer(200, "[]");
  ASSERT_TRUE(retrieve());
  EXPECT_THAT(client_.tokens, ElementsAre("token-1", "token-2"));
  EXPECT_EQ(sink_.body, "[]");
  EXPECT_EQ(sink_.begins, 1);
}

TEST_F(ContentReaderTest, a_token_that_is_refused_again_is_an_error) {
  client_.answer(401, "");
  client_.answer(401, "");
  EXPECT_EQ(retrieve().error().kind(), ErrorKind::unauthorized);
}

TEST_F(ContentReaderTest, a_missing_permission_is_no_reason_to_renew) {
  client_.answer(401, R"({"error":{"code":"AF10001","message":"The permission set () ..."}})");
  EXPECT_EQ(retrieve().error().kind(), ErrorKind::forbidden);
  EXPECT_EQ(client_.requests.size(), 1U);
}

TEST_F(ContentReaderTest, the_sink_sees_nothing_of_a_refusal) {
  client_.answer(400, R"({"error":{"code":"AF20051","message":"expired"}})");
  const auto head = retrieve();
  ASSERT_FALSE(head);
  EXPECT_EQ(head.error().kind(), ErrorKind::gone);
  EXPECT_EQ(sink_.begins, 0);
  EXPECT_EQ(sink_.body, "");
}

TEST_F(ContentReaderTest, a_refusal_of_any_length_is_read_in_bounded_memory) {
  client_.answer(500, std::string(10'000'000, 'x'));
  EXPECT_EQ(retrieve().error().kind(), ErrorKind::unavailable);
}

TEST_F(ContentReaderTest, throttling_slows_all_requests_down) {
  client_.answer(403, R"({"error":{"code":"AF429","message":"Too many requests."}})");
  EXPECT_EQ(retrieve().error().kind(), ErrorKind::throttled);
  EXPECT_EQ(limiter_.per_minute(), 1'000);
  const auto before = clock_.steady();
  client_.answer(200, "[]");
  ASSERT_TRUE(retrieve());
  EXPECT_GE(clock_.steady() - before, 10s);
}

TEST_F(ContentReaderTest, a_stop_is_heeded_before_the_request) {
  std::stop_source stop;
  stop.request_stop();
  const auto head = ContentReader{connection_}.retrieve(ContentId{"1$2"}, sink_, stop.get_token());
  EXPECT_EQ(head.error().kind(), ErrorKind::cancelled);
  EXPECT_TRUE(client_.requests.empty());
}

using SubscriptionsTest = FeedTest;

TEST_F(SubscriptionsTest, are_listed_with_their_state) {
  client_.answer(
      200,
      R"([{"contentType":"Audit.SharePoint","status":"enabled","webhook":null},)"
      R"({"contentType":"DLP.ALL","status":"disabled","webhook":{"address":"https://hook.example/","authId":"x"}},)"
      R"({"contentType":"Audit.Exchange"},{"contentType":"Audit.New","status":"enabled"}])");
  const auto list = Subscriptions{connection_}.list({});
  ASSERT_TRUE(list) << list.error().message();
  ASSERT_EQ(list->size(), 3U);
  EXPECT_EQ((*list)[0].type, ContentType::sharepoint);
  EXPECT_EQ((*list)[0].enabled, true);
  EXPECT_EQ((*list)[1].type, ContentType::dlp_all);
  EXPECT_EQ((*list)[1].enabled, false);
  EXPECT_EQ((*list)[1].webhook, "https://hook.example/");
  EXPECT_EQ((*list)[2].enabled, std::nullopt);
}

TEST_F(SubscriptionsTest, a_list_that_is_none_is_malformed) {
  client_.answer(200, R"({"error":"x"})");
  EXPECT_EQ(Subscriptions{connection_}.list({}).error().kind(), ErrorKind::malformed);
}

TEST_F(SubscriptionsTest, a_wrong_endpoint_is_not_taken_for_lost_content) {
  client_.answer(404, "<html>");
  EXPECT_EQ(Subscriptions{connection_}.list({}).error().kind(), ErrorKind::unavailable);
}

TEST_F(SubscriptionsTest, starting_what_is_on_already_is_a_success) {
  client_.answer(
      400,
      R"({"error":{"code":"AF20024","message":"The subscription is already enabled. No property change."}})");
  EXPECT_TRUE(Subscriptions{connection_}.start(ContentType::general, {}));
  EXPECT_THAT(client_.methods, ElementsAre(http::Method::post));
}

TEST_F(SubscriptionsTest, starting_too_often_says_how_long_to_wait_and_slows_nothing_else) {
  client_.answer(
      403,
      R"({"error":{"code":"429","message":"Too many frequent subscription start requests. Please retry again after 8m 46s."}})");
  const auto started = Subscriptions{connection_}.start(ContentType::general, {});
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().kind(), ErrorKind::throttled);
  EXPECT_EQ(started.error().retry_after(), 8min + 46s);
  EXPECT_EQ(limiter_.per_minute(), 2'000);
}

TEST_F(SubscriptionsTest, are_stopped_with_an_empty_reply) {
  client_.answer(200, "");
  EXPECT_TRUE(Subscriptions{connection_}.stop(ContentType::general, {}));
  client_.answer(204, "");
  EXPECT_TRUE(Subscriptions{connection_}.stop(ContentType::general, {}));
}

using ServerClockTest = FeedTest;

TEST_F(ServerClockTest, follows_the_service_when_ours_is_off_by_more_than_five_minutes) {
  client_.answer(200, "[]", {{"Date", "Mon, 13 Jul 2026 10:04:00 GMT"}});
  ASSERT_TRUE(Subscriptions{connection_}.list({}));
  EXPECT_EQ(connection_.server_clock().correction(), Ticks{0});
  client_.answer(200, "[]", {{"Date", "Mon, 13 Jul 2026 09:50:00 GMT"}});
  ASSERT_TRUE(Subscriptions{connection_}.list({}));
  EXPECT_EQ(connection_.server_clock().correction(), Ticks{-10min});
  EXPECT_EQ(connection_.server_clock().now(), clock_.now() - Ticks{10min});
}

TEST_F(ServerClockTest, a_refusal_carries_the_time_too) {
  client_.answer(400,
                 R"({"error":{"code":"AF20055","message":"window"}})",
                 {{"Date", "Tue, 14 Jul 2026 10:00:00 GMT"}});
  EXPECT_EQ(Subscriptions{connection_}.list({}).error().code(), "AF20055");
  EXPECT_EQ(connection_.server_clock().correction(), Ticks{24h});
}

TEST_F(ServerClockTest, ignores_a_date_it_cannot_read) {
  client_.answer(200, "[]", {{"Date", "tomorrow"}});
  ASSERT_TRUE(Subscriptions{connection_}.list({}));
  EXPECT_EQ(connection_.server_clock().correction(), Ticks{0});
}

} // namespace
} // namespace sluice::activity
