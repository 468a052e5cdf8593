// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/clock.hpp"
#include "destination/embedded/embedded_destination.hpp"

namespace sluice::destination {
namespace {

namespace fs = std::filesystem;

class CountingSink final : public store::RowSink {
public:
  auto begin(const kql::Schema&) -> Result<> override { return {}; }
  auto row(std::span<const kql::Value> values) -> Result<> override {
    count = values.front().as_integer();
    return {};
  }

  std::int64_t count = -1;
};

class EmbeddedDestinationTest : public testing::Test {
protected:
  EmbeddedDestinationTest()
      : directory_{fs::temp_directory_path() / ("embedded_test_" + std::to_string(getpid()))} {
    fs::remove_all(directory_);
  }
  ~EmbeddedDestinationTest() override { fs::remove_all(directory_); }

  auto open() const -> std::unique_ptr<EmbeddedDestination> {
    return EmbeddedDestination::open(directory_, {}).value();
  }

  /// Records that a query sees.
  auto stored() const -> std::int64_t {
    const auto opened = store::Store::open(directory_, {.read_only = true});
    CountingSink sink;
    SystemClock clock;
    const auto plan = opened->store.compile("AuditRecords | count", DateTime{});
    EXPECT_TRUE(plan && opened->store.run(*plan, sink, {}, clock));
    return sink.count;
  }

  fs::path directory_;
};

TEST_F(EmbeddedDestinationTest, a_delivery_repeated_after_a_crash_stores_each_record_once) {
  const std::vector<std::string_view> records{R"({"Id":"1"})", R"({"Id":"2"})"};
  const Batch batch{.tenant = "contoso", .content = "a", .records = records, .ingested = {}};
  ASSERT_TRUE(open()->deliver(batch)); // Not flushed: as if the process had died.
  for (const std::uint64_t run : {1, 2}) {
    auto destination = open();
    ASSERT_TRUE(destination->deliver(batch));
    const auto delivery = destination->flush();
    ASSERT_TRUE(delivery);
    EXPECT_EQ(delivery->batches, 1U) << "run " << run;
    EXPECT_EQ(delivery->stored, 2U) << "run " << run;
  }
  EXPECT_EQ(stored(), 2);
}

TEST_F(EmbeddedDestinationTest, is_another_one_when_the_store_was_deleted) {
  const auto before = open()->identity();
  EXPECT_EQ(open()->identity(), before);
  fs::remove_all(directory_);
  EXPECT_NE(open()->identity(), before);
}

TEST_F(EmbeddedDestinationTest, a_thousand_small_batches_take_one_flush) {
  auto destination = open();
  for (int i = 0; i < 1000; ++i) {
    const auto id = std::to_string(i);
    const auto record = R"({"Id":")" + id + R"("})";
    const std::vector<std::string_view> records{record};
    ASSERT_TRUE(destination->deliver(
        {.tenant = "contoso", .content = id, .records = records, .ingested = {}}));
  }
  EXPECT_EQ(destination->flush()->stored, 1000U);
  destination.reset();
  EXPECT_EQ(stored(), 1000);
}

} // namespace
} // namespace sluice::destination
