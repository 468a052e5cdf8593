// SPDX-License-Identifier: Apache-2.0
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "kql/decimal.hpp"

namespace sluice::kql {
namespace {

auto read(std::string_view text) -> Decimal {
  const auto decimal = Decimal::parse(text);
  EXPECT_TRUE(decimal.has_value()) << text;
  return decimal.value_or(Decimal{});
}

TEST(Decimal, is_written_without_needless_zeros) {
  const std::pair<std::string_view, std::string_view> table[] = {
      {"0", "0"},
      {"-0.00", "0"},
      {"1.50", "1.5"},
      {"-12", "-12"},
      {".5", "0.5"},
      {"1e3", "1000"},
      {"12e-4", "0.0012"},
      {" 7 ", "7"},
      {"1e50", "1e50"},
      {"12345678901234567890123456789012345", "12345678901234567890123456789012340"},
  };
  for (const auto& [text, expected] : table) {
    EXPECT_EQ(read(text).text(), expected);
  }
}

TEST(Decimal, refuses_what_is_no_number) {
  for (const auto* text : {"", ".", "-", "1.2.3", "1x", "e5", "1e", "nan", "1e99999", "0x10"}) {
    EXPECT_FALSE(Decimal::parse(text).has_value()) << text;
  }
}

TEST(Decimal, adds_exactly) {
  EXPECT_EQ(Decimal::sum(read("0.1"), read("0.2")), read("0.3"));
  EXPECT_EQ(Decimal::sum(read("1"), read("-1")), read("0"));
  EXPECT_EQ(Decimal::sum(read("1e40"), read("1e-90")), read("1e40"));
}

TEST(Decimal, divides_to_34_digits) {
  EXPECT_EQ(Decimal::quotient(read("1"), read("3"))->text(),
            "0.3333333333333333333333333333333333");
  EXPECT_EQ(Decimal::quotient(read("2"), read("-3"))->text(),
            "-0.6666666666666666666666666666666667");
  EXPECT_EQ(Decimal::quotient(read("10"), read("4"))->text(), "2.5");
  EXPECT_FALSE(Decimal::quotient(read("1"), read("0")).has_value());
}

TEST(Decimal, rounds_halves_to_the_even_digit) {
  const auto ten = std::string(33, '1');
  EXPECT_EQ(read(ten + "25").text(), ten + "20");
  EXPECT_EQ(read(ten + "35").text(), ten + "40");
  EXPECT_EQ(read(std::string(35, '9')).text(), "1" + std::string(35, '0'));
}

TEST(Decimal, multiplies) {
  EXPECT_EQ(Decimal::product(read("-1.5"), read("1.5"))->text(), "-2.25");
  EXPECT_EQ(Decimal::product(read("5"), read("0"))->text(), "0");
}

TEST(Decimal, is_ordered_by_value) {
  const std::initializer_list<const char*> ascending = {
      "-20", "-3", "-0.55", "-0.5", "0", "0.05", "0.5", "2", "10", "10.1"};
  for (const auto* low = ascending.begin(); low != ascending.end(); ++low) {
    for (const auto* high = low + 1; high != ascending.end(); ++high) {
      EXPECT_LT(read(*low), read(*high));
      EXPECT_LT(read(*low).sort_key(), read(*high).sort_key());
    }
  }
}

TEST(Decimal, becomes_a_whole_number_or_a_real) {
  EXPECT_EQ(read("-12.9").truncated(), -12);
  EXPECT_EQ(read("1e19").truncated(), std::nullopt);
  EXPECT_EQ(read("1e3").truncated(), 1000);
  EXPECT_EQ(read("-12.1").floored(), read("-13"));
  EXPECT_EQ(read("0.9").floored(), read("0"));
  EXPECT_DOUBLE_EQ(read("-12.25").as_real(), -12.25);
}

} // namespace
} // namespace sluice::kql
