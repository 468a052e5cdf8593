// SPDX-License-Identifier: Apache-2.0
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>

#include "base/sha256.hpp"
#include "store/packed_text.hpp"

namespace sluice::store {
namespace {

auto random_bytes(std::size_t size) -> std::string {
  std::mt19937 random{7};
  std::string bytes(size, '\0');
  for (auto& byte : bytes) {
    byte = static_cast<char>(random());
  }
  return bytes;
}

auto alert(int number) -> std::string {
  const auto digits = std::to_string(number * 7919);
  return R"({"CreationTime":"2026-11-18T01:47:05","Id":")" + digits +
         R"(","Operation":"AlertTriggered","RecordType":40,"UserKey":"SecurityComplianceAlerts",)"
         R"("Workload":"SecurityComplianceCenter","AlertId":")" +
         digits + R"(","AlertType":"System","Category":"ThreatManagement","Severity":"Low"})";
}

struct TextCase {
  std::string about;
  std::string text;
};

class PackedText : public testing::TestWithParam<TextCase> {};

TEST_P(PackedText, comes_back) {
  TextPacker packer;
  TextUnpacker unpacker;
  for (int again = 0; again < 2; ++again) {
    const std::string packed{packer.pack(GetParam().text)};
    EXPECT_LE(packed.size(), GetParam().text.size() + 1);
    const auto text = unpacker.unpack(packed);
    ASSERT_TRUE(text) << text.error().message();
    EXPECT_EQ(*text, GetParam().text);
  }
}

INSTANTIATE_TEST_SUITE_P(Table,
                         PackedText,
                         testing::Values(TextCase{"nothing", ""},
                                         TextCase{"one_byte_that_is_a_form", "\1"},
                                         TextCase{"31_bytes", std::string(31, 'a')},
                                         TextCase{"32_bytes", std::string(32, 'a')},
                                         TextCase{"a_nul", std::string(100, '\0')},
                                         TextCase{"an_alert", alert(1)},
                                         TextCase{"what_does_not_compress", random_bytes(100'000)},
                                         TextCase{"4_MiB_alike", std::string(4 << 20, '{')},
                                         TextCase{"4_MiB_not_alike", random_bytes(4 << 20)}),
                         [](const auto& one) { return one.param.about; });

TEST(PackedTextTest, an_alert_alone_takes_a_third) {
  TextPacker packer;
  EXPECT_LT(packer.pack(alert(1)).size() * 3, alert(1).size());
}

TEST(PackedTextTest, the_first_dictionary_is_what_it_was) {
  EXPECT_EQ(to_hex(sha256(packing_dictionary())),
            "e71735ce9025646a1efa4e237c7fc63c6e728d7dc3d1a796de2fec19ae70fda3");
}

TEST(PackedTextTest, what_the_first_release_packed_is_readable) {
  const std::string_view digits =
      "0128b52ffd20ff05020070313837393139223a224c6f77227d0e003bb512b0b157084e710518"
      "2601934e03d05e5fe8dd15c0fe9c18a461b113c2078600995c11f252d8011060f1b6b020";
  std::string packed;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    packed += static_cast<char>(std::stoi(std::string{digits.substr(i, 2)}, nullptr, 16));
  }
  TextUnpacker unpacker;
  const auto text = unpacker.unpack(packed);
  ASSERT_TRUE(text) << text.error().message();
  EXPECT_EQ(*text, alert(1));
}

TEST(PackedTextTest, damage_is_told) {
  TextPacker packer;
  const std::string packed{packer.pack(alert(1))};
  TextUnpacker unpacker;
  auto other_form = packed;
  other_form.front() = 2;
  auto large_claim = packed.substr(0, 1) + std::string{"\x28\xB5\x2F\xFD\xE0"} +
                     std::string(8, '\x7F') + packed.substr(6);
  for (const auto& bad : {other_form,
                          large_claim,
                          packed.substr(0, 1),
                          packed.substr(0, packed.size() / 2),
                          packed.substr(0, packed.size() - 1),
                          packed + "more",
                          packed.substr(0, 1) + alert(1)}) {
    const auto text = unpacker.unpack(bad);
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().kind(), ErrorKind::corrupt);
  }
  for (std::size_t at = 0; at < packed.size(); ++at) {
    auto bad = packed;
    bad[at] = static_cast<char>(bad[at] ^ 0x55);
    static_cast<void>(
        unpacker.unpack(bad)); // Whatever it gives: DuckDB's checksums come before it.
  }
  EXPECT_TRUE(unpacker.unpack(packed));
}

} // namespace
} // namespace sluice::store
