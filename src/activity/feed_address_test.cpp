// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "activity/content_listing.hpp"
#include "activity/feed_address.hpp"
#include "activity/scripted_service.hpp"

namespace sluice::activity {
namespace {

using FeedAddressTest = FeedTest;

TEST_F(FeedAddressTest, every_address_carries_the_publisher) {
  const auto same = [&](const http::Url& url, std::string_view rest) {
    EXPECT_EQ(url.text(), fmt::format("{}{}PublisherIdentifier={}", root, rest, publisher));
  };
  same(address_.subscription_list(), "subscriptions/list?");
  same(address_.subscription_start(ContentType::general),
       "subscriptions/start?contentType=Audit.General&");
  same(address_.subscription_stop(ContentType::dlp_all), "subscriptions/stop?contentType=DLP.All&");
  same(address_.content_list(
           ContentType::exchange,
           {*parse_iso8601("2026-07-13T06:00:00Z"), *parse_iso8601("2026-07-13T10:20:30Z")}),
       "subscriptions/content?contentType=Audit.Exchange&startTime=2026-07-13T06%3A00%3A00&"
       "endTime=2026-07-13T10%3A20%3A30&");
  same(address_.content(*parse_content_id("1$2$audit_exchange$Audit_Exchange$na0017")),
       "audit/1$2$audit_exchange$Audit_Exchange$na0017?");
}

TEST_F(FeedAddressTest, the_real_form_of_a_next_page_is_rebuilt_with_the_publisher) {
  const auto next = address_.next_page(
      std::string{root} +
      "subscriptions/content?contenttype=Audit.General&endtime=2020-02-20T10:46:42.0000000Z&"
      "starttime=2020-02-19T10:46:42.0000000Z&"
      "nextpage=20200220001806300068349$20200219104642000000000$na0022");
  ASSERT_TRUE(next) << next.error().message();
  EXPECT_EQ(next->text(),
            std::string{root} +
                "subscriptions/content?contenttype=Audit.General&"
                "endtime=2020-02-20T10%3A46%3A42.0000000Z&"
                "starttime=2020-02-19T10%3A46%3A42.0000000Z&"
                "nextpage=20200220001806300068349%2420200219104642000000000%24na0022&"
                "PublisherIdentifier=" +
                publisher);
}

TEST_F(FeedAddressTest, a_publisher_in_the_next_page_is_replaced_by_ours) {
  const auto next = address_.next_page(
      std::string{root} +
      "subscriptions/content?publisheridentifier=00000000-0000-0000-0000-000000000000&nextpage=1");
  ASSERT_TRUE(next);
  EXPECT_EQ(next->query(), std::string{"nextpage=1&PublisherIdentifier="} + publisher);
}

TEST_F(FeedAddressTest, content_addresses_are_accepted_as_they_were_observed) {
  const auto id = *parse_content_id("1$2$x$X$na0017");
  for (const auto& uri : {std::string{root} + "audit/1$2$x$X$na0017",
                          std::string{root} + "Audit/1$2$x$X$na0017",
                          std::string{root} + "audit/1%242%24x%24X%24na0017",
                          std::string{root} + "audit/1$2$x$X$na0017$IsFromNotification",
                          std::string{root} + "audit/1$2$x$X$na0017?PublisherIdentifier=x"}) {
    const auto checked = address_.check_content_uri(uri, id);
    EXPECT_TRUE(checked) << uri << ": " << checked.error().message();
  }
}

TEST_F(FeedAddressTest, ids_that_are_no_guids_are_refused) {
  EXPECT_FALSE(FeedAddress::create(management_, TenantId{"contoso.example"}, publisher));
  EXPECT_FALSE(FeedAddress::create(management_, TenantId{tenant}, "contoso"));
}

struct HostileAddress {
  std::string_view name;
  /// Stands where an honest address has its origin and path up to `feed/`.
  std::string_view prefix;
};

class HostileAddressTest : public FeedTest, public testing::WithParamInterface<HostileAddress> {};

/// One list reply: the entry's `contentUri` is hostile, and so is the next page.
TEST_P(HostileAddressTest, gets_no_request_at_all) {
  const std::string id = "1$2$x$X$na0017";
  const auto hostile = [&](std::string_view end) {
    return std::string{GetParam().prefix} + std::string{end};
  };

  client_.answer(
      200,
      fmt::format(R"([{{"contentUri":"{}","contentId":"{}"}}])", hostile("audit/" + id), id),
      {{"NextPageUri", hostile("subscriptions/content?nextpage=1")}});
  ContentListing listing{connection_, ContentType::general, {}};
  const auto listed = listing.next_page({});
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().kind(), ErrorKind::untrusted) << listed.error().message();
  EXPECT_EQ(client_.requests.size(), 1U) << "only our own first page";

  client_.answer(
      200, fmt::format(R"([{{"contentUri":"{}","contentId":"{}"}}])", hostile("audit/" + id), id));
  const auto page = listing.next_page({});
  ASSERT_TRUE(page && *page);
  ASSERT_EQ((*page)->findings.size(), 1U);
  EXPECT_TRUE((*page)->contents.empty());
  EXPECT_EQ((*page)->findings.front().kind, ErrorKind::untrusted);
  EXPECT_EQ((*page)->findings.front().content_id, id);
  EXPECT_EQ(client_.requests.size(), 2U);
}

#define OWN "/api/v1.0/11111111-2222-3333-4444-555555555555/activity/feed/"
INSTANTIATE_TEST_SUITE_P(
    Table,
    HostileAddressTest,
    testing::Values(
        HostileAddress{"longer_host", "https://manage.office.com.evil.example" OWN},
        HostileAddress{"user_info", "https://manage.office.com@evil.example" OWN},
        HostileAddress{"password", "https://manage.office.com:x@evil.example" OWN},
        HostileAddress{"fragment", "https://evil.example#.manage.office.com" OWN},
        HostileAddress{"other_cloud", "https://manage-gcc.office.com" OWN},
        HostileAddress{"subdomain", "https://x.manage.office.com" OWN},
        HostileAddress{"trailing_dot", "https://manage.office.com." OWN},
        HostileAddress{"other_port", "https://manage.office.com:8443" OWN},
        HostileAddress{"port_zero", "https://manage.office.com:0" OWN},
        HostileAddress{"plain_http", "http://manage.office.com" OWN},
        HostileAddress{"plain_http_on_443", "http://manage.office.com:443" OWN},
        HostileAddress{"other_scheme", "ftp://manage.office.com" OWN},
        HostileAddress{"no_scheme", "//manage.office.com" OWN},
        HostileAddress{"relative", OWN},
        HostileAddress{"backslash", "https://manage.office.com\\\\.evil.example" OWN},
        HostileAddress{"backslash_at", "https://evil.example\\\\@manage.office.com" OWN},
        HostileAddress{"double_slash", "https://manage.office.com/" OWN},
        HostileAddress{"idn",
                       "https://manage.\xC3\xB6"
                       "ffice.com" OWN},
        HostileAddress{"punycode", "https://manage.xn--ffice-jua.com" OWN},
        HostileAddress{"ipv6", "https://[2001:db8::1]" OWN},
        HostileAddress{"ipv6_loopback", "https://[::1]" OWN},
        HostileAddress{"ipv4", "https://192.0.2.1" OWN},
        HostileAddress{"number", "https://3221225985" OWN},
        HostileAddress{"encoded_host", "https://manage%2eoffice.com" OWN},
        HostileAddress{"blank_in_host", "https://manage.office.com .evil.example" OWN},
        HostileAddress{"other_tenant",
                       "https://manage.office.com/api/v1.0/22222222-2222-3333-4444-555555555555/"
                       "activity/feed/"},
        HostileAddress{"climbs_to_other_tenant",
                       "https://manage.office.com" OWN
                       "../../../22222222-2222-3333-4444-555555555555/activity/feed/"},
        HostileAddress{"climbs_encoded", "https://manage.office.com" OWN "..%2f..%2f"},
        HostileAddress{"climbs_encoded_dots", "https://manage.office.com" OWN "%2e%2e/feed/"},
        HostileAddress{"other_path", "https://manage.office.com/evil/"},
        HostileAddress{"other_version",
                       "https://manage.office.com/api/v2.0/11111111-2222-3333-4444-555555555555/"
                       "activity/feed/"},
        HostileAddress{"path_in_query", "https://manage.office.com/?" OWN},
        HostileAddress{"nothing", ""}),
    [](const auto& row) { return std::string{row.param.name}; });
#undef OWN

TEST_F(FeedAddressTest, content_must_be_the_entrys_own) {
  const auto id = *parse_content_id("1$2$x$X$na0017");
  for (const auto* end : {"audit/",
                          "audit/1$2$x$X$na0018",
                          "audit/1$2$x$X$na0017/more",
                          "audit/1$2$x$X$na0017$IsFromElsewhere",
                          "subscriptions/stop",
                          "auditx/1$2$x$X$na0017"}) {
    const auto checked = address_.check_content_uri(std::string{root} + end, id);
    ASSERT_FALSE(checked) << end;
    EXPECT_EQ(checked.error().kind(), ErrorKind::untrusted) << end;
  }
}

TEST_F(FeedAddressTest, the_next_page_must_be_a_listing) {
  for (const auto* end : {"subscriptions/stop?contentType=Audit.General",
                          "subscriptions/start?contentType=Audit.General",
                          "audit/1$2",
                          "subscriptions/content/x?nextpage=1",
                          "subscriptions/content?nextpage=%zz"}) {
    const auto next = address_.next_page(std::string{root} + end);
    ASSERT_FALSE(next) << end;
    EXPECT_EQ(next.error().kind(), ErrorKind::untrusted) << end;
  }
}

} // namespace
} // namespace sluice::activity
