// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "http/http_date.hpp"

namespace sluice::http {
namespace {

using namespace std::chrono_literals;

TEST(HttpDateTest, reads_the_one_form) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"),
            parse_iso8601("1994-11-06T08:49:37Z"));
  EXPECT_EQ(parse_http_date("Thu, 29 Feb 2024 23:59:60 GMT"),
            parse_iso8601("2024-02-29T23:59:59Z"));
}

TEST(HttpDateTest, writes_the_one_form) {
  for (const auto* text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Thu, 29 Feb 2024 23:59:59 GMT"}) {
    EXPECT_EQ(to_http_date(*parse_http_date(text)), text);
  }
}

TEST(HttpDateTest, refuses_everything_else) {
  for (const auto* text : {"",
                           "yesterday",
                           "Sunday, 06-Nov-94 08:49:37 GMT",
                           "Sun, 31 Nov 1994 08:49:37 GMT",
                           "Sun, 06 Nix 1994 08:49:37 GMT",
                           "Sun, 06 Nov 1994 08:49:37 UTC",
                           "Sun, 06 Nov 1994 -8:49:37 GMT"}) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
}

TEST(RetryAfterTest, reads_seconds_and_dates) {
  const auto now = *parse_iso8601("2026-07-13T10:00:00Z");
  const auto wait = [&](const char* value) {
    return retry_after(Headers{{"retry-after", value}}, now);
  };
  EXPECT_EQ(wait("7"), 7s);
  EXPECT_EQ(wait("Mon, 13 Jul 2026 10:00:30 GMT"), 30s);
  EXPECT_EQ(wait("Mon, 13 Jul 2026 09:00:00 GMT"), 0s);
  EXPECT_EQ(wait("1000000"), 24h);
  EXPECT_EQ(wait("soon"), std::nullopt);
  EXPECT_EQ(retry_after(Headers{}, now), std::nullopt);
}

} // namespace
} // namespace sluice::http
