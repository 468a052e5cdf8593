// SPDX-License-Identifier: Apache-2.0
#include <concepts>
#include <ostream>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "base/secret.hpp"

namespace sluice {
namespace {

TEST(Secret, empties_the_text_that_it_was_made_from) {
  std::string text = "a long secret that does not fit into the string itself";
  const char* memory = text.data();
  const Secret secret{std::move(text)};
  EXPECT_EQ(secret.reveal(), "a long secret that does not fit into the string itself");
  EXPECT_TRUE(text.empty()); // NOLINT(bugprone-use-after-move): wiping it is the point.
  EXPECT_EQ(text.data(), memory);
  EXPECT_EQ(*memory, '\0');
}

TEST(Secret, copies_are_independent_and_moves_leave_nothing) {
  Secret first{std::string{"first"}};
  Secret second = first;
  second = Secret{std::string{"second"}};
  EXPECT_EQ(first.reveal(), "first");
  const Secret third = std::move(first);
  EXPECT_EQ(third.reveal(), "first");
  EXPECT_TRUE(first.empty()); // NOLINT(bugprone-use-after-move)
}

template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };

TEST(Secret, cannot_be_printed_compared_or_read_as_text) {
  EXPECT_FALSE(Printable<Secret>);
  EXPECT_FALSE((std::equality_comparable<Secret>));
  EXPECT_FALSE((std::convertible_to<Secret, std::string>));
  EXPECT_FALSE((std::convertible_to<std::string, Secret>));
}

} // namespace
} // namespace sluice
