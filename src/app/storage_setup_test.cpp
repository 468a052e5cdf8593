// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "app/storage_setup.hpp"
#include "identity/scripted_client.hpp"

namespace sluice::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;

auto reply(int status, std::string code = {}) -> http::Response {
  http::Response response{{status, {}}, {}};
  if (!code.empty()) {
    response.head.headers.add("x-ms-error-code", std::move(code));
  }
  return response;
}

class StorageSetup : public testing::Test {
protected:
  void SetUp() override {
    signature_ = std::filesystem::path{testing::TempDir()} / "storage_setup_signature";
    std::ofstream{signature_} << "sv=2026-04-06&sig=c2lnbmVk";
    const auto reference = "file:" + signature_.string();
    config_.archive_blob = {.account = "contosologs",
                            .container = "archive",
                            .endpoint = "https://contosologs.blob.example",
                            .key_reference = {},
                            .signature_reference = reference,
                            .place = {}};
    config_.ledger_table = {.account = "contosologs",
                            .prefix = "sluice",
                            .endpoint = "https://contosologs.table.example",
                            .key_reference = {},
                            .signature_reference = reference,
                            .silence = {},
                            .place = {}};
    config_.azure.cloud = "enterprise";
  }
  void TearDown() override { std::filesystem::remove(signature_); }

  auto make() -> Result<bool> {
    const auto azure = AzureAccess::create(config_, client_, clock_);
    testing::internal::CaptureStderr();
    auto made = make_storage(config_, **azure, {});
    told_ = testing::internal::GetCapturedStderr();
    return made;
  }

  config::Config config_;
  std::filesystem::path signature_;
  identity::ScriptedClient client_;
  ManualClock clock_{DateTime{}};
  std::string told_;
};

TEST_F(StorageSetup, makes_container_and_tables_and_keeps_what_is_there) {
  client_.replies = {reply(201), reply(409, "TableAlreadyExists"), reply(201)};
  const auto made = make();
  ASSERT_TRUE(made) << made.error().message();
  EXPECT_TRUE(*made);
  EXPECT_THAT(told_,
              AllOf(HasSubstr("container archive"),
                    HasSubstr("table sluiceledger"),
                    HasSubstr("table sluiceclaims")));
}

TEST_F(StorageSetup, what_it_may_not_make_is_said_with_command_and_role) {
  client_.replies = {reply(403, "AuthorizationPermissionMismatch"),
                     reply(403, "AuthorizationPermissionMismatch"),
                     reply(201)};
  const auto made = make();
  ASSERT_TRUE(made) << made.error().message();
  EXPECT_FALSE(*made);
  EXPECT_THAT(
      told_,
      AllOf(HasSubstr("az storage container create --account-name contosologs --name archive"),
            HasSubstr("Storage Blob Data Contributor"),
            HasSubstr("az storage table create --account-name contosologs --name sluiceledger"),
            HasSubstr("Storage Table Data Contributor")));
}

TEST_F(StorageSetup, another_failure_is_an_error) {
  client_.replies = {reply(403, "AuthenticationFailed")};
  const auto made = make();
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message(), HasSubstr("making container archive"));
}

} // namespace
} // namespace sluice::app
