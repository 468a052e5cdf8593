// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "base/log.hpp"
#include "identity/endings.hpp"

namespace sluice::identity {
namespace {

using std::chrono::days;
using std::chrono::hours;

/// What a look writes to the log.
auto seen(Endings& endings, DateTime now) -> std::string {
  configure_log(LogLevel::info, LogFormat::text);
  testing::internal::CaptureStderr();
  endings.look(now);
  return testing::internal::GetCapturedStderr();
}

TEST(EndingsTest, each_is_told_30_and_7_and_1_days_before_its_end_and_after_it_once) {
  const auto end = *parse_iso8601("2026-07-13T10:00:00Z");
  Endings endings;
  endings.note("the certificate", end);
  EXPECT_EQ(seen(endings, end - days{31}), "");
  for (const auto before : {days{30}, days{7}, days{1}}) {
    EXPECT_THAT(seen(endings, end - before), testing::HasSubstr("ends soon")) << before.count();
    EXPECT_EQ(seen(endings, end - before + hours{1}), "") << before.count();
  }
  EXPECT_THAT(seen(endings, end), testing::HasSubstr("the certificate has ended"));
  EXPECT_EQ(seen(endings, end + days{1}), "");
}

TEST(EndingsTest, a_process_that_starts_late_tells_once_and_a_new_end_counts_anew) {
  const auto end = *parse_iso8601("2026-07-13T10:00:00Z");
  Endings endings;
  endings.note("the secret", end);
  EXPECT_THAT(seen(endings, end - days{3}), testing::HasSubstr("days_left=3"));
  EXPECT_EQ(seen(endings, end - days{2}), "");
  endings.note("the secret", end + days{20});
  EXPECT_THAT(seen(endings, end), testing::HasSubstr("days_left=20"));
  EXPECT_EQ(endings.all().size(), 1U);
}

TEST(EndingsTest, the_time_that_is_left_is_told_in_days) {
  const auto now = *parse_iso8601("2026-07-13T10:00:00Z");
  EXPECT_EQ(time_until(now + days{12} + hours{5}, now), "in 12 days");
  EXPECT_EQ(time_until(now + hours{30}, now), "in 1 day");
  EXPECT_EQ(time_until(now - days{2}, now), "2 days ago");
}

} // namespace
} // namespace sluice::identity
