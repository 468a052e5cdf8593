// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "activity/api_error.hpp"

namespace sluice::activity {
namespace {

using namespace std::chrono_literals;

auto refusal(int status, std::string body, http::Headers headers = {}) -> Error {
  return to_error({{status, std::move(headers)}, std::move(body)},
                  *parse_iso8601("2026-07-13T10:00:00Z"));
}

auto coded(std::string_view code, std::string_view message = "words") -> std::string {
  return R"({"error":{"code":")" + std::string{code} + R"(","message":")" + std::string{message} +
         R"("}})";
}

struct FaultCase {
  std::string name;
  int status;
  std::string body;
  ErrorKind kind;
  std::string code;
};

class ApiErrorTest : public testing::TestWithParam<FaultCase> {};

TEST_P(ApiErrorTest, is_read_by_code_first_and_status_second) {
  const auto& row = GetParam();
  const auto error = refusal(row.status, row.body);
  EXPECT_EQ(error.kind(), row.kind) << name_of(error.kind()) << ": " << error.message();
  EXPECT_EQ(error.code(), row.code);
  EXPECT_FALSE(error.message().empty());
}

constexpr auto audit_off_code =
    "StartSubscription [CorrId=x][TenantId=x,ContentType=Audit.SharePoint][AppId";
constexpr auto audit_off_message =
    R"(x] failed. Exception: Microsoft.Office.Compliance.Audit.DataServiceException: Tenant x does not exist.\r\n   at x)";

INSTANTIATE_TEST_SUITE_P(
    Table,
    ApiErrorTest,
    testing::Values(
        FaultCase{"throttled_as_403", 403, coded("AF429"), ErrorKind::throttled, "AF429"},
        FaultCase{"throttled_as_429", 429, coded("AF429"), ErrorKind::throttled, "AF429"},
        FaultCase{"start_too_often", 403, coded("429"), ErrorKind::throttled, "429"},
        FaultCase{"throttled_without_code", 429, "", ErrorKind::throttled, ""},
        FaultCase{"forbidden_without_code", 403, "", ErrorKind::forbidden, ""},
        FaultCase{"permission_missing", 401, coded("AF10001"), ErrorKind::forbidden, "AF10001"},
        FaultCase{"token_refused",
                  401,
                  R"({"Message":"Authorization has been denied for this request."})",
                  ErrorKind::unauthorized,
                  ""},
        FaultCase{"content_unknown", 404, coded("AF20050"), ErrorKind::gone, "AF20050"},
        FaultCase{"content_expired", 400, coded("AF20051"), ErrorKind::gone, "AF20051"},
        FaultCase{"content_key_invalid", 400, coded("AF20052"), ErrorKind::gone, "AF20052"},
        FaultCase{"not_found", 404, "<html>404</html>", ErrorKind::gone, ""},
        FaultCase{"not_subscribed", 400, coded("AF20022"), ErrorKind::invalid_input, "AF20022"},
        FaultCase{"window_refused", 400, coded("AF20055"), ErrorKind::invalid_input, "AF20055"},
        FaultCase{"page_unknown", 400, coded("AF20031"), ErrorKind::malformed, "AF20031"},
        FaultCase{"internal", 500, coded("AF50000"), ErrorKind::unavailable, "AF50000"},
        FaultCase{
            "internal_undocumented", 500, coded("AF50006"), ErrorKind::unavailable, "AF50006"},
        FaultCase{"code_never_seen", 500, coded("AF59999"), ErrorKind::unavailable, "AF59999"},
        FaultCase{"single_quotes",
                  403,
                  "{'error':{'code':'AF429','message':'Too many requests.'}}",
                  ErrorKind::throttled,
                  "AF429"},
        FaultCase{
            "single_quotes_without_af",
            403,
            "{'error':{'code':'429','message':'Too many frequent subscription start requests.'}}",
            ErrorKind::throttled,
            "429"},
        FaultCase{"code_in_html", 400, "<p>AF20051 expired</p>", ErrorKind::gone, "AF20051"},
        FaultCase{"gateway_page", 502, "<html>Bad gateway</html>", ErrorKind::unavailable, ""},
        FaultCase{"request_timeout", 408, "", ErrorKind::unavailable, ""},
        FaultCase{"service_unavailable", 503, "", ErrorKind::unavailable, ""},
        FaultCase{"redirect", 302, "", ErrorKind::malformed, ""},
        FaultCase{"bad_request_of_a_proxy", 400, "<html>", ErrorKind::malformed, ""},
        FaultCase{
            "error_is_text", 500, R"({"error":"AF50000"})", ErrorKind::unavailable, "AF50000"},
        FaultCase{"audit_log_off",
                  400,
                  coded(audit_off_code, audit_off_message),
                  ErrorKind::unavailable,
                  "audit_log_off"}),
    [](const auto& row) { return row.param.name; });

TEST(ApiErrorWaitTest, comes_from_the_header_or_from_the_words) {
  const auto start = coded(
      "429", "Too many frequent subscription start requests. Please retry again after 8m 46s.");
  EXPECT_EQ(refusal(403, start).retry_after(), 8min + 46s);
  EXPECT_EQ(refusal(403, start, {{"Retry-After", "5"}}).retry_after(), 5s);
  EXPECT_EQ(refusal(503, "", {{"retry-after", "7"}}).retry_after(), 7s);
  EXPECT_EQ(refusal(403, coded("AF429")).retry_after(), std::nullopt);
}

TEST(ApiErrorWaitTest, words_are_read_with_care) {
  EXPECT_EQ(wait_in_words("retry again after 14m 56s."), 14min + 56s);
  EXPECT_EQ(wait_in_words("retry again after 59s"), 59s);
  EXPECT_EQ(wait_in_words("retry again after 1h 2m 3s"), 1h + 2min + 3s);
  EXPECT_EQ(wait_in_words("retry again after 80000h"), 24h);
  EXPECT_EQ(wait_in_words("retry again after a while"), std::nullopt);
  EXPECT_EQ(wait_in_words("retry again after -5s"), std::nullopt);
  EXPECT_EQ(wait_in_words("retry again after 99999999999999999999s"), std::nullopt);
  EXPECT_EQ(wait_in_words("retry again after 5"), std::nullopt);
  EXPECT_EQ(wait_in_words("later"), std::nullopt);
}

TEST(ApiErrorTextTest, cannot_forge_a_log_line_and_is_capped) {
  const auto error =
      refusal(500, coded("AF50000", R"(one\ntwo\u001b[2J)" + std::string(5'000, 'x')));
  EXPECT_EQ(error.message().find('\n'), std::string::npos);
  EXPECT_EQ(error.message().find('\x1b'), std::string::npos);
  EXPECT_LT(error.message().size(), 500U);
}

TEST(ApiErrorTextTest, a_missing_permission_says_how_to_mend_it) {
  EXPECT_THAT(refusal(401, coded("AF10001")).hint(), testing::HasSubstr("ActivityFeed.ReadDlp"));
}

} // namespace
} // namespace sluice::activity
