// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <gtest/gtest.h>

#include "record/byte_block.hpp"

namespace sluice::record {
namespace {

template <class Block>
class ByteBlocks : public testing::Test {};
using Kinds = testing::Types<PlainByteBlock, ByteBlock>;
TYPED_TEST_SUITE(ByteBlocks, Kinds);

TYPED_TEST(ByteBlocks, find_every_byte_wherever_it_stands) {
  for (std::size_t at = 0; at < TypeParam::size; ++at) {
    for (unsigned byte = 0; byte < 256; ++byte) {
      std::array<char, TypeParam::size> bytes{};
      bytes.fill(static_cast<char>((byte ^ 0x80U) | 0x20U));
      bytes[at] = static_cast<char>(byte);
      const TypeParam block{bytes.data()};
      const bool is_everywhere = bytes[(at + 1) % bytes.size()] == bytes[at];
      EXPECT_EQ(block.that_are(bytes[at]), is_everywhere ? 0xFFFFFFFFU : 1U << at) << byte;
      EXPECT_EQ(block.that_are_controls(), byte < ' ' ? 1U << at : 0U) << byte;
    }
  }
}

} // namespace
} // namespace sluice::record
