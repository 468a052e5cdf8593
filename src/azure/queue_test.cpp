// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "azure/azurite.hpp"
#include "azure/queue.hpp"

namespace sluice::azure {
namespace {

using namespace std::chrono_literals;

class QueueTest : public testing::Test {
protected:
  QueueTest() { EXPECT_EQ(queue_.create({}), true); }

  auto receive(int most = 32, std::chrono::seconds visibility = 60s) -> std::vector<QueueMessage> {
    return queue_.receive(most, visibility, {}).value();
  }

  Queue queue_{Azurite::shared().resource(StorageService::queue)};
};

TEST_F(QueueTest, a_queue_is_made_once) {
  EXPECT_EQ(queue_.create({}), false);
  ASSERT_TRUE(queue_.drop({}));
  EXPECT_EQ(queue_.receive(1, 1s, {}).error().kind(), ErrorKind::gone);
}

TEST_F(QueueTest, a_message_comes_back_as_it_was_put) {
  using namespace std::string_literals;
  const auto text = "{\"a\":\"<\xC3\xA4&\0>\"}"s;
  ASSERT_TRUE(queue_.put(text, {}, {}));
  EXPECT_EQ(queue_.peek(1, {})->at(0).text, text);
  const auto messages = receive();
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].text, text);
  EXPECT_EQ(messages[0].receptions, 1U);
  EXPECT_TRUE(receive().empty()) << "it is hidden";
  EXPECT_EQ(queue_.approximate_count({}), 1U);
  EXPECT_TRUE(queue_.remove(messages[0], {}));
  EXPECT_EQ(queue_.approximate_count({}), 0U);
  EXPECT_EQ(queue_.remove(messages[0], {}).error().kind(), ErrorKind::gone);
}

TEST_F(QueueTest, who_was_succeeded_cannot_delete) {
  ASSERT_TRUE(queue_.put("work", {}, {}));
  auto first = receive().at(0);
  const auto stale = first;
  ASSERT_TRUE(queue_.extend(first, 0s, {})) << "gives it back at once";
  auto second = receive().at(0);
  EXPECT_EQ(second.receptions, 2U);
  EXPECT_EQ(queue_.remove(stale, {}).error().kind(), ErrorKind::gone);
  EXPECT_EQ(queue_.remove(first, {}).error().kind(), ErrorKind::gone);
  EXPECT_TRUE(queue_.extend(second, 30s, {}));
  EXPECT_TRUE(queue_.remove(second, {}));
}

TEST_F(QueueTest, poison_moves_to_another_queue) {
  const Queue poison{Azurite::shared().resource(StorageService::queue)};
  ASSERT_TRUE(poison.create({}));
  ASSERT_TRUE(queue_.put("bad", {}, {}));
  ASSERT_TRUE(queue_.move(receive().at(0), poison, {}));
  EXPECT_EQ(queue_.approximate_count({}), 0U);
  EXPECT_EQ(poison.peek(1, {})->at(0).text, "bad");
}

TEST_F(QueueTest, thirty_two_messages_come_at_a_time) {
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(queue_.put(std::to_string(i), {}, {}));
  }
  EXPECT_EQ(receive(32).size(), 32U);
  EXPECT_EQ(receive(32).size(), 8U);
}

TEST_F(QueueTest, the_longest_message_fits_and_a_longer_one_is_refused) {
  EXPECT_TRUE(queue_.put(std::string(Queue::most_text_bytes, 'x'), {}, {}));
  EXPECT_EQ(receive().at(0).text.size(), Queue::most_text_bytes);
  EXPECT_EQ(queue_.put(std::string(Queue::most_text_bytes + 1, 'x'), {}, {}).error().kind(),
            ErrorKind::invalid_input);
}

} // namespace
} // namespace sluice::azure
