// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <unistd.h>

#include "identity/azure_cli.hpp"
#include "identity/scripted_client.hpp"
#include "identity/sign_in.hpp"

namespace sluice::identity {
namespace {

namespace fs = std::filesystem;

class FixedIssuer final : public TokenIssuer {
public:
  explicit FixedIssuer(Result<std::string> outcome) : outcome_{std::move(outcome)} {}
  auto issue(const std::stop_token&) -> Result<IssuedToken> override {
    if (!outcome_) {
      return outcome_.error();
    }
    return IssuedToken{Secret{std::string{*outcome_}}, std::chrono::hours{1}};
  }

private:
  const Result<std::string> outcome_;
};

auto chain_of(std::vector<Result<std::string>> outcomes) -> CredentialChain {
  std::vector<CredentialChain::Link> links;
  for (auto& outcome : outcomes) {
    links.push_back(
        {"link" + std::to_string(links.size()), std::make_unique<FixedIssuer>(std::move(outcome))});
  }
  return CredentialChain{std::move(links)};
}

const Error absent = Error{ErrorKind::unavailable, "not here"}.with_code("no_managed_identity");

TEST(CredentialChainTest, the_first_that_is_there_is_used) {
  auto chain = chain_of({absent, std::string{"two"}, std::string{"three"}});
  EXPECT_EQ(chain.used(), "");
  EXPECT_EQ(chain.issue({}).value().token.reveal(), "two");
  EXPECT_EQ(chain.used(), "link1");
}

TEST(CredentialChainTest, a_credential_that_is_refused_is_told_and_not_passed_over) {
  auto chain = chain_of({Error{ErrorKind::unauthorized, "refused"}, std::string{"two"}});
  EXPECT_EQ(chain.issue({}).error().message(), "refused");
}

TEST(CredentialChainTest, when_none_is_there_all_are_named) {
  auto chain = chain_of({absent, absent});
  const auto none = chain.issue({});
  EXPECT_EQ(none.error().kind(), ErrorKind::unauthorized);
  EXPECT_THAT(none.error().message(), testing::HasSubstr("link0: not here; link1: not here"));
}

/// A program in place of `az`.
class AzureCliTest : public testing::Test {
protected:
  ~AzureCliTest() override { fs::remove(program_); }
  auto run(std::string_view script, std::chrono::milliseconds time = std::chrono::seconds{20})
      -> Result<IssuedToken> {
    std::ofstream{program_} << "#!/bin/sh\n" << script << '\n';
    fs::permissions(program_, fs::perms::owner_all);
    AzureCli cli{clock_,
                 {.audience = "https://storage.azure.com",
                  .tenant = {},
                  .program = program_.string(),
                  .total_time = time}};
    return cli.issue({});
  }

  ManualClock clock_{*parse_iso8601("2026-07-13T10:00:00Z")};
  const fs::path program_ = fs::temp_directory_path() / ("az_" + std::to_string(getpid()));
};

TEST_F(AzureCliTest, reads_the_token_and_its_end) {
  const auto token = run(
      R"([ "$*" = "account get-access-token --output json --resource https://storage.azure.com" ] &&
         echo '{"accessToken":"abc","expiresOn":"2026-07-13 13:00:00.000000","expires_on":1783940400}')");
  ASSERT_TRUE(token) << token.error().message();
  EXPECT_EQ(token->token.reveal(), "abc");
  EXPECT_EQ(token->lifetime, std::chrono::hours{1});
}

TEST_F(AzureCliTest, a_program_that_fails_or_hangs_is_not_there) {
  EXPECT_EQ(run("exit 1").error().code(), "no_azure_cli");
  EXPECT_EQ(run("exec sleep 60", std::chrono::milliseconds{1}).error().code(), "no_azure_cli");
  EXPECT_EQ(run("echo '{}'").error().kind(), ErrorKind::malformed);
  EXPECT_EQ(run("head -c 1000000 /dev/zero").error().kind(), ErrorKind::malformed);
}

TEST(MakeIssuerTest, workload_identity_shows_the_platforms_token_to_entra) {
  ScriptedClient client;
  ManualClock clock{*parse_iso8601("2026-07-13T10:00:00Z")};
  const auto file = fs::temp_directory_path() / ("federated_sign_in_" + std::to_string(getpid()));
  std::ofstream{file} << "projected";
  const Environment environment = [&](std::string_view name) -> std::optional<std::string> {
    return name == "AZURE_FEDERATED_TOKEN_FILE" ? std::optional{file.string()}
           : name == "AZURE_CLIENT_ID"          ? std::optional<std::string>{"client-1"}
           : name == "AZURE_TENANT_ID"          ? std::optional<std::string>{"tenant-1"}
                                                : std::nullopt;
  };
  SignIn sign_in;
  sign_in.login = http::Url::parse("https://login.microsoftonline.com").value();
  client.replies = {{{200, {}}, R"({"access_token":"abc","expires_in":3599})"}};
  const auto issuer =
      make_issuer(sign_in, "https://storage.azure.com", client, clock, environment).value();
  ASSERT_TRUE(issuer->issue({}));
  const auto& asked = client.requests.at(0);
  EXPECT_EQ(asked.url.text(), "https://login.microsoftonline.com/tenant-1/oauth2/v2.0/token");
  fs::remove(file);
}

TEST(MakeIssuerTest, what_is_missing_is_told_before_anybody_is_asked) {
  ScriptedClient client;
  ManualClock clock{DateTime{}};
  const Environment nothing = [](std::string_view) { return std::nullopt; };
  for (const auto way : {SignIn::Way::client_secret,
                         SignIn::Way::client_certificate,
                         SignIn::Way::workload_identity}) {
    SignIn sign_in;
    sign_in.way = way;
    EXPECT_EQ(make_issuer(sign_in, "a", client, clock, nothing).error().kind(),
              ErrorKind::invalid_input)
        << name_of(way);
  }
}

} // namespace
} // namespace sluice::identity
