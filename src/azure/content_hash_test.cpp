// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "azure/base64.hpp"
#include "azure/content_hash.hpp"

namespace sluice::azure {
namespace {

TEST(ContentHashTest, crc64_has_the_check_value_of_its_catalogue) {
  EXPECT_EQ(crc64("123456789"), 0xAE8B14860A799888U);
  EXPECT_EQ(crc64(""), 0U);
  EXPECT_EQ(crc64_base64("123456789"), "iJh5CoYUi64=");
}

TEST(ContentHashTest, md5_is_that_of_rfc_1321) {
  EXPECT_EQ(md5_base64("abc"), "kAFQmDzST7DWlj99KOF/cg==");
}

TEST(Base64Test, every_length_comes_back) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(base64_decoded(base64_encoded(bytes)), bytes) << i;
    bytes += static_cast<char>(i * 7);
  }
}

TEST(Base64Test, other_text_is_refused) {
  for (const auto* text : {"a", "ab=", "abc", "a b=", "====", "ab\n=", "a=b=", "-_-_"}) {
    EXPECT_EQ(base64_decoded(text), std::nullopt) << text;
  }
}

} // namespace
} // namespace sluice::azure
