// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "ledger/record_key.hpp"

namespace sluice::ledger {
namespace {

TEST(RecordKey, a_guid_takes_sixteen_bytes_whatever_its_case) {
  const auto key = record_key("0123ABCD-4567-89ab-cdef-0123456789aB");
  EXPECT_EQ(key.size(), 16U);
  EXPECT_EQ(key[0], std::byte{0x01});
  EXPECT_EQ(key[2], std::byte{0xAB});
  EXPECT_EQ(key[15], std::byte{0xAB});
  EXPECT_EQ(key, record_key("0123abcd-4567-89AB-CDEF-0123456789AB"));
}

TEST(RecordKey, any_other_id_takes_thirty_two) {
  for (const std::string_view id : {"",
                                    "x",
                                    "0123abcd-4567-89ab-cdef-0123456789a",
                                    "0123abcd-4567-89ab-cdef-0123456789ag",
                                    "{0123abcd-4567-89ab-cdef-0123456789a",
                                    "0123abcd4567-89ab-cdef-0123456789abc"}) {
    EXPECT_EQ(record_key(id).size(), 32U) << id;
  }
  EXPECT_NE(record_key("x"), record_key("X"));
}

} // namespace
} // namespace sluice::ledger
