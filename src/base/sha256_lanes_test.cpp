// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "base/sha256_lanes.hpp"

namespace sluice {
namespace {

auto text_of(std::size_t bytes, std::uint64_t seed) -> std::vector<std::byte> {
  Random random{seed};
  std::vector<std::byte> text(bytes);
  for (auto& byte : text) {
    byte = static_cast<std::byte>(random.below(256));
  }
  return text;
}

TEST(Sha256Lanes, agree_with_one_text_at_a_time_for_every_length) {
  Sha256Lanes lanes;
  std::vector<std::size_t> lengths{Sha256Lanes::longest, Sha256Lanes::longest - 1, 40'000};
  for (std::size_t length = 0; length < 300; ++length) {
    lengths.push_back(length);
  }
  std::vector<Sha256Lanes::Ticket> tickets;
  for (const auto length : lengths) {
    tickets.push_back(lanes.begin(text_of(length, length)));
  }
  for (std::size_t i = lengths.size(); i-- > 0;) {
    EXPECT_EQ(lanes.digest(tickets[i]), sha256(text_of(lengths[i], lengths[i]))) << lengths[i];
  }
}

TEST(Sha256Lanes, a_digest_that_nobody_asks_for_is_no_harm) {
  Sha256Lanes lanes;
  static_cast<void>(lanes.begin(text_of(1'000, 1)));
  const auto asked = lanes.begin(text_of(2'000, 2));
  static_cast<void>(lanes.begin(text_of(3'000, 3)));
  EXPECT_EQ(lanes.digest(asked), sha256(text_of(2'000, 2)));
  EXPECT_EQ(lanes.digest(asked), sha256(text_of(2'000, 2))) << "asking again gives the same";
}

TEST(Sha256Lanes, serve_many_threads) {
  Sha256Lanes lanes;
  std::vector<std::jthread> threads;
  for (std::uint64_t thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&lanes, thread] {
      for (std::uint64_t i = 0; i < 50; ++i) {
        const auto text = text_of(i * 37, thread);
        EXPECT_EQ(lanes.digest(lanes.begin(text)), sha256(text));
      }
    });
  }
}

} // namespace
} // namespace sluice
