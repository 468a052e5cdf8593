// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <unistd.h>

#include "identity/managed_identity.hpp"
#include "identity/scripted_client.hpp"

namespace sluice::identity {
namespace {

namespace fs = std::filesystem;

auto environment_of(std::map<std::string, std::string, std::less<>> variables) -> Environment {
  return [variables = std::move(variables)](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional{found->second};
  };
}

class ManagedIdentityTest : public testing::Test {
protected:
  auto issue(const Environment& environment, std::string client_id = {}) -> Result<IssuedToken> {
    ManagedIdentity identity{client_,
                             clock_,
                             find_managed_identity(environment).value(),
                             {.client_id = std::move(client_id),
                              .audience = "https://vault.azure.net",
                              .arc_directory = directory_}};
    return identity.issue({});
  }
  ~ManagedIdentityTest() override { fs::remove_all(directory_); }

  ScriptedClient client_;
  ManualClock clock_{*parse_iso8601("2026-07-13T10:00:00Z")};
  const fs::path directory_ = fs::temp_directory_path() / ("arc_" + std::to_string(getpid()));
  /// As the documentation shows it: numbers as text.
  const http::Response imds_reply_{
      {200, {}},
      R"({"access_token":"abc","expires_in":"3599","expires_on":"1783940399","token_type":"Bearer"})"};
};

TEST_F(ManagedIdentityTest, without_variables_imds_is_asked) {
  client_.replies = {imds_reply_};
  const auto token = issue(environment_of({}), "id-1").value();
  EXPECT_EQ(token.token.reveal(), "abc");
  EXPECT_EQ(client_.requests[0].url.text(),
            "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&"
            "resource=https%3A%2F%2Fvault.azure.net&client_id=id-1");
  EXPECT_EQ(client_.requests[0].headers.find("Metadata"), "true");
}

TEST_F(ManagedIdentityTest, app_service_says_only_when_the_token_ends) {
  client_.replies = {{{200, {}}, R"({"access_token":"abc","expires_on":"1783940400"})"}};
  const auto token =
      issue(environment_of({{"IDENTITY_ENDPOINT", "http://127.0.0.1:41741/msi/token"},
                            {"IDENTITY_HEADER", "proof"}}))
          .value();
  EXPECT_EQ(token.lifetime, std::chrono::hours{1});
  EXPECT_EQ(client_.requests[0].headers.find("X-IDENTITY-HEADER"), "proof");
  EXPECT_THAT(client_.requests[0].url.query(), testing::HasSubstr("api-version=2019-08-01"));
}

TEST_F(ManagedIdentityTest, arc_wants_to_see_that_we_may_read_its_key) {
  const auto environment = environment_of(
      {{"IDENTITY_ENDPOINT", "http://localhost:40342/metadata/identity/oauth2/token"},
       {"IMDS_ENDPOINT", "http://localhost:40342"}});
  fs::create_directory(directory_);
  std::ofstream{directory_ / "1.key"} << "key";
  const auto challenge = [](const fs::path& file) -> http::Response {
    return {{401, {{"WWW-Authenticate", "Basic realm=" + file.string()}}}, {}};
  };
  client_.replies = {challenge(directory_ / "1.key"), imds_reply_};
  ASSERT_TRUE(issue(environment));
  EXPECT_EQ(client_.requests[1].headers.find("Authorization"), "Basic key");
  for (const auto& file :
       {fs::path{"/etc/shadow.key"}, directory_ / ".." / "x.key", directory_ / "x"}) {
    client_.replies = {challenge(file)};
    EXPECT_EQ(issue(environment).error().kind(), ErrorKind::untrusted) << file;
  }
}

TEST_F(ManagedIdentityTest, nobody_there_is_told_apart_from_a_refusal) {
  EXPECT_EQ(issue(environment_of({})).error().code(), "no_managed_identity");
  client_.replies = {
      {{400, {}}, R"({"error":"invalid_request","error_description":"Identity not found"})"}};
  EXPECT_EQ(issue(environment_of({})).error().code(), "no_managed_identity");
  client_.replies = {{{429, {}}, ""}};
  EXPECT_EQ(issue(environment_of({})).error().kind(), ErrorKind::throttled);
}

TEST(FindManagedIdentityTest, a_proof_goes_to_no_other_machine_in_the_open) {
  EXPECT_FALSE(find_managed_identity(environment_of(
      {{"IDENTITY_ENDPOINT", "http://203.0.113.5/msi"}, {"IDENTITY_HEADER", "proof"}})));
  EXPECT_TRUE(find_managed_identity(environment_of(
      {{"IDENTITY_ENDPOINT", "http://169.254.131.5:8081/msi"}, {"IDENTITY_HEADER", "proof"}})));
}

} // namespace
} // namespace sluice::identity
