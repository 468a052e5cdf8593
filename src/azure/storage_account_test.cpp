// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "azure/storage_account.hpp"

namespace sluice::azure {
namespace {

TEST(StorageAccountTest, has_its_hosts_by_cloud) {
  const auto account = storage_account("contosologs", storage_suffix("gcc_high").value()).value();
  EXPECT_EQ(account.blob.text(), "https://contosologs.blob.core.usgovcloudapi.net/");
  EXPECT_EQ(account.queue.text(), "https://contosologs.queue.core.usgovcloudapi.net/");
  EXPECT_EQ(account.table.text(), "https://contosologs.table.core.usgovcloudapi.net/");
  EXPECT_EQ(storage_suffix("moon").error().kind(), ErrorKind::invalid_input);
}

TEST(StorageAccountTest, a_name_that_none_can_have_is_refused) {
  for (const auto* name : {"", "ab", "Contoso", "con-toso", "a.evil.example", "contoso/x"}) {
    EXPECT_FALSE(storage_account(name, "core.windows.net")) << name;
  }
}

TEST(StorageAccountTest, endpoints_of_ones_own_are_https_or_loopback) {
  const auto make = [](std::string_view blob) {
    return custom_storage_account("acc", blob, "http://127.0.0.1:1/acc", "http://127.0.0.1:2/acc");
  };
  EXPECT_EQ(make("http://127.0.0.1:10000/acc/")->blob.text(), "http://127.0.0.1:10000/acc");
  EXPECT_TRUE(make("https://acc.z11.blob.storage.azure.net"));
  EXPECT_FALSE(make("http://storage.example/acc"));
  EXPECT_FALSE(make("https://acc.blob.core.windows.net/?sv=1&sig=2"));
}

TEST(StorageAccountTest, a_segment_stays_one_segment) {
  const auto root = http::Url::parse("https://acc.example").value();
  EXPECT_EQ(below(root, "a b?c").value().text(), "https://acc.example/a%20b%3Fc");
  EXPECT_FALSE(below(root, "a/b"));
  EXPECT_EQ(below(below(root, "a").value(), "b").value().path(), "/a/b");
  EXPECT_FALSE(below(root, ".."));
  EXPECT_FALSE(below(root, ""));
}

} // namespace
} // namespace sluice::azure
