// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "identity/base64url.hpp"
#include "identity/token_facts.hpp"
#include "identity/token_reply.hpp"

namespace sluice::identity {
namespace {

using namespace std::chrono_literals;

auto read(int status, std::string body, http::Headers headers = {}) -> Result<IssuedToken> {
  return read_token_reply({{status, std::move(headers)}, std::move(body)}, DateTime{});
}

TEST(TokenReplyTest, reads_the_v2_form) {
  const auto token = read(
      200,
      R"({"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":"abc"})");
  ASSERT_TRUE(token);
  EXPECT_EQ(token->token.reveal(), "abc");
  EXPECT_EQ(token->lifetime, 3'599s);
}

TEST(TokenReplyTest, reads_the_v1_form_with_numbers_as_text) {
  const auto token = read(
      200,
      R"({"token_type":"Bearer","expires_in":"3599","expires_on":"1527703450","access_token":"abc"})");
  ASSERT_TRUE(token);
  EXPECT_EQ(token->lifetime, 3'599s);
}

TEST(TokenReplyTest, a_success_without_a_usable_token_is_malformed) {
  for (const auto* body : {"",
                           "<html>",
                           "[]",
                           R"({"access_token":"abc"})",
                           R"({"access_token":"","expires_in":60})",
                           R"({"access_token":7,"expires_in":60})",
                           R"({"access_token":"abc","expires_in":"soon"})",
                           R"({"access_token":"abc","expires_in":-5})"}) {
    const auto token = read(200, body);
    ASSERT_FALSE(token) << body;
    EXPECT_EQ(token.error().kind(), ErrorKind::malformed) << body;
  }
}

struct Refused {
  std::string_view name;
  int status;
  std::string_view error;
  int number;
  ErrorKind kind;
  std::string_view in_hint;
};

class SignInRefused : public testing::TestWithParam<Refused> {};

TEST_P(SignInRefused, says_what_to_do_next) {
  const auto& row = GetParam();
  const auto token = read(
      row.status,
      fmt::format(
          R"({{"error":"{}","error_description":"AADSTS{}: Words.\r\nTrace ID: x","error_codes":[{}]}})",
          row.error,
          row.number,
          row.number));
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().kind(), row.kind);
  EXPECT_EQ(token.error().code(), fmt::format("AADSTS{}", row.number));
  EXPECT_THAT(token.error().hint(), testing::HasSubstr(row.in_hint));
  EXPECT_THAT(token.error().message(), testing::EndsWith("Words."));
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    SignInRefused,
    testing::Values(
        Refused{"wrong_secret", 401, "invalid_client", 7000215, ErrorKind::unauthorized, "secret"},
        Refused{"expired_secret", 401, "invalid_client", 7000222, ErrorKind::unauthorized, "expir"},
        Refused{"bad_clock", 401, "invalid_client", 700024, ErrorKind::unauthorized, "clock"},
        Refused{"no_app", 400, "unauthorized_client", 700016, ErrorKind::invalid_input, "client"},
        Refused{"no_tenant", 400, "invalid_request", 90002, ErrorKind::invalid_input, "tenant"},
        Refused{"wrong_cloud", 400, "invalid_resource", 500011, ErrorKind::invalid_input, "cloud"},
        Refused{"policy", 400, "invalid_grant", 53003, ErrorKind::forbidden, "conditional access"},
        Refused{"transient", 400, "temporarily_unavailable", 90033, ErrorKind::unavailable, ""},
        Refused{"too_often", 400, "invalid_request", 50196, ErrorKind::throttled, ""},
        Refused{"server_fault", 503, "server_error", 7000215, ErrorKind::unavailable, ""},
        Refused{"unknown_client", 401, "invalid_client", 1, ErrorKind::unauthorized, ""},
        Refused{"unknown_request", 400, "invalid_request", 1, ErrorKind::invalid_input, ""}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(SignInRefusedTest, is_read_without_a_body_too) {
  EXPECT_EQ(read(503, "<html>").error().kind(), ErrorKind::unavailable);
  EXPECT_EQ(read(302, "").error().kind(), ErrorKind::malformed);
  const auto throttled = read(429, "", {{"Retry-After", "9"}});
  EXPECT_EQ(throttled.error().kind(), ErrorKind::throttled);
  EXPECT_EQ(throttled.error().retry_after(), 9s);
}

TEST(TokenFactsTest, reads_the_payload) {
  const auto token =
      "e30." +
      base64url_encoded(
          R"({"aud":"https://manage.office.com","tid":"t","appid":"a","roles":["ActivityFeed.Read"]})") +
      ".sig";
  const auto facts = read_token_facts(token);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->audience, "https://manage.office.com");
  EXPECT_TRUE(facts->has_role("ActivityFeed.Read"));
  EXPECT_FALSE(facts->has_role("ActivityFeed.ReadDlp"));
}

TEST(TokenFactsTest, a_token_without_roles_has_none) {
  EXPECT_TRUE(read_token_facts("e30." + base64url_encoded("{}") + ".")->roles.empty());
}

TEST(TokenFactsTest, an_opaque_token_says_nothing) {
  for (const auto* token : {"", "opaque", "a.b", "a.!!.c", "a.e30", "a.W10.c"}) {
    EXPECT_FALSE(read_token_facts(token)) << token;
  }
}

TEST(Base64UrlTest, round_trips) {
  EXPECT_EQ(base64url_encoded("\xfb\xff"), "-_8");
  for (const std::string_view text : {"", "a", "ab", "abc", "abcd"}) {
    EXPECT_EQ(base64url_decoded(base64url_encoded(text)), text);
  }
  EXPECT_EQ(base64url_decoded("YQ=="), "a");
  EXPECT_EQ(base64url_decoded("a b"), std::nullopt);
}

} // namespace
} // namespace sluice::identity
