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

} // namespace
} // namespace sluice::identity
