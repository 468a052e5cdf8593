// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "pipeline/failure_policy.hpp"

namespace sluice::pipeline {
namespace {

const DateTime now = DateTime::from_unix(std::chrono::hours{24 * 20'000});

auto decide(const Error& error, std::uint32_t attempts = 0) -> FailureDecision {
  http::RetryPolicy retry{{}, /*seed=*/1};
  ledger::WorkItem item;
  item.attempts = attempts;
  item.expiration = now + Ticks{std::chrono::hours{24}};
  return decide_failure(item, error, /*nonsense_before=*/attempts, now, retry);
}

TEST(FailurePolicy, counts_content_that_the_service_no_longer_has_as_lost) {
  EXPECT_TRUE(std::holds_alternative<GiveUpExpired>(decide({ErrorKind::gone, "AF20051"})));
}

TEST(FailurePolicy, tries_an_unavailable_service_again_however_often_it_failed) {
  const auto decision = decide({ErrorKind::unavailable, "500"}, /*attempts=*/500);
  ASSERT_TRUE(std::holds_alternative<RetryLater>(decision));
  EXPECT_LE(std::get<RetryLater>(decision).at, now + Ticks{std::chrono::minutes{5}});
}

TEST(FailurePolicy, waits_as_long_as_a_throttling_service_asks) {
  const auto decision =
      decide(Error{ErrorKind::throttled, "busy"}.with_retry_after(std::chrono::seconds{90}));
  ASSERT_TRUE(std::holds_alternative<RetryLater>(decision));
  EXPECT_GE(std::get<RetryLater>(decision).at, now + Ticks{std::chrono::seconds{90}});
}

TEST(FailurePolicy, sets_nonsense_aside_after_a_few_attempts) {
  EXPECT_TRUE(std::holds_alternative<RetryLater>(decide({ErrorKind::malformed, "cut"}, 0)));
  EXPECT_TRUE(std::holds_alternative<SetAside>(decide({ErrorKind::malformed, "cut"}, 50)));
}

TEST(FailurePolicy, asks_for_a_missing_permission_again_in_an_hour) {
  const auto decision = decide({ErrorKind::forbidden, "AF10001"});
  ASSERT_TRUE(std::holds_alternative<RetryLater>(decision));
  EXPECT_EQ(std::get<RetryLater>(decision).at, now + Ticks{std::chrono::hours{1}});
}

TEST(FailurePolicy, waits_until_a_subscription_that_is_off_was_started_again) {
  const auto off = [] { return Error{ErrorKind::invalid_input, "disabled"}.with_code("AF20023"); };
  EXPECT_TRUE(std::holds_alternative<RetryLater>(decide(off(), 0)));
  EXPECT_TRUE(std::holds_alternative<RetryLater>(decide(off(), 50)));
}

TEST(FailurePolicy, ends_the_run_when_the_disk_fails) {
  EXPECT_TRUE(std::holds_alternative<EndRun>(decide({ErrorKind::storage, "disk full"})));
}

} // namespace
} // namespace sluice::pipeline
