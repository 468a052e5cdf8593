// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "activity/content_feed.hpp"
#include "activity/scripted_service.hpp"
#include "base/gzip.hpp"

namespace sluice::activity {
namespace {

class ContentFeedTest : public FeedTest {
protected:
  static auto entry(std::string_view id) -> std::string {
    return fmt::format(
        R"({{"contentUri":"{0}audit/{1}","contentId":"{1}","contentType":"Audit.General",)"
        R"("contentCreated":"2026-07-13T08:08:25.181Z","contentExpiration":"2026-07-27T07:48:32.071Z"}})",
        root,
        id);
  }
  static auto page_uri(int number) -> std::string {
    return fmt::format(
        "{}subscriptions/content?contenttype=Audit.General&nextpage={}", root, number);
  }

  auto list(ContentFeed::Limits limits = {}) -> Result<ListingSummary> {
    ContentFeed feed{connection_, limits};
    return feed.list(
        ContentType::general,
        {*parse_iso8601("2026-07-13T06:00:00Z"), *parse_iso8601("2026-07-13T10:00:00Z")},
        [this](ContentPage page) -> Result<> {
          pages_.push_back(std::move(page));
          return {};
        },
        {});
  }

  std::vector<ContentPage> pages_;
};

TEST_F(ContentFeedTest, reads_an_entry) {
  client_.answer(200, "[" + entry("1$2") + "]");
  ASSERT_TRUE(list());
  ASSERT_EQ(pages_.size(), 1U);
  EXPECT_EQ(pages_[0].contents,
            std::vector{(Content{.id = ContentId{"1$2"},
                                 .type = ContentType::general,
                                 .created = parse_iso8601("2026-07-13T08:08:25.181Z"),
                                 .expiration = parse_iso8601("2026-07-27T07:48:32.071Z")})});
}

TEST_F(ContentFeedTest, follows_pages_in_either_spelling_to_the_end_even_past_an_empty_one) {
  client_.answer(200, "[" + entry("1$2") + "]", {{"NextPageUri", page_uri(2)}});
  client_.answer(200, "[]", {{"nextpageuri", page_uri(3)}});
  client_.answer(200, "[" + entry("3$4") + "]");
  const auto summary = list();
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->pages, 3);
  EXPECT_EQ(summary->contents, 2U);
  for (const auto& request : client_.requests) {
    EXPECT_THAT(request, testing::HasSubstr("PublisherIdentifier=99999999-"));
  }
}

TEST_F(ContentFeedTest, reads_a_compressed_page) {
  client_.answer(200, deflate_gzip("[" + entry("1$2") + "]"), {{"Content-Encoding", "gzip"}});
  ASSERT_TRUE(list());
  EXPECT_EQ(pages_[0].contents.size(), 1U);
}

TEST_F(ContentFeedTest, pages_that_go_in_a_circle_are_no_success) {
  client_.answer(200, "[]", {{"NextPageUri", page_uri(2)}});
  client_.answer(200, "[]", {{"NextPageUri", page_uri(3)}});
  client_.answer(200, "[]", {{"NextPageUri", page_uri(2)}});
  EXPECT_EQ(list().error().kind(), ErrorKind::malformed);
}

TEST_F(ContentFeedTest, pages_without_end_are_no_success) {
  for (int page = 2; page < 7; ++page) {
    client_.answer(200, "[]", {{"NextPageUri", page_uri(page)}});
  }
  EXPECT_EQ(list({.pages = 5}).error().kind(), ErrorKind::malformed);
  EXPECT_EQ(client_.requests.size(), 5U);
}

TEST_F(ContentFeedTest, begins_again_when_the_service_forgot_its_page) {
  client_.answer(200, "[" + entry("1$2") + "]", {{"NextPageUri", page_uri(2)}});
  client_.answer(400, R"({"error":{"code":"AF20031","message":"bad nextPage"}})");
  client_.answer(200, "[" + entry("1$2") + "]");
  const auto summary = list();
  ASSERT_TRUE(summary) << summary.error().message();
  EXPECT_EQ(summary->restarts, 1);
  EXPECT_EQ(client_.requests[2], client_.requests[0]);
}

TEST_F(ContentFeedTest, does_not_begin_again_for_ever) {
  for (int i = 0; i < 4; ++i) {
    client_.answer(400, R"({"error":{"code":"AF20031","message":"bad nextPage"}})");
  }
  EXPECT_EQ(list().error().code(), "AF20031");
}

TEST_F(ContentFeedTest, a_body_that_is_no_list_of_objects_is_malformed) {
  for (const auto* body : {"", "<html>", R"({"error":{"code":"AF50000"}})", "[1]", "[{]", "null"}) {
    client_.answer(200, body);
    const auto summary = list();
    ASSERT_FALSE(summary) << body;
    EXPECT_EQ(summary.error().kind(), ErrorKind::malformed) << body;
    EXPECT_TRUE(pages_.empty()) << body;
  }
}

TEST_F(ContentFeedTest, a_bad_entry_is_reported_and_the_others_stand) {
  client_.answer(200,
                 "[" + entry("1$2") +
                     R"(,{"contentId":"3$4"},{"contentUri":"x","contentId":"..\u001b/x"},{},)" +
                     entry("5$6") + "]");
  const auto summary = list();
  ASSERT_TRUE(summary);
  EXPECT_EQ(pages_[0].contents.size(), 2U);
  ASSERT_EQ(pages_[0].findings.size(), 3U);
  EXPECT_EQ(pages_[0].findings[0].kind, ErrorKind::malformed);
  EXPECT_EQ(pages_[0].findings[1].kind, ErrorKind::untrusted);
  EXPECT_EQ(pages_[0].findings[1].content_id, "..\\u001b/x");
}

TEST_F(ContentFeedTest, an_entry_without_readable_times_is_still_content) {
  client_.answer(
      200,
      fmt::format(R"([{{"contentUri":"{}audit/1$2","contentId":"1$2","contentCreated":"x"}}])",
                  root));
  ASSERT_TRUE(list());
  ASSERT_EQ(pages_[0].contents.size(), 1U);
  EXPECT_EQ(pages_[0].contents[0].created, std::nullopt);
  EXPECT_EQ(pages_[0].contents[0].expiration, std::nullopt);
}

TEST_F(ContentFeedTest, an_error_of_the_handler_ends_the_listing) {
  client_.answer(200, "[]", {{"NextPageUri", page_uri(2)}});
  ContentFeed feed{connection_};
  const auto fail = [](const ContentPage&) -> Result<> {
    return Error{ErrorKind::storage, "the disk is full"};
  };
  EXPECT_EQ(feed.list(ContentType::general, {}, fail, {}).error().kind(), ErrorKind::storage);
  EXPECT_EQ(client_.requests.size(), 1U);
}

} // namespace
} // namespace sluice::activity
