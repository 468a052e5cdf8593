// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "activity/content_listing.hpp"
#include "activity/scripted_service.hpp"
#include "base/gzip.hpp"

namespace sluice::activity {
namespace {

class ContentListingTest : public FeedTest {
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

  auto listing(ContentListing::Limits limits = {}) -> ContentListing {
    return {connection_,
            ContentType::general,
            {*parse_iso8601("2026-07-13T06:00:00Z"), *parse_iso8601("2026-07-13T10:00:00Z")},
            limits};
  }
  /// All pages, to `pages_`.
  auto list(ContentListing::Limits limits = {}) -> Result<> {
    auto pages = listing(limits);
    for (;;) {
      TRY(auto page, pages.next_page({}));
      if (!page) {
        return {};
      }
      pages_.push_back(*std::move(page));
    }
  }

  std::vector<ContentPage> pages_;
};

TEST_F(ContentListingTest, reads_an_entry) {
  client_.answer(200, "[" + entry("1$2") + "]");
  ASSERT_TRUE(list());
  ASSERT_EQ(pages_.size(), 1U);
  EXPECT_EQ(pages_[0].contents,
            std::vector{(Content{.id = ContentId{"1$2"},
                                 .type = ContentType::general,
                                 .created = parse_iso8601("2026-07-13T08:08:25.181Z"),
                                 .expiration = parse_iso8601("2026-07-27T07:48:32.071Z")})});
}

TEST_F(ContentListingTest, follows_pages_in_either_spelling_to_the_end_even_past_an_empty_one) {
  client_.answer(200, "[" + entry("1$2") + "]", {{"NextPageUri", page_uri(2)}});
  client_.answer(200, "[]", {{"nextpageuri", page_uri(3)}});
  client_.answer(200, "[" + entry("3$4") + "]");
  ASSERT_TRUE(list());
  ASSERT_EQ(pages_.size(), 3U);
  EXPECT_EQ(pages_[0].contents.size(), 1U);
  EXPECT_EQ(pages_[1].contents.size(), 0U);
  EXPECT_EQ(pages_[2].contents.size(), 1U);
  for (const auto& request : client_.requests) {
    EXPECT_THAT(request, testing::HasSubstr("PublisherIdentifier=99999999-"));
  }
}

TEST_F(ContentListingTest, reads_a_compressed_page) {
  client_.answer(200, deflate_gzip("[" + entry("1$2") + "]"), {{"Content-Encoding", "gzip"}});
  ASSERT_TRUE(list());
  EXPECT_EQ(pages_[0].contents.size(), 1U);
}

TEST_F(ContentListingTest, pages_that_go_in_a_circle_are_no_success) {
  client_.answer(200, "[]", {{"NextPageUri", page_uri(2)}});
  client_.answer(200, "[]", {{"NextPageUri", page_uri(3)}});
  client_.answer(200, "[]", {{"NextPageUri", page_uri(2)}});
  EXPECT_EQ(list().error().kind(), ErrorKind::malformed);
}

TEST_F(ContentListingTest, pages_without_end_are_no_success) {
  for (int page = 2; page < 7; ++page) {
    client_.answer(200, "[]", {{"NextPageUri", page_uri(page)}});
  }
  EXPECT_EQ(list({.pages = 5}).error().kind(), ErrorKind::malformed);
  EXPECT_EQ(client_.requests.size(), 5U);
}

TEST_F(ContentListingTest, begins_again_when_the_service_forgot_its_page) {
  client_.answer(200, "[" + entry("1$2") + "]", {{"NextPageUri", page_uri(2)}});
  client_.answer(400, R"({"error":{"code":"AF20031","message":"bad nextPage"}})");
  client_.answer(200, "[" + entry("1$2") + "]");
  const auto listed = list();
  ASSERT_TRUE(listed) << listed.error().message();
  EXPECT_EQ(pages_.size(), 2U);
  EXPECT_EQ(client_.requests[2], client_.requests[0]);
}

TEST_F(ContentListingTest, does_not_begin_again_for_ever) {
  for (int i = 0; i < 4; ++i) {
    client_.answer(400, R"({"error":{"code":"AF20031","message":"bad nextPage"}})");
  }
  EXPECT_EQ(list().error().code(), "AF20031");
}

TEST_F(ContentListingTest, a_body_that_is_no_list_of_objects_is_malformed) {
  for (const auto* body : {"", "<html>", R"({"error":{"code":"AF50000"}})", "[1]", "[{]", "null"}) {
    client_.answer(200, body);
    const auto listed = list();
    ASSERT_FALSE(listed) << body;
    EXPECT_EQ(listed.error().kind(), ErrorKind::malformed) << body;
    EXPECT_TRUE(pages_.empty()) << body;
  }
}

TEST_F(ContentListingTest, a_bad_entry_is_reported_and_the_others_stand) {
  client_.answer(200,
                 "[" + entry("1$2") +
                     R"(,{"contentId":"3$4"},{"contentUri":"x","contentId":"..\u001b/x"},{},)" +
                     entry("5$6") + "]");
  ASSERT_TRUE(list());
  EXPECT_EQ(pages_[0].contents.size(), 2U);
  ASSERT_EQ(pages_[0].findings.size(), 3U);
  EXPECT_EQ(pages_[0].findings[0].kind, ErrorKind::malformed);
  EXPECT_EQ(pages_[0].findings[1].kind, ErrorKind::untrusted);
  EXPECT_EQ(pages_[0].findings[1].content_id, "..\\u001b/x");
}

TEST_F(ContentListingTest, an_entry_without_readable_times_is_still_content) {
  client_.answer(
      200,
      fmt::format(R"([{{"contentUri":"{}audit/1$2","contentId":"1$2","contentCreated":"x"}}])",
                  root));
  ASSERT_TRUE(list());
  ASSERT_EQ(pages_[0].contents.size(), 1U);
  EXPECT_EQ(pages_[0].contents[0].created, std::nullopt);
  EXPECT_EQ(pages_[0].contents[0].expiration, std::nullopt);
}

TEST_F(ContentListingTest, a_page_that_failed_can_be_tried_again_without_the_ones_before_it) {
  client_.answer(200, "[" + entry("1$2") + "]", {{"NextPageUri", page_uri(2)}});
  client_.answer(200, "[" + entry("3$4"));
  client_.answer(200, "[" + entry("3$4") + "]", {{"NextPageUri", page_uri(2)}});
  client_.answer(200, "[" + entry("3$4") + "]");
  auto pages = listing();
  EXPECT_TRUE(pages.next_page({}));
  EXPECT_EQ(pages.next_page({}).error().kind(), ErrorKind::malformed) << "cut short";
  EXPECT_EQ(pages.next_page({}).error().kind(), ErrorKind::malformed) << "followed by itself";
  const auto second = pages.next_page({});
  ASSERT_TRUE(second && *second);
  EXPECT_EQ((*second)->contents.front().id, ContentId{"3$4"});
  EXPECT_EQ(pages.next_page({}).value(), std::nullopt);
  EXPECT_EQ(client_.requests.size(), 4U);
  EXPECT_EQ(client_.requests[1], client_.requests[3]);
}

} // namespace
} // namespace sluice::activity
