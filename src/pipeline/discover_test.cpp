// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "pipeline/discover.hpp"
#include "pipeline/small_installation.hpp"

namespace sluice::pipeline {
namespace {

using activity::ContentType;
using std::chrono::minutes;

auto refusal(int status, std::string_view code) -> http::Response {
  return {{status, {}}, fmt::format(R"({{"error":{{"code":"{}","message":"no"}}}})", code)};
}

/// Answers `response` to each request with `part` in its URL.
auto refuse(std::string part, http::Response response) {
  return [part = std::move(part),
          response = std::move(response)](const std::string& url) -> std::optional<http::Response> {
    return url.find(part) == url.npos ? std::nullopt : std::optional{response};
  };
}

class DiscoverTest : public testing::Test {
protected:
  auto ago(minutes age) -> DateTime { return clock_.now() - Ticks{age}; }

  void add(std::string id, minutes age, std::string type = "Audit.General") {
    place_.service.contents.push_back({.id = std::move(id), .created = ago(age), .type = type});
  }

  auto poll() -> Result<> { return discover_.poll(place_.feed(), bell_, {}); }
  auto entered() -> std::uint64_t { return place_.account().entered; }
  auto watermark() -> std::optional<DateTime> {
    return place_.ledger->watermark(SmallInstallation::general).value();
  }

  ManualClock clock_{*parse_iso8601("2026-07-13T10:00:00Z")};
  SmallInstallation place_{clock_, {ContentType::dlp_all, ContentType::general}};
  Discover discover_{
      place_.tenants, *place_.ledger, {.once = true, .windows = {}}, clock_, place_.progress};
  Doorbell bell_;
};

/// Most of the tests: both subscriptions are on.
class DiscoverSubscribedTest : public DiscoverTest {
protected:
  void SetUp() override { place_.service.subscribed = {"DLP.All", "Audit.General"}; }
};

TEST_F(DiscoverSubscribedTest, enters_every_id_of_every_page_once_however_often_it_is_listed) {
  for (int i = 0; i < 25; ++i) {
    add(fmt::format("c{}", i), minutes{10 + i * 100});
  }
  ASSERT_TRUE(poll());
  EXPECT_EQ(entered(), 25U);
  ASSERT_TRUE(poll());
  EXPECT_EQ(entered(), 25U);
  EXPECT_EQ(place_.progress.contents_found, 25U);
  bell_.wait(std::chrono::hours{1}, {}); // It was rung.
}

TEST_F(DiscoverSubscribedTest, the_watermark_follows_the_clock_at_a_distance) {
  ASSERT_TRUE(poll());
  EXPECT_LE(*watermark(), ago(minutes{5}));
  EXPECT_GE(*watermark(), ago(minutes{6}));
}

TEST_F(DiscoverSubscribedTest, the_watermark_moves_only_after_the_last_page) {
  for (const auto* id : {"c1", "c2", "c3"}) {
    add(id, minutes{30});
  }
  place_.service.interfere = refuse("nextPage=2", refusal(500, "AF50000"));
  EXPECT_EQ(poll().error().kind(), ErrorKind::unavailable);
  EXPECT_EQ(entered(), 2U);
  EXPECT_LT(*watermark(), place_.service.contents[0].created);
  place_.service.interfere = {};
  ASSERT_TRUE(poll());
  EXPECT_EQ(entered(), 3U);
  EXPECT_GT(*watermark(), place_.service.contents[0].created);
}

TEST_F(DiscoverSubscribedTest,
       a_listing_that_fails_leaves_the_watermark_and_the_other_types_go_on) {
  add("d1", minutes{30}, "DLP.All");
  place_.service.interfere =
      refuse("subscriptions/content?contentType=Audit.General", refusal(500, "AF50000"));
  EXPECT_EQ(poll().error().kind(), ErrorKind::unavailable);
  EXPECT_EQ(watermark(), std::nullopt);
  EXPECT_EQ(entered(), 1U);
}

TEST_F(DiscoverSubscribedTest, content_that_turns_up_late_is_found_and_counted) {
  ASSERT_TRUE(poll());
  clock_.advance(minutes{10});
  add("late", minutes{60});
  ASSERT_TRUE(poll());
  EXPECT_EQ(entered(), 1U);
  EXPECT_EQ(place_.progress.contents_late, 1U);
}

TEST_F(DiscoverSubscribedTest, an_entry_that_leads_elsewhere_is_reported_and_holds_the_watermark) {
  add("c1", minutes{30});
  add("c2", minutes{30});
  place_.service.contents[0].uri = "https://attacker.example/audit/c1";
  EXPECT_EQ(poll().error().kind(), ErrorKind::untrusted);
  EXPECT_EQ(entered(), 1U);
  EXPECT_GE(place_.progress.entries_refused, 1U);
  const auto findings = place_.ledger->findings(10).value();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].entry, "c1");
  EXPECT_LT(*watermark(), place_.service.contents[0].created);
  EXPECT_EQ(place_.service.count("attacker.example"), 0);
  place_.service.contents[0].uri.clear();
  ASSERT_TRUE(poll());
  EXPECT_EQ(entered(), 2U);
  EXPECT_GT(*watermark(), place_.service.contents[0].created);
}

TEST_F(DiscoverSubscribedTest,
       an_entry_that_is_in_order_when_listed_again_is_entered_in_the_same_poll) {
  add("c1", minutes{30});
  place_.service.contents[0].uri = "https://attacker.example/audit/c1";
  place_.service.interfere = [&](const std::string&) -> std::optional<http::Response> {
    if (place_.progress.entries_refused > 0) {
      place_.service.contents[0].uri.clear();
    }
    return std::nullopt;
  };
  ASSERT_TRUE(poll());
  EXPECT_EQ(entered(), 1U);
  EXPECT_EQ(place_.progress.entries_refused, 1U);
}

TEST_F(DiscoverTest, starts_the_subscriptions_that_are_missing) {
  place_.service.subscribed = {"Audit.General"};
  add("d1", minutes{30}, "DLP.All");
  ASSERT_TRUE(poll());
  EXPECT_EQ(place_.service.count("subscriptions/start"), 1);
  EXPECT_EQ(place_.service.count("subscriptions/start?contentType=DLP.All"), 1);
  ASSERT_TRUE(poll());
  EXPECT_EQ(place_.service.count("subscriptions/start"), 1);
  EXPECT_EQ(place_.progress.contents_found, 1U);
}

TEST_F(DiscoverTest, a_permission_that_one_type_lacks_does_not_keep_the_others_from_theirs) {
  place_.service.subscribed = {"Audit.General"};
  add("c1", minutes{30});
  place_.service.interfere = refuse("contentType=DLP.All", refusal(401, "AF10001"));
  const auto result = poll();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind(), ErrorKind::forbidden);
  EXPECT_EQ(entered(), 1U);
  const auto asked = place_.service.count("contentType=DLP.All");
  EXPECT_EQ(poll().error().kind(), ErrorKind::forbidden) << "a feed left out is no success";
  EXPECT_EQ(place_.service.count("contentType=DLP.All"), asked) << "asked again too soon";
  clock_.advance(minutes{61});
  static_cast<void>(poll());
  EXPECT_GT(place_.service.count("contentType=DLP.All"), asked);
}

TEST_F(DiscoverTest, a_subscription_that_another_stage_just_started_is_not_started_again) {
  SubscriptionKeeper collects{*place_.ledger, clock_};
  SubscriptionKeeper discovers{*place_.ledger, clock_};
  ASSERT_TRUE(collects.start(place_.feed(), activity::ContentType::general, {}));
  place_.service.interfere = refuse("subscriptions/start", refusal(403, "429"));
  EXPECT_TRUE(discovers.start(place_.feed(), activity::ContentType::general, {}));
  EXPECT_EQ(place_.service.count("subscriptions/start"), 1);
}

TEST_F(DiscoverSubscribedTest, a_subscription_that_went_away_is_started_again_and_listed) {
  add("c1", minutes{30});
  place_.service.interfere = [&](const std::string& url) -> std::optional<http::Response> {
    const bool lists = url.find("subscriptions/content?contentType=Audit.General") != url.npos;
    const bool started = place_.service.subscribed.contains("Audit.General");
    return lists && !started ? std::optional{refusal(400, "AF20022")} : std::nullopt;
  };
  place_.service.subscribed = {"DLP.All", "audit.general"};
  ASSERT_TRUE(poll());
  EXPECT_EQ(entered(), 1U);
}

TEST_F(DiscoverSubscribedTest, one_run_polls_once_and_closes_the_bell) {
  add("c1", minutes{30});
  ASSERT_TRUE(discover_.run(bell_, bell_, {}));
  EXPECT_TRUE(bell_.closed());
  EXPECT_EQ(entered(), 1U);
  EXPECT_EQ(place_.service.count("subscriptions/list"), 1);
}

TEST_F(DiscoverSubscribedTest, a_run_that_could_not_list_says_so_and_closes_the_bell) {
  place_.service.interfere = refuse("subscriptions/list", refusal(500, "AF50000"));
  EXPECT_EQ(discover_.run(bell_, bell_, {}).error().kind(), ErrorKind::unavailable);
  EXPECT_TRUE(bell_.closed());
}

} // namespace
} // namespace sluice::pipeline
