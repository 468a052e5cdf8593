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

} // namespace
} // namespace sluice::simulator
