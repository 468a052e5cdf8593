// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "azure/azurite.hpp"
#include "kusto/status_source.hpp"

namespace sluice::kusto {
namespace {

class StatusByQueues : public testing::Test {
protected:
  static auto make_queue() -> azure::Queue {
    azure::Queue queue{azure::Azurite::shared().resource(azure::StorageService::queue)};
    EXPECT_TRUE(queue.create({}));
    return queue;
  }
  static void tell(const azure::Queue& queue, std::string_view id, std::string_view more = "") {
    EXPECT_TRUE(queue.put(fmt::format(R"({{"IngestionSourceId":"{}"{}}})", id, more), {}, {}));
  }
  auto look(std::string id) -> Result<std::optional<Ingested>> {
    return status_by_queues({successes_}, {other_failures_, failures_}, std::move(id))->look({});
  }

  azure::Queue successes_ = make_queue();
  azure::Queue failures_ = make_queue();
  azure::Queue other_failures_ = make_queue();
};

TEST_F(StatusByQueues, our_own_message_is_found_behind_those_of_others_which_stay) {
  for (int i = 0; i < 40; ++i) {
    tell(successes_, fmt::format("another-{}", i));
  }
  ASSERT_TRUE(look("ours"));
  EXPECT_FALSE(*look("ours"));
  tell(successes_, "ours");
  azure::Azurite::shared().clock().wait(std::chrono::milliseconds{2'100}, {});
  EXPECT_EQ(look("ours").value(), std::optional{Ingested::queued});
  EXPECT_EQ(successes_.approximate_count({}).value(), 40U);
}

TEST_F(StatusByQueues, a_failure_is_told_with_its_code_and_what_to_do) {
  struct Case {
    const char* members;
    ErrorKind kind;
  };
  for (const auto& [members, kind] :
       {Case{R"(,"ErrorCode":"BadRequest_InvalidBlob","FailureStatus":"Permanent")",
             ErrorKind::invalid_input},
        Case{R"(,"errorcode":"Unheard","failurestatus":"Transient")", ErrorKind::unavailable},
        Case{R"(,"ErrorCode":"Timeout","FailureStatus":"Exhausted","ShouldRetry":true)",
             ErrorKind::unavailable}}) {
    tell(failures_, "ours", members);
    const auto refused = look("ours");
    ASSERT_FALSE(refused) << members;
    EXPECT_EQ(refused.error().kind(), kind) << members;
  }
  EXPECT_EQ(failures_.approximate_count({}).value(), 0U);
}

TEST_F(StatusByQueues, a_queue_that_is_gone_decides_nothing) {
  EXPECT_TRUE(successes_.drop({}));
  EXPECT_EQ(look("ours").error().kind(), ErrorKind::unavailable);
}

} // namespace
} // namespace sluice::kusto
