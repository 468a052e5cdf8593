// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/log.hpp"

namespace sluice {
namespace {

struct RedactCase {
  std::string_view text;
  std::string_view expected;
};

class Redact : public testing::TestWithParam<RedactCase> {};

TEST_P(Redact, replaces_what_is_secret_and_nothing_else) {
  EXPECT_EQ(redact(GetParam().text), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    Redact,
    testing::Values(RedactCase{"nothing to hide", "nothing to hide"},
                    RedactCase{"Authorization: Bearer eyJ0.eyJh.x-_y more",
                               "Authorization: Bearer [redacted] more"},
                    RedactCase{"client_secret=a~b.c&scope=x", "client_secret=[redacted]&scope=x"},
                    RedactCase{"?sv=1&sig=abc%2F=&se=2", "?sv=1&sig=[redacted]&se=2"},
                    RedactCase{"AccountName=contoso;AccountKey=a+b/c==;EndpointSuffix=x",
                               "AccountName=contoso;AccountKey=[redacted];EndpointSuffix=x"},
                    RedactCase{R"({"access_token":"abc","x":1})",
                               R"({"access_token":"[redacted]","x":1})"},
                    RedactCase{"Bearer one, Bearer two", "Bearer [redacted], Bearer [redacted]"}));

TEST(Log, writes_one_line_of_json_to_stderr_and_no_secret) {
  configure_log(LogLevel::info, LogFormat::json);
  testing::internal::CaptureStderr();
  log(LogLevel::warning,
      "token_refused",
      "the service said\nBearer abc",
      {{"tenant", "contoso \"x\""}, {"attempt", 3}});
  log(LogLevel::debug, "quiet", "below the level");
  const auto line = testing::internal::GetCapturedStderr();
  EXPECT_NE(line.find(R"("level":"warning","event":"token_refused")"), std::string::npos) << line;
  EXPECT_NE(line.find(R"("message":"the service said\nBearer [redacted]")"), std::string::npos);
  EXPECT_NE(line.find(R"("tenant":"contoso \"x\"","attempt":"3"})"), std::string::npos);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  configure_log(LogLevel::info, LogFormat::text);
}

TEST(Log, a_text_line_cannot_be_broken_by_its_values) {
  configure_log(LogLevel::info, LogFormat::text);
  testing::internal::CaptureStderr();
  log(LogLevel::info, "listed", "done", {{"name", "a\nb"}});
  const auto line = testing::internal::GetCapturedStderr();
  EXPECT_NE(line.find(R"(info done name=a\nb)"), std::string::npos) << line;
  EXPECT_EQ(line.find('\n'), line.size() - 1);
}

} // namespace
} // namespace sluice
