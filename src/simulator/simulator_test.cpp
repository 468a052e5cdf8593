// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "simulator/simulator.hpp"
#include "simulator/test_tenant.hpp"

namespace sluice::simulator {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

auto with_fault(std::string_view assignment) -> SimulatorOptions {
  SimulatorOptions options;
  EXPECT_TRUE(options.faults.set(assignment));
  return options;
}

/// Follows pages to the end; returns all values of `field`.
auto all_pages(TestTenant& tenant, std::string next, std::string_view field)
    -> std::vector<std::string> {
  std::vector<std::string> values;
  while (!next.empty()) {
    const auto page = tenant.get(next);
    EXPECT_EQ(page.status, 200) << page.body;
    const auto more = values_of(page.body, field);
    values.insert(values.end(), more.begin(), more.end());
    next = page.header("NextPageUri");
  }
  return values;
}

auto record_ids(TestTenant& tenant, const std::vector<std::string>& uris)
    -> std::vector<std::string> {
  std::vector<std::string> ids;
  for (const auto& uri : uris) {
    const auto more = values_of(tenant.get(uri).body, "Id");
    ids.insert(ids.end(), more.begin(), more.end());
  }
  return ids;
}

struct Refusal {
  const char* name;
  const char* method;
  const char* rest; ///< Below the feed's root, or a whole path.
  int status;
  const char* code;
};

class SimulatorRefuses : public testing::TestWithParam<Refusal> {};

TEST_P(SimulatorRefuses, as_the_table_says) {
  const auto& row = GetParam();
  TestTenant tenant;
  tenant.subscribe();
  const auto path =
      std::string_view{row.rest}.starts_with("/") ? std::string{row.rest} : tenant.feed(row.rest);
  const auto reply = std::string_view{row.method} == "GET" ? tenant.get(path) : tenant.post(path);
  EXPECT_EQ(reply.status, row.status);
  EXPECT_THAT(reply.body, HasSubstr(fmt::format(R"({{"error":{{"code":"{}")", row.code)));
}

#define LIST "subscriptions/content?contentType=Audit.General"
INSTANTIATE_TEST_SUITE_P(
    Table,
    SimulatorRefuses,
    testing::Values(
        Refusal{"no_content_type", "GET", "subscriptions/content", 400, "AF20001"},
        Refusal{"unknown_type", "POST", "subscriptions/start?contentType=Audit.X", 400, "AF20020"},
        Refusal{"never_started",
                "GET",
                "subscriptions/content?contentType=Audit.Exchange",
                400,
                "AF20022"},
        Refusal{
            "started_twice", "POST", "subscriptions/start?contentType=audit.general", 403, "429"},
        Refusal{"publisher_is_no_guid", "GET", LIST "&PublisherIdentifier=contoso", 400, "AF20002"},
        Refusal{"only_a_start", "GET", LIST "&startTime=2026-08-30T10:00", 400, "AF20055"},
        Refusal{"more_than_24_hours",
                "GET",
                LIST "&startTime=2026-08-28&endTime=2026-08-29T00:00:01",
                400,
                "AF20055"},
        Refusal{"more_than_7_days_ago",
                "GET",
                LIST "&startTime=2026-08-21&endTime=2026-08-21T01:00",
                400,
                "AF20055"},
        Refusal{"end_before_start",
                "GET",
                LIST "&startTime=2026-08-30T02:00&endTime=2026-08-30T01:00",
                400,
                "AF20055"},
        Refusal{"another_zone",
                "GET",
                LIST "&startTime=2026-08-30T02:00:00+00:00&endTime=2026-08-30T03:00",
                400,
                "AF20002"},
        Refusal{"bad_next_page",
                "GET",
                LIST "&startTime=2026-08-30T02:00&endTime=2026-08-30T03:00&nextPage=x",
                400,
                "AF20031"},
        Refusal{"no_content_id", "GET", "audit/nonsense", 400, "AF20052"},
        Refusal{
            "no_such_content",
            "GET",
            "audit/"
            "20260830010000000000009$20260830010000000000009$audit_general$Audit_General$na0001",
            404,
            "AF20050"},
        Refusal{
            "expired_content",
            "GET",
            "audit/"
            "20260801010000000000009$20260801010000000000009$audit_general$Audit_General$na0001",
            400,
            "AF20051"},
        Refusal{"another_tenant",
                "GET",
                "/api/v1.0/99999999-2222-3333-4444-555555555555/activity/feed/subscriptions/list",
                400,
                "AF20010"},
        Refusal{"tenant_is_no_guid",
                "GET",
                "/api/v1.0/contoso/activity/feed/subscriptions/list",
                400,
                "AF20013"}),
    [](const auto& row) { return std::string{row.param.name}; });
#undef LIST

TEST(Simulator, subscriptions_start_stop_and_start_again) {
  TestTenant tenant;
  EXPECT_EQ(tenant.get(tenant.feed("subscriptions/list")).body, "[]");
  const auto start = tenant.feed("subscriptions/start?contentType=Audit.General");
  EXPECT_EQ(tenant.post(start).body,
            R"({"contentType":"Audit.General","status":"enabled","webhook":null})");
  EXPECT_THAT(tenant.post(start).body, HasSubstr("Please retry again after 15m 0s."));
  tenant.clock.advance(std::chrono::minutes{16});
  const auto again = tenant.post(start);
  EXPECT_EQ(again.status, 400);
  EXPECT_EQ(again.body,
            R"({"error":{"code":"AF20024","message":"The subscription is already enabled. )"
            R"(No property change."}})");
  EXPECT_EQ(tenant.post(tenant.feed("subscriptions/stop?contentType=Audit.General")).status, 200);
  EXPECT_EQ(tenant.get(tenant.feed("subscriptions/list")).body,
            R"([{"contentType":"Audit.General","status":"disabled","webhook":null}])");
  EXPECT_THAT(tenant.get(tenant.listing("2026-08-30T10:00", "2026-08-30T11:00")).body,
              HasSubstr("AF20023"));
  EXPECT_EQ(tenant.post(start).status, 200);
}

TEST(Simulator, a_listing_row_is_of_the_observed_form) {
  TestTenant tenant;
  tenant.subscribe();
  const auto reply = tenant.get(tenant.listing("2026-08-30T10:00", "2026-08-30T10:05"));
  const std::string id = "20260830100000000000240$20260830100400000000244$audit_general$"
                         "Audit_General$na0001";
  EXPECT_EQ(reply.body,
            fmt::format(R"([{{"contentUri":"{}{}","contentId":"{}","contentType":"Audit.General",)"
                        R"("contentCreated":"2026-08-30T10:04:00.000Z",)"
                        R"("contentExpiration":"2026-09-13T10:00:00.000Z"}}])",
                        tenant.simulator.url(),
                        tenant.feed("audit/" + id),
                        id));
  EXPECT_EQ(reply.header("Date"), "Sun, 30 Aug 2026 12:00:00 GMT");
  EXPECT_EQ(reply.header("Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(reply.header("NextPageUri"), "");
}

TEST(Simulator, pages_cover_a_window_exactly_once) {
  SimulatorOptions options;
  options.rows_per_page = 3;
  TestTenant tenant{std::move(options)};
  tenant.subscribe();
  const auto first = tenant.listing("2026-08-30T06:00:00", "2026-08-30T12:00:00");
  EXPECT_EQ(tenant.get(first).header("NextPageUri"),
            tenant.simulator.url() +
                tenant.feed("subscriptions/content?contenttype=Audit.General"
                            "&endtime=2026-08-30T12:00:00.0000000Z"
                            "&starttime=2026-08-30T06:00:00.0000000Z"
                            "&nextpage=20260830062900000000029$20260830060000000000000$na0001"));
  const auto ids = record_ids(tenant, all_pages(tenant, first, "contentUri"));
  EXPECT_THAT(ids, SizeIs(720));
  EXPECT_THAT((std::set<std::string>{ids.begin(), ids.end()}), SizeIs(720));
}

TEST(Simulator, overlapping_windows_give_the_same_records_under_other_ids) {
  TestTenant tenant;
  tenant.subscribe();
  const auto one = tenant.listing("2026-08-30T10:00", "2026-08-30T10:20");
  const auto other = tenant.listing("2026-08-30T09:57", "2026-08-30T10:20");
  EXPECT_THAT(
      all_pages(tenant, one, "contentId"),
      testing::Each(testing::Not(testing::AnyOfArray(all_pages(tenant, other, "contentId")))));
  const auto in_one = record_ids(tenant, all_pages(tenant, one, "contentUri"));
  EXPECT_THAT(record_ids(tenant, all_pages(tenant, other, "contentUri")),
              testing::IsSupersetOf(in_one));
}

TEST(Simulator, bodies_are_compressed_for_those_who_ask) {
  TestTenant tenant;
  tenant.subscribe();
  const auto window = tenant.listing("2026-08-30T10:00", "2026-08-30T10:05");
  const auto uri = all_pages(tenant, window, "contentUri").at(0);
  EXPECT_THAT(tenant.get(uri).body, StartsWith(R"([{"Id":"audit_general-240-a"},)"));
  tenant.accept_encoding = "gzip";
  const auto packed = tenant.get(uri);
  EXPECT_EQ(packed.header("Content-Encoding"), "gzip");
  EXPECT_THAT(packed.body, StartsWith("\x1f\x8b"));
}

TEST(Simulator, tokens_expire) {
  SimulatorOptions options;
  options.token_lifetime = std::chrono::seconds{60};
  TestTenant tenant{std::move(options)};
  const auto path = tenant.feed("subscriptions/list");
  EXPECT_EQ(tenant.get(path, false).status, 401);
  EXPECT_EQ(tenant.get(path).status, 200);
  tenant.clock.advance(std::chrono::seconds{60});
  EXPECT_EQ(tenant.get(path).status, 401);
  tenant.renew_token();
  EXPECT_EQ(tenant.get(path).status, 200);
}

TEST(Simulator, a_token_without_roles_gets_nothing_and_one_without_dlp_all_but_dlp) {
  SimulatorOptions options;
  options.roles = {};
  TestTenant nobody{std::move(options)};
  EXPECT_THAT(nobody.get(nobody.feed("subscriptions/list")).body,
              HasSubstr(R"("AF10001","message":"The permission set () sent)"));
  options = {};
  options.roles = {"ActivityFeed.Read"};
  TestTenant reader{std::move(options)};
  reader.subscribe();
  EXPECT_THAT(reader.post(reader.feed("subscriptions/start?contentType=DLP.All")).body,
              HasSubstr("AF10001"));
}

TEST(Simulator, names_of_sensitive_types_come_in_one_language) {
  TestTenant tenant;
  EXPECT_THAT(values_of(tenant.get(tenant.feed("resources/dlpSensitiveTypes")).body, "name"),
              testing::Contains("Credit Card Number"));
}

TEST(Simulator, the_report_counts_what_came) {
  TestTenant tenant;
  tenant.subscribe();
  EXPECT_EQ(tenant.get(tenant.feed("subscriptions/list?access_token=x")).status, 200);
  const auto publisher = "&PublisherIdentifier=11111111-2222-3333-4444-555555555555";
  EXPECT_EQ(tenant.get(tenant.listing("2026-08-30T10:00", "2026-08-30T10:05") + publisher).status,
            200);
  const auto report = tenant.simulator.report();
  EXPECT_EQ(report.requests.at("token"), 1U);
  EXPECT_EQ(report.requests.at("list_content"), 1U);
  EXPECT_EQ(report.tokens_issued, 1U);
  EXPECT_EQ(report.without_publisher, 2U);
  EXPECT_EQ(report.misplaced_tokens, 1U);
  EXPECT_EQ(report.trap_hits, 0U);
  EXPECT_EQ(tenant.get("/simulator/report", false).body, report.to_json());
}

struct FaultCase {
  const char* fault;
  int status;
  const char* body; ///< A part of it.
};

class SimulatorFault : public testing::TestWithParam<FaultCase> {};

TEST_P(SimulatorFault, happens_three_times_in_a_row_and_then_passes) {
  const auto& row = GetParam();
  TestTenant tenant{with_fault(fmt::format("{}=1", row.fault))};
  tenant.clock.advance(std::chrono::seconds{1});
  const auto path = tenant.feed("subscriptions/list");
  for (int i = 0; i < 3; ++i) {
    const auto reply = tenant.get(path);
    EXPECT_EQ(reply.status, row.status);
    EXPECT_THAT(reply.body, HasSubstr(row.body));
    tenant.renew_token();
  }
  EXPECT_EQ(tenant.get(path).status, 200);
  EXPECT_EQ(tenant.simulator.report().faults.at(row.fault), 3U);
}

INSTANTIATE_TEST_SUITE_P(Table,
                         SimulatorFault,
                         testing::Values(FaultCase{"throttle_403", 403, "AF429"},
                                         FaultCase{"throttle_429", 429, "AF429"},
                                         FaultCase{"server_error", 500, "AF50000"},
                                         FaultCase{"http_408", 408, ""},
                                         FaultCase{"http_502", 502, "<html>"},
                                         FaultCase{"http_503", 503, ""},
                                         FaultCase{"http_504", 504, ""},
                                         FaultCase{"html_body", 200, "<html>"},
                                         FaultCase{"empty_body", 200, ""},
                                         FaultCase{"object_200", 200, "{\"error\""},
                                         FaultCase{"token_expired", 401, "denied"}),
                         [](const auto& row) { return std::string{row.param.fault}; });

TEST(SimulatorFaults, bodies_are_truncated_reset_and_dripped) {
  const std::string window[] = {"2026-08-30T10:00", "2026-08-30T11:00"};
  TestTenant cut{with_fault("truncated_body=1")};
  cut.subscribe();
  const auto truncated = cut.get(cut.listing(window[0], window[1]));
  EXPECT_EQ(truncated.status, 200);
  EXPECT_FALSE(truncated.body.ends_with("]"));
  TestTenant broken{with_fault("reset_mid_body=1")};
  EXPECT_EQ(broken.post(broken.feed("subscriptions/start?contentType=Audit.General")).status, 0);
  EXPECT_EQ(broken.get(broken.listing(window[0], window[1])).status, 0);
  TestTenant slow{with_fault("slow_drip=1")};
  slow.subscribe();
  EXPECT_THAT(values_of(slow.get(slow.listing(window[0], window[1])).body, "contentId"), SizeIs(6));
}

TEST(SimulatorFaults, an_attackers_urls_never_name_the_right_place) {
  auto options = with_fault("foreign_next_page=1");
  EXPECT_TRUE(options.faults.set("foreign_content_uri=1"));
  options.rows_per_page = 3;
  TestTenant tenant{std::move(options)};
  tenant.subscribe();
  const auto page = tenant.get(tenant.listing("2026-08-30T06:00", "2026-08-30T12:00"));
  const auto right = tenant.simulator.url() + tenant.feed("");
  auto urls = values_of(page.body, "contentUri");
  urls.push_back(page.header("NextPageUri"));
  for (const auto& url : urls) {
    EXPECT_TRUE(!url.starts_with(right) || url.find("trap=1") != std::string::npos) << url;
  }
}

TEST(SimulatorFaults, the_trap_notices_a_request_for_the_lure) {
  TestTenant tenant;
  static_cast<void>(tenant.get(
      "/api/v1.0/99999999-9999-4999-8999-999999999999/activity/feed/subscriptions/list"));
  static_cast<void>(tenant.get(tenant.feed("subscriptions/list?trap=1"), false));
  EXPECT_EQ(tenant.simulator.report().trap_hits, 2U);
  EXPECT_EQ(tenant.simulator.report().misplaced_tokens, 1U);
}

TEST(SimulatorFaults, a_page_can_lead_to_itself) {
  TestTenant tenant{with_fault("next_page_loop=1")};
  tenant.subscribe();
  const auto path = tenant.listing("2026-08-30T10:00", "2026-08-30T11:00");
  EXPECT_EQ(tenant.get(path).header("NextPageUri"), tenant.simulator.url() + path);
}

TEST(SimulatorFaults, a_late_blob_is_missing_from_the_first_listing_only) {
  TestTenant tenant{with_fault("late_blob=1")};
  tenant.subscribe();
  const auto path = tenant.listing("2026-08-30T10:00", "2026-08-30T11:00");
  EXPECT_EQ(tenant.get(path).body, "[]");
  EXPECT_THAT(values_of(tenant.get(path).body, "contentId"), SizeIs(6));
}

TEST(SimulatorFaults, a_subscription_goes_away_and_can_be_started_again) {
  TestTenant tenant{with_fault("subscription_missing=1")};
  const auto path = tenant.listing("2026-08-30T10:00", "2026-08-30T11:00");
  for (int i = 0; i < 3; ++i) {
    tenant.subscribe();
    EXPECT_THAT(tenant.get(path).body, HasSubstr("AF20022"));
  }
  tenant.subscribe();
  EXPECT_EQ(tenant.get(path).status, 200);
}

TEST(SimulatorFaults, expired_blobs_are_named_in_the_report) {
  TestTenant tenant{with_fault("expired_blob=1")};
  tenant.subscribe();
  const auto path = tenant.listing("2026-08-30T10:00", "2026-08-30T10:05");
  EXPECT_THAT(tenant.get(all_pages(tenant, path, "contentUri").at(0)).body, HasSubstr("AF20051"));
  EXPECT_THAT(tenant.simulator.report().expired_content, SizeIs(1));
}

TEST(SimulatorFaults, headers_dates_windows_and_starts_go_wrong) {
  auto options = with_fault("lower_case_header=1");
  options.rows_per_page = 1;
  EXPECT_TRUE(options.faults.set("wrong_date=1"));
  EXPECT_TRUE(options.faults.set("window_24h=1"));
  EXPECT_TRUE(options.faults.set("start_throttled=1"));
  EXPECT_TRUE(options.faults.set("single_quoted_errors=1"));
  TestTenant tenant{std::move(options)};
  const auto start = tenant.feed("subscriptions/start?contentType=Audit.General");
  EXPECT_THAT(tenant.post(start).body, StartsWith("{'error':{'code':'429'"));
  static_cast<void>(tenant.post(start));
  static_cast<void>(tenant.post(start));
  tenant.subscribe();
  const auto page = tenant.get(tenant.listing("2026-08-30T10:00", "2026-08-30T11:00"));
  EXPECT_THAT(page.header("nextpageuri"), HasSubstr("&nextpage="));
  EXPECT_EQ(page.header("Date"), "Mon, 31 Aug 2026 12:00:00 GMT");
  EXPECT_THAT(tenant.get(tenant.listing("2026-08-29T12:00", "2026-08-30T12:00")).body,
              HasSubstr("AF20055"));
}

TEST(SimulatorOptionTable, every_fallback_can_be_set_and_nonsense_is_refused) {
  for (const auto& option : simulator_option_table()) {
    SimulatorOptions options;
    if (!option.fallback.empty()) {
      EXPECT_TRUE(set_option(options, option.name, option.fallback)) << option.name;
    }
    if (option.type != "text" && option.type != "file") {
      EXPECT_FALSE(set_option(options, option.name, "nonsense")) << option.name;
    }
  }
  SimulatorOptions options;
  EXPECT_FALSE(set_option(options, "absent", "1"));
  ASSERT_TRUE(set_option(options, "rtt", "50ms"));
  EXPECT_EQ(options.round_trip, std::chrono::milliseconds{50});
  EXPECT_FALSE(set_option(options, "fault", "truncated_body=2"));
  EXPECT_FALSE(set_option(options, "faults", "many"));
}

} // namespace
} // namespace sluice::simulator
