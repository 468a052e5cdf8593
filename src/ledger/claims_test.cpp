// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "ledger/claims.hpp"

namespace sluice::ledger::sqlite {
namespace {

TEST(Claims, positions_come_back_from_their_bytes) {
  const std::vector<std::uint32_t> positions = {0, 1, 255, 256, 65'536, 4'294'967'295U};
  EXPECT_EQ(unpack(pack(positions)), positions);
  EXPECT_TRUE(unpack(pack({})).empty());
  EXPECT_TRUE(unpack(Blob{pack(positions)}.first(3)).empty());
}

} // namespace
} // namespace sluice::ledger::sqlite
