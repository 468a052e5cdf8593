// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "base/result.hpp"

namespace sluice {
namespace {

using namespace std::chrono_literals;

auto halve(int number) -> Result<int> {
  if (number % 2 != 0) {
    return Error{ErrorKind::invalid_input, "odd"}.with_code("E1").with_hint("use an even number");
  }
  return number / 2;
}

auto quarter(int number) -> Result<int> {
  TRY(const auto half, halve(number).while_doing("halving once"));
  TRY(const auto result, halve(half).while_doing("halving twice"));
  return result;
}

auto check_even(int number) -> Result<> {
  TRY_DO(halve(number));
  return {};
}

TEST(Result, try_takes_the_value) {
  EXPECT_EQ(*quarter(12), 3);
  EXPECT_TRUE(check_even(2));
}

TEST(Result, try_returns_the_error_with_what_we_were_about) {
  const auto result = quarter(6);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message(), "halving twice: odd");
  EXPECT_EQ(result.error().kind(), ErrorKind::invalid_input);
  EXPECT_EQ(result.error().code(), "E1");
  EXPECT_EQ(result.error().hint(), "use an even number");
  EXPECT_FALSE(check_even(1));
}

TEST(Result, the_wait_asked_for_is_kept) {
  const auto error = Error{ErrorKind::throttled, "busy"}.with_retry_after(30s);
  EXPECT_EQ(error.retry_after(), 30s);
  EXPECT_FALSE((Error{ErrorKind::throttled, "busy"}.retry_after()));
}

TEST(Result, every_kind_has_a_name_of_its_own) {
  std::set<std::string> names;
  for (auto kind = 0; kind <= static_cast<int>(ErrorKind::cancelled); ++kind) {
    names.emplace(name_of(static_cast<ErrorKind>(kind)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(ErrorKind::cancelled) + 1);
}

} // namespace
} // namespace sluice
