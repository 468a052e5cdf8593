// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "base/sha256.hpp"

namespace sluice {
namespace {

// The examples of FIPS 180-2.
constexpr std::string_view of_nothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr std::string_view of_abc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Sha256, agrees_with_the_published_examples) {
  EXPECT_EQ(to_hex(sha256("")), of_nothing);
  EXPECT_EQ(to_hex(sha256("abc")), of_abc);
}

TEST(Sha256, is_the_same_however_the_bytes_are_cut) {
  Sha256Hasher hasher;
  for (const std::string_view piece : {"a", "", "bc"}) {
    hasher.append(std::as_bytes(std::span{piece}));
  }
  EXPECT_EQ(to_hex(hasher.finish()), of_abc);
}

TEST(Sha256, reads_back_its_own_text_and_nothing_else) {
  EXPECT_EQ(sha256_from_hex(of_abc), sha256("abc"));
  for (const std::string_view text : {"", "ba78", "zz"}) {
    EXPECT_EQ(sha256_from_hex(text), std::nullopt) << text;
  }
  EXPECT_EQ(sha256_from_hex(std::string(64, 'G')), std::nullopt);
}

} // namespace
} // namespace sluice
