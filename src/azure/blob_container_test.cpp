// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "azure/azurite.hpp"
#include "azure/blob_container.hpp"
#include "azure/blob_lease.hpp"
#include "azure/storage_error.hpp"

namespace sluice::azure {
namespace {

using namespace std::chrono_literals;

/// A container of its own in the shared emulator.
class BlobContainerTest : public testing::Test {
protected:
  BlobContainerTest() { EXPECT_EQ(container_.create({}), true); }

  auto put(std::string_view name, std::string bytes, BlobCondition condition = {})
      -> Result<std::string> {
    return container_.put(name, std::move(bytes), {.condition = std::move(condition)}, {});
  }
  auto whole(std::string_view name) -> std::string {
    const auto part = container_.read(name, 0, 1U << 24U, {}, {});
    return part ? part->bytes : part.error().message();
  }
  auto names(std::string_view prefix, int page_size) -> std::vector<std::string> {
    std::vector<std::string> all;
    EXPECT_TRUE(container_.list(
        prefix,
        [&](const BlobFacts& blob) -> Result<> {
          all.push_back(blob.name);
          return {};
        },
        {},
        page_size));
    return all;
  }

  BlobContainer container_{Azurite::shared().resource(StorageService::blob)};
};

TEST_F(BlobContainerTest, a_container_is_made_once) {
  EXPECT_EQ(container_.create({}), false);
}

TEST_F(BlobContainerTest, what_was_put_is_read_back_under_any_name) {
  using namespace std::string_literals;
  const auto bytes = "\0\xff\r\n<>&"s;
  for (const auto* name : {"a",
                           "raw/2026/07/x.json.gz",
                           "a b+c%20d",
                           "\xC3\xA4\xE2\x82\xAC",
                           "a=b&c?d#e",
                           "~_-.,;'()"}) {
    ASSERT_TRUE(put(name, bytes)) << name;
    EXPECT_EQ(whole(name), bytes) << name;
    EXPECT_EQ(container_.facts(name, {})->bytes, bytes.size()) << name;
    EXPECT_EQ(names(name, 10), std::vector<std::string>{name});
    EXPECT_TRUE(container_.remove(name, {}, {})) << name;
    EXPECT_EQ(container_.facts(name, {}).error().kind(), ErrorKind::gone) << name;
  }
}

TEST_F(BlobContainerTest, a_range_is_cut_at_the_end_of_the_blob) {
  ASSERT_TRUE(put("a", "0123456789"));
  const auto part = container_.read("a", 8, 5, {}, {}).value();
  EXPECT_EQ(part.bytes, "89");
  EXPECT_EQ(part.blob_bytes, 10U);
  EXPECT_EQ(container_.read("a", 10, 5, {}, {})->bytes, "");
  ASSERT_TRUE(put("empty", ""));
  const auto empty = container_.read("empty", 0, 5, {}, {}).value();
  EXPECT_EQ(empty.bytes, "");
  EXPECT_EQ(empty.blob_bytes, 0U);
}

TEST_F(BlobContainerTest, conditions_keep_writers_apart) {
  const auto first = put("a", "1", {.if_none_match = "*"}).value();
  const auto refused = put("a", "2", {.if_none_match = "*"});
  ASSERT_FALSE(refused);
  EXPECT_TRUE(is_conflict(refused.error())) << refused.error().message();
  const auto second = put("a", "2", {.if_match = first}).value();
  const auto stale = put("a", "3", {.if_match = first});
  ASSERT_FALSE(stale);
  EXPECT_TRUE(is_conflict(stale.error())) << stale.error().message();
  EXPECT_EQ(container_.read("a", 0, 9, {.if_match = first}, {}).error().code(), "ConditionNotMet");
  EXPECT_EQ(container_.read("a", 0, 9, {.if_match = second}, {})->bytes, "2");
}

TEST_F(BlobContainerTest, blocks_become_a_blob_in_the_order_that_is_committed) {
  ASSERT_TRUE(container_.stage_block("a", "id-1", "one ", {}, {}));
  ASSERT_TRUE(container_.stage_block("a", "id-2", "two ", {}, {}));
  ASSERT_TRUE(container_.stage_block("a", "id-3", "three ", {}, {}));
  EXPECT_EQ(container_.facts("a", {}).error().kind(), ErrorKind::gone);
  ASSERT_TRUE(container_.commit_blocks("a", {"id-3", "id-1"}, {}, {}));
  EXPECT_EQ(whole("a"), "three one ");
  const auto unknown = container_.commit_blocks("a", {"id-9"}, {}, {});
  ASSERT_FALSE(unknown);
  EXPECT_TRUE(is_conflict(unknown.error())) << unknown.error().message();
}

TEST_F(BlobContainerTest, an_append_says_where_it_belongs) {
  ASSERT_TRUE(container_.create_append_blob("log", {.if_none_match = "*"}, {}));
  ASSERT_TRUE(container_.append("log", 0, "one\n", {}, {}));
  ASSERT_TRUE(container_.append("log", 4, "two\n", {}, {}));
  EXPECT_EQ(container_.append("log", 4, "two\n", {}, {}).error().code(),
            "AppendPositionConditionNotMet");
  EXPECT_EQ(whole("log"), "one\ntwo\n");
}

TEST_F(BlobContainerTest, a_listing_comes_in_pages_and_in_order) {
  std::vector<std::string> expected;
  for (int i = 0; i < 7; ++i) {
    expected.push_back("p/" + std::to_string(i));
    ASSERT_TRUE(put(expected.back(), "x"));
  }
  ASSERT_TRUE(put("q", "x"));
  EXPECT_EQ(names("p/", 3), expected);
  EXPECT_EQ(names("none", 3), std::vector<std::string>{});
  const auto stopped = container_.list(
      "", [](const BlobFacts&) -> Result<> { return Error{ErrorKind::cancelled, "enough"}; }, {});
  EXPECT_EQ(stopped.error().kind(), ErrorKind::cancelled);
}

TEST_F(BlobContainerTest, a_lease_refuses_every_other_writer) {
  ASSERT_TRUE(put("leader", ""));
  auto lease = BlobLease::acquire(container_, "leader", 15s, {}).value();
  EXPECT_EQ(BlobLease::acquire(container_, "leader", 15s, {}).error().code(),
            "LeaseAlreadyPresent");
  const auto without = put("leader", "x");
  ASSERT_FALSE(without);
  EXPECT_TRUE(is_conflict(without.error()));
  EXPECT_TRUE(put("leader", "mine", {.lease_id = lease.id()}));
  EXPECT_TRUE(lease.renew({}));
  ASSERT_TRUE(break_lease(container_, "leader", {}));
  const auto successor = BlobLease::acquire(container_, "leader", 15s, {}).value();
  const auto stale = put("leader", "late", {.lease_id = lease.id()});
  ASSERT_FALSE(stale) << "a holder that was succeeded may not write";
  EXPECT_TRUE(is_conflict(stale.error())) << stale.error().message();
  EXPECT_FALSE(lease.renew({}));
  EXPECT_EQ(whole("leader"), "mine");
}

TEST_F(BlobContainerTest, a_wrong_key_is_refused_without_a_word_of_it) {
  const Secret wrong{std::string{"d3Jvbmcga2V5"}};
  const auto& azurite = Azurite::shared();
  const BlobContainer container{Azurite::shared().resource(
      StorageService::blob, "any", shared_key(azurite.account().name, wrong).value())};
  const auto refused = container.facts("a", {});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().kind(), ErrorKind::gone);
  EXPECT_EQ(refused.error().message().find("SharedKey"), std::string::npos);
  EXPECT_FALSE(shared_key("acc", Secret{std::string{"not base64!"}}));
}

} // namespace
} // namespace sluice::azure
