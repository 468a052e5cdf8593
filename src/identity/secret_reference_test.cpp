// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <unistd.h>

#include "identity/secret_reference.hpp"

namespace sluice::identity {
namespace {

class SecretReferenceTest : public testing::Test {
protected:
  void SetUp() override { std::filesystem::create_directory(directory_); }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  auto reference(std::string_view content) const -> std::string {
    const auto path = directory_ / "secret";
    std::ofstream{path, std::ios::binary} << content;
    std::filesystem::permissions(
        path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return "file:" + path.string();
  }

  const std::filesystem::path directory_ = std::filesystem::temp_directory_path() /
                                           ("secret_reference_test_" + std::to_string(getpid()));
};

TEST_F(SecretReferenceTest, line_ends_are_cut) {
  EXPECT_EQ(resolve_secret(reference("word\n"))->reveal(), "word");
  EXPECT_EQ(resolve_secret(reference("word\r\n"))->reveal(), "word");
  EXPECT_EQ(resolve_secret(reference(" w\nx "))->reveal(), " w\nx ");
}

TEST_F(SecretReferenceTest, a_text_that_is_no_reference_is_not_repeated) {
  const auto secret = resolve_secret("hunter2");
  ASSERT_FALSE(secret);
  EXPECT_THAT(secret.error().message(), testing::Not(testing::HasSubstr("hunter2")));
  EXPECT_FALSE(secret.error().hint().empty());
}

TEST_F(SecretReferenceTest, refuses_files_that_hold_no_secret) {
  for (const auto& text : {std::string{"file:relative"},
                           std::string{"file:/nonexistent/secret"},
                           "file:" + directory_.string(),
                           std::string{"file:/dev/zero"},
                           reference("")}) {
    const auto secret = resolve_secret(text);
    ASSERT_FALSE(secret) << text;
    EXPECT_EQ(secret.error().kind(), ErrorKind::invalid_input) << text;
  }
  EXPECT_FALSE(resolve_secret(reference("\n\n")));
  EXPECT_FALSE(resolve_secret(reference(std::string(65 * 1024, 'x'))));
}

TEST_F(SecretReferenceTest, binary_files_are_left_as_they_are) {
  using namespace std::string_literals;
  EXPECT_EQ(resolve_secret(reference("0\x82\0\n"s))->reveal(), "0\x82\0\n"s);
}

TEST_F(SecretReferenceTest, a_credential_of_the_unit_is_a_plain_name) {
  static_cast<void>(reference("word\n"));
  const SecretReader reader{[this](std::string_view name) -> std::optional<std::string> {
    return name == "CREDENTIALS_DIRECTORY" ? std::optional{directory_.string()} : std::nullopt;
  }};
  EXPECT_EQ(reader.read("cred:secret", {})->reveal(), "word");
  for (const auto* text : {"cred:", "cred:../secret", "cred:..", "cred:none"}) {
    EXPECT_EQ(reader.read(text, {}).error().kind(), ErrorKind::invalid_input) << text;
  }
  const SecretReader outside{[](std::string_view) { return std::nullopt; }};
  EXPECT_THAT(outside.read("cred:secret", {}).error().hint(), testing::HasSubstr("LoadCredential"));
}

TEST_F(SecretReferenceTest, without_a_vault_a_reference_to_it_says_so) {
  EXPECT_THAT(resolve_secret("keyvault:Name").error().hint(), testing::HasSubstr("key_vault.url"));
}

} // namespace
} // namespace sluice::identity
