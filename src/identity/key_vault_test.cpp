// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "identity/key_vault.hpp"
#include "identity/scripted_client.hpp"
#include "identity/vault_challenge.hpp"

namespace sluice::identity {
namespace {

/// Gives one token after the other.
class CountingIssuer final : public TokenIssuer {
public:
  auto issue(const std::stop_token&) -> Result<IssuedToken> override {
    return IssuedToken{Secret{"token-" + std::to_string(++count_)}, std::chrono::hours{1}};
  }

private:
  int count_ = 0;
};

auto challenge(std::string_view resource = "https://vault.azure.net",
               std::string_view tenant = "tenant-1") -> http::Response {
  return {{401,
           {{"WWW-Authenticate",
             "Bearer authorization=\"https://login.microsoftonline.com/" + std::string{tenant} +
                 "\", resource=\"" + std::string{resource} + "\""}}},
          {}};
}

class KeyVaultTest : public testing::Test {
protected:
  auto read(std::string_view name = "KustoAccessAppKey") -> Result<VaultSecret> {
    return vault_.secret(name, {});
  }

  ScriptedClient client_;
  ManualClock clock_{*parse_iso8601("2026-07-13T10:00:00Z")};
  std::vector<std::string> audiences_;
  KeyVault vault_{
      client_,
      clock_,
      {.vault = http::Url::parse("https://contoso.vault.azure.net").value(), .tenant = "tenant-1"},
      [this](std::string_view audience) -> Result<std::unique_ptr<TokenIssuer>> {
        audiences_.emplace_back(audience);
        return std::make_unique<CountingIssuer>();
      }};
  const http::Response found_{
      {200, {}},
      R"({"value":"canary","contentType":"text/plain","attributes":{"enabled":true,"exp":1783940400}})"};
};

TEST_F(KeyVaultTest, a_secret_is_read_after_the_challenge_and_the_next_without_one) {
  client_.replies = {challenge(), found_, found_};
  const auto secret = read().value();
  EXPECT_EQ(secret.value.reveal(), "canary");
  EXPECT_EQ(secret.content_type, "text/plain");
  EXPECT_EQ(secret.expires, parse_iso8601("2026-07-13T11:00:00Z"));
  EXPECT_EQ(audiences_, std::vector<std::string>{"https://vault.azure.net"});
  EXPECT_FALSE(client_.requests[0].bearer);
  EXPECT_TRUE(client_.requests[1].bearer);
  EXPECT_TRUE(read("other"));
  EXPECT_EQ(client_.requests[2].url.text(),
            "https://contoso.vault.azure.net/secrets/other?api-version=7.4");
}

TEST_F(KeyVaultTest, a_challenge_for_a_foreign_domain_signs_nobody_in) {
  for (const auto* resource : {"https://graph.microsoft.com",
                               "https://management.azure.com",
                               "https://azure.net.evil.example",
                               "https://ault.azure.net",
                               "http://vault.azure.net",
                               "nonsense"}) {
    client_.replies = {challenge(resource)};
    const auto refused = read();
    ASSERT_FALSE(refused) << resource;
    EXPECT_EQ(refused.error().kind(), ErrorKind::untrusted) << resource;
  }
  EXPECT_TRUE(audiences_.empty());
}

TEST_F(KeyVaultTest, a_vault_of_another_tenant_is_refused) {
  client_.replies = {challenge("https://vault.azure.net", "tenant-2")};
  EXPECT_THAT(read().error().message(), testing::HasSubstr("belongs to tenant tenant-2"));
  EXPECT_TRUE(audiences_.empty());
}

TEST_F(KeyVaultTest, an_ended_token_is_renewed_once) {
  client_.replies = {challenge(), challenge(), found_};
  EXPECT_TRUE(read());
  EXPECT_FALSE(client_.requests[1].bearer->same_token(*client_.requests[2].bearer));
  client_.replies = {challenge(), challenge()};
  EXPECT_EQ(read().error().kind(), ErrorKind::unauthorized);
}

TEST_F(KeyVaultTest, a_token_that_the_vault_does_not_believe_is_told_with_its_reason) {
  for (const auto* why : {"AKV10022: Invalid audience. Expected https://vault.azure.net, found: x.",
                          "AKV10032: Invalid issuer.",
                          "the token has expired"}) {
    const http::Response refused{challenge().head,
                                 R"({"error":{"code":"Unauthorized","message":")" +
                                     std::string{why} + "\"}}"};
    client_.replies = {challenge(), refused, refused};
    KeyVault vault{client_,
                   clock_,
                   {.vault = http::Url::parse("https://contoso.vault.azure.net").value(),
                    .tenant = "tenant-1"},
                   [](std::string_view) -> Result<std::unique_ptr<TokenIssuer>> {
                     return std::make_unique<CountingIssuer>();
                   }};
    const auto read_so = vault.secret("name", {});
    EXPECT_EQ(read_so.error().kind(), ErrorKind::unauthorized);
    EXPECT_THAT(read_so.error().message(), testing::HasSubstr(why));
    EXPECT_TRUE(client_.replies.empty()) << "a new token is shown once";
  }
}

TEST_F(KeyVaultTest, refusals_say_what_to_do) {
  client_.replies = {
      challenge(), {{403, {}}, R"({"error":{"code":"Forbidden","message":"Not allowed.\nMore"}})"}};
  const auto forbidden = read();
  EXPECT_EQ(forbidden.error().kind(), ErrorKind::forbidden);
  EXPECT_THAT(forbidden.error().message(), testing::EndsWith("HTTP 403: Not allowed."));
  EXPECT_THAT(forbidden.error().hint(), testing::HasSubstr("Key Vault Secrets User"));
  client_.replies = {{{404, {}}, ""}};
  EXPECT_EQ(read().error().kind(), ErrorKind::invalid_input);
  client_.replies = {{{503, {}}, ""}, {{429, {{"Retry-After", "1"}}}, ""}, found_};
  EXPECT_TRUE(read()) << "passing failures pass";
  for (const auto* name : {"", "a/b", "a?b", "..", "a b"}) {
    EXPECT_EQ(read(name).error().kind(), ErrorKind::invalid_input) << name;
  }
}

TEST(VaultChallengeTest, both_forms_are_read_and_nonsense_is_not) {
  const auto scoped = read_vault_challenge(
      R"(Bearer authorization_uri="https://login.example/t", scope="https://vault.azure.net/.default")");
  EXPECT_EQ(scoped.value().resource, "https://vault.azure.net");
  EXPECT_EQ(scoped.value().tenant, "t");
  for (const auto* header : {"",
                             "Basic realm=\"x\"",
                             "Bearer",
                             "Bearer authorization=\"https://l.example/t\"",
                             "Bearer authorization=\"https://l.example/t, resource=\"x"}) {
    EXPECT_FALSE(read_vault_challenge(header)) << header;
  }
}

} // namespace
} // namespace sluice::identity
