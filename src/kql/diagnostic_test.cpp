// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kql/diagnostic.hpp"

namespace sluice::kql {
namespace {

auto mistake(std::size_t begin, std::size_t end) -> Diagnostic {
  Diagnostic diagnostic;
  diagnostic.span = {begin, end};
  diagnostic.message = "wrong";
  return diagnostic;
}

TEST(Diagnostic, a_long_line_is_cut_around_the_place_and_counted_whole) {
  std::string line;
  for (int i = 0; i < 300; ++i) {
    line += "é";
  }
  const auto text = render(mistake(line.size(), line.size() + 1), line + "!" + line, {});
  std::string shown;
  for (int i = 0; i < 50; ++i) {
    shown += "é";
  }
  EXPECT_THAT(text, testing::StartsWith("1:301: "));
  EXPECT_THAT(text, testing::HasSubstr("\n  " + shown + "!" + shown.substr(0, 98) + "\n"));
  EXPECT_THAT(text, testing::HasSubstr("\n  " + std::string(50, ' ') + "^\n"));
}

TEST(Diagnostic, the_first_twenty_are_shown_and_the_others_counted) {
  const auto of = [](std::size_t count) {
    return render(Diagnostics(count, mistake(0, 1)), "?", "rule.kql");
  };
  EXPECT_THAT(of(20), testing::Not(testing::HasSubstr("more")));
  EXPECT_THAT(of(21), testing::EndsWith("\n  and 1 more mistake\n"));
  EXPECT_THAT(of(5000), testing::EndsWith("\n  and 4980 more mistakes\n"));
}

} // namespace
} // namespace sluice::kql
