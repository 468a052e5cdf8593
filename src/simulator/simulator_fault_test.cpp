// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "simulator/simulator.hpp"
#include "simulator/test_tenant.hpp"

namespace sluice::simulator {
namespace {

using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

auto with_fault(std::string_view assignment) -> SimulatorOptions {
  SimulatorOptions options;
  EXPECT_TRUE(options.faults.set(assignment));
  return options;
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
  EXPECT_THAT(tenant.get(values_of(tenant.get(path).body, "contentUri").at(0)).body,
              HasSubstr("AF20051"));
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

} // namespace
} // namespace sluice::simulator
