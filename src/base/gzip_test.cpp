// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <string>

#include <gtest/gtest.h>

#include "base/gzip.hpp"
#include "base/random.hpp"

namespace sluice {
namespace {

auto inflate(std::string_view bytes, std::size_t chunk, Inflater::Limits limits = {})
    -> Result<std::string> {
  std::string out;
  Inflater inflater{limits};
  for (std::size_t at = 0; at < bytes.size(); at += chunk) {
    TRY_DO(inflater.feed(bytes.substr(at, chunk), [&](std::string_view piece) -> Result<> {
      out += piece;
      return {};
    }));
  }
  TRY_DO(inflater.finish());
  return out;
}

auto text_of(std::size_t bytes) -> std::string {
  Random random{7};
  std::string text;
  while (text.size() < bytes) {
    text += "record " + std::to_string(random.below(100'000)) + '\n';
  }
  return text;
}

TEST(Gzip, gives_back_what_was_deflated_however_it_is_cut) {
  for (const std::size_t bytes : {0, 1, 100, 65'536, 300'000}) {
    const auto text = text_of(bytes);
    const auto packed = deflate_gzip(text);
    for (const std::size_t chunk :
         {std::size_t{1}, std::size_t{7}, std::size_t{4096}, packed.size()}) {
      const auto out = inflate(packed, chunk);
      ASSERT_TRUE(out) << out.error().message();
      EXPECT_EQ(*out, text) << bytes << " bytes in chunks of " << chunk;
    }
  }
}

TEST(Gzip, reads_members_one_after_another) {
  const auto packed = deflate_gzip("one ") + deflate_gzip(text_of(100'000)) + deflate_gzip("") +
                      deflate_gzip(" three");
  for (std::size_t chunk = 1; chunk < 40; ++chunk) {
    const auto out = inflate(packed, chunk);
    ASSERT_TRUE(out) << out.error().message() << " in chunks of " << chunk;
    EXPECT_EQ(*out, "one " + text_of(100'000) + " three");
  }
}

TEST(Gzip, reads_zlib) {
  const std::string packed{"\x78\x9c\xab\x56\x4a\x54\xb2\x52\x30\xac\x05\x00\x09\xe5\x02\x29", 16};
  EXPECT_TRUE(looks_compressed(packed));
  const auto out = inflate(packed, 3);
  ASSERT_TRUE(out) << out.error().message();
  EXPECT_EQ(*out, "{\"a\": 1}");
}

TEST(Gzip, knows_compressed_bytes_from_json) {
  EXPECT_TRUE(looks_compressed(deflate_gzip("x")));
  EXPECT_FALSE(looks_compressed("[{\"Id\":1}]"));
  EXPECT_FALSE(looks_compressed("\x1f"));
  EXPECT_FALSE(looks_compressed(""));
}

TEST(Gzip, truncation_anywhere_is_an_error) {
  const auto packed = deflate_gzip("a text that is long enough to be cut");
  for (std::size_t kept = 0; kept < packed.size(); ++kept) {
    const auto out = inflate(std::string_view{packed}.substr(0, kept), 5);
    ASSERT_FALSE(out) << kept;
    EXPECT_EQ(out.error().kind(), ErrorKind::malformed);
    EXPECT_EQ(out.error().code(), "truncated") << kept;
  }
}

TEST(Gzip, damage_is_an_error) {
  const auto packed = deflate_gzip(text_of(1000));
  auto flipped = packed;
  flipped[flipped.size() - 6] = static_cast<char>(flipped[flipped.size() - 6] ^ 1);
  EXPECT_FALSE(inflate(flipped, 64));
  EXPECT_FALSE(inflate(packed + "trailing", 64));
  EXPECT_FALSE(inflate("no gzip at all", 64));
}

TEST(Gzip, expansion_beyond_the_limits_is_an_error) {
  const auto bomb = deflate_gzip(std::string(std::size_t{32} * 1024 * 1024, ' '));
  const auto by_ratio = inflate(bomb, bomb.size(), {.max_ratio = 50});
  ASSERT_FALSE(by_ratio);
  EXPECT_EQ(by_ratio.error().code(), "expansion");
  const auto by_size =
      inflate(bomb, bomb.size(), {.max_output_bytes = 1'000'000, .max_ratio = 2000});
  ASSERT_FALSE(by_size);
  EXPECT_EQ(by_size.error().code(), "expansion");
}

TEST(Gzip, an_error_of_the_sink_comes_back) {
  Inflater inflater;
  const auto result = inflater.feed(deflate_gzip("text"), [](std::string_view) -> Result<> {
    return Error{ErrorKind::storage, "disk full"};
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind(), ErrorKind::storage);
}

TEST(Gzip, one_that_restarts_inflates_as_a_new_one_would_whatever_it_read_before) {
  const std::string text(1'000, 'x');
  const auto whole = deflate_gzip(text);
  const auto ignore = [](std::string_view) { return Result<>{}; };
  for (const auto& former : {whole, whole.substr(0, 10), std::string{"nonsense"}, std::string{}}) {
    Inflater inflater;
    static_cast<void>(inflater.feed(former, ignore));
    inflater.restart();
    EXPECT_EQ(inflater.finish().error().code(), "truncated") << "nothing came yet";
    std::string out;
    EXPECT_TRUE(inflater.feed(whole, [&](std::string_view part) -> Result<> {
      out += part;
      return {};
    }));
    EXPECT_TRUE(inflater.finish());
    EXPECT_EQ(out, text);
  }
}

} // namespace
} // namespace sluice
