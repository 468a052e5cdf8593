// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "http/retry_policy.hpp"

namespace sluice::http {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

struct WaitCase {
  std::string name;
  int retry;
  Error error;
  milliseconds least;
  milliseconds most;
};

class RetryPolicyWait : public testing::TestWithParam<WaitCase> {};

TEST_P(RetryPolicyWait, stays_between_the_bounds_for_every_seed) {
  const auto& row = GetParam();
  auto shortest = milliseconds::max();
  auto longest = milliseconds::min();
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const auto wait = RetryPolicy{{}, seed}.wait_before(row.retry, row.error);
    ASSERT_TRUE(wait);
    shortest = std::min(shortest, *wait);
    longest = std::max(longest, *wait);
  }
  EXPECT_GE(shortest, row.least);
  EXPECT_LE(longest, row.most);
  EXPECT_LE(shortest, row.least + (row.most - row.least) / 10) << "jitter fills the range";
  EXPECT_GE(longest, row.most - (row.most - row.least) / 10) << "jitter fills the range";
}

auto throttled(milliseconds wait) -> Error {
  return Error{ErrorKind::throttled, "busy"}.with_retry_after(wait);
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    RetryPolicyWait,
    testing::Values(WaitCase{"first", 1, {ErrorKind::unavailable, "down"}, 0s, 1s},
                    WaitCase{"doubles", 4, {ErrorKind::unavailable, "down"}, 0s, 8s},
                    WaitCase{"is_capped", 1'000, {ErrorKind::unavailable, "down"}, 0s, 5min},
                    WaitCase{"throttled_without_a_wait", 1, {ErrorKind::throttled, ""}, 30s, 60s},
                    WaitCase{"a_stated_wait_is_a_least", 9, throttled(100s), 100s, 110s},
                    WaitCase{"malformed_backs_off", 2, {ErrorKind::malformed, "[{"}, 0s, 2s}),
    [](const auto& row) { return row.param.name; });

TEST(RetryPolicyTest, does_not_repeat_what_time_cannot_mend) {
  RetryPolicy policy{{}, 1};
  for (const auto kind : {ErrorKind::invalid_input,
                          ErrorKind::unauthorized,
                          ErrorKind::forbidden,
                          ErrorKind::gone,
                          ErrorKind::untrusted,
                          ErrorKind::storage,
                          ErrorKind::cancelled}) {
    EXPECT_EQ(policy.wait_before(1, Error{kind, ""}), std::nullopt) << name_of(kind);
  }
}

TEST(RetryPolicyTest, gives_up_where_it_is_told_to) {
  RetryPolicy policy{{.most_retries = 2}, 1};
  EXPECT_TRUE(policy.wait_before(2, Error{ErrorKind::unavailable, ""}));
  EXPECT_FALSE(policy.wait_before(3, Error{ErrorKind::unavailable, ""}));
  EXPECT_FALSE(policy.wait_before(3, throttled(1s)));
}

TEST(RetryPolicyTest, gives_up_on_malformed_replies_sooner) {
  RetryPolicy policy{{}, 1};
  EXPECT_TRUE(policy.wait_before(4, Error{ErrorKind::malformed, ""}));
  EXPECT_FALSE(policy.wait_before(5, Error{ErrorKind::malformed, ""}));
}

TEST(RetryPolicyTest, repeats_itself_for_a_seed) {
  RetryPolicy a{{}, 42};
  RetryPolicy b{{}, 42};
  for (int retry = 1; retry < 20; ++retry) {
    const Error error{ErrorKind::unavailable, ""};
    EXPECT_EQ(a.wait_before(retry, error), b.wait_before(retry, error));
  }
}

} // namespace
} // namespace sluice::http
