// SPDX-License-Identifier: Apache-2.0
#include <set>

#include <gmock/gmock.h>

#include "base/guid.hpp"

namespace sluice {
namespace {

TEST(GuidTest, is_of_version_4_and_never_the_same) {
  std::set<std::string> seen;
  for (int i = 0; i < 1'000; ++i) {
    const auto guid = random_guid();
    EXPECT_THAT(guid,
                testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                                      "[0-9a-f]{12}"));
    EXPECT_TRUE(seen.insert(guid).second) << guid;
  }
}

} // namespace
} // namespace sluice
