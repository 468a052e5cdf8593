// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "http/body_buffer.hpp"

namespace sluice::http {
namespace {

using Offered = BodyBuffer::Offered;

auto bytes_of(const std::string& text) -> std::span<const std::byte> {
  return std::as_bytes(std::span{text});
}

TEST(BodyBufferTest, gathers_small_pieces_until_the_end) {
  BodyBuffer buffer;
  EXPECT_EQ(buffer.offer(bytes_of("one")), Offered::taken);
  EXPECT_EQ(buffer.offer(bytes_of("two")), Offered::taken);
  buffer.end();
  const auto taken = buffer.take();
  EXPECT_EQ(taken.bytes.size(), 6U);
  EXPECT_TRUE(taken.ended);
  EXPECT_FALSE(taken.was_full);
}

TEST(BodyBufferTest, a_piece_too_many_is_not_taken_and_the_taker_hears_of_it) {
  BodyBuffer buffer;
  const std::string half(BodyBuffer::capacity / 2, 'x');
  EXPECT_EQ(buffer.offer(bytes_of(half)), Offered::taken);
  EXPECT_EQ(buffer.offer(bytes_of(half)), Offered::taken);
  EXPECT_EQ(buffer.offer(bytes_of("x")), Offered::full);
  const auto taken = buffer.take();
  EXPECT_EQ(taken.bytes.size(), BodyBuffer::capacity);
  EXPECT_TRUE(taken.was_full);
  EXPECT_FALSE(taken.ended);
  EXPECT_EQ(buffer.offer(bytes_of(half)), Offered::taken);
  EXPECT_FALSE(buffer.take().was_full) << "said once";
}

TEST(BodyBufferTest, one_piece_larger_than_the_buffer_is_taken_alone) {
  BodyBuffer buffer;
  const std::string large(BodyBuffer::capacity * 2, 'x');
  EXPECT_EQ(buffer.offer(bytes_of(large)), Offered::taken);
  EXPECT_EQ(buffer.offer(bytes_of("x")), Offered::full);
  EXPECT_EQ(buffer.take().bytes.size(), large.size());
}

TEST(BodyBufferTest, a_taker_that_wants_no_more_is_given_no_more) {
  BodyBuffer buffer;
  buffer.refuse_more();
  EXPECT_EQ(buffer.offer(bytes_of("x")), Offered::refused);
  buffer.end();
  EXPECT_TRUE(buffer.take().ended);
}

TEST(BodyBufferTest, a_waiting_taker_gets_every_byte_in_order) {
  BodyBuffer buffer;
  constexpr std::size_t pieces = 2'000;
  const std::jthread receiver{[&] {
    for (std::size_t i = 0; i < pieces;) {
      const std::string piece(1'000, static_cast<char>('a' + i % 26));
      i += buffer.offer(bytes_of(piece)) == Offered::taken ? 1 : 0;
    }
    buffer.end();
  }};
  std::size_t received = 0;
  for (bool ended = false; !ended;) {
    const auto taken = buffer.take();
    for (const auto byte : taken.bytes) {
      ASSERT_EQ(static_cast<char>(byte), static_cast<char>('a' + received / 1'000 % 26));
      ++received;
    }
    ended = taken.ended;
  }
  EXPECT_EQ(received, pieces * 1'000);
}

} // namespace
} // namespace sluice::http
