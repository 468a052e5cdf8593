// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <filesystem>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "endpoint/base64.hpp"
#include "endpoint/request_queue.hpp"
#include "endpoint/storage_reply.hpp"
#include "endpoint/told_queue.hpp"
#include "endpoint/upload_folder.hpp"

namespace sluice::endpoint {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using Texts = std::vector<std::string>;

class StorageTest : public testing::Test {
protected:
  ~StorageTest() override { std::filesystem::remove_all(directory_.path()); }

  static auto make_directory() -> Directory {
    auto pattern = (std::filesystem::temp_directory_path() / "sluice-storage-XXXXXX").string();
    return Directory::open(::mkdtemp(pattern.data())).value();
  }
  static auto request(std::string method,
                      http::ServerFields query = {},
                      std::string body = {},
                      std::string path = {}) -> http::ServerRequest {
    http::ServerRequest made;
    made.method = std::move(method);
    made.path = std::move(path);
    made.query = std::move(query);
    made.body = std::move(body);
    return made;
  }
  auto files() const -> std::size_t { return directory_.names().value().size(); }

  Directory directory_ = make_directory();
  ManualClock clock_{*parse_iso8601("2026-07-13T10:00:00Z")};
};

class ToldQueueTest : public StorageTest {
protected:
  void start(std::size_t most = 100) {
    queue_.reset();
    queue_ = ToldQueue::open(directory_, "failures", clock_, most).value();
  }
  auto received(http::ServerFields query = {{"numofmessages", "32"}}) -> Texts {
    const auto reply = queue_->answer(request("GET", std::move(query))).value();
    Texts texts;
    ids_.clear();
    for (const auto message : xml_elements(reply.body, "QueueMessage")) {
      texts.push_back(*decode_base64(xml_elements(message, "MessageText").front()));
      ids_.emplace_back(xml_elements(message, "MessageId").front());
    }
    return texts;
  }
  auto remove(const std::string& id) -> int {
    return queue_->answer(request("DELETE", {}, {}, "/sluiceaccount/failures/messages/" + id))
        .value()
        .status;
  }

  std::unique_ptr<ToldQueue> queue_;
  Texts ids_;
};

TEST_F(ToldQueueTest, what_was_told_is_there_after_a_restart_and_what_was_deleted_is_not) {
  start();
  for (const auto* text : {"one", "two", "three"}) {
    ASSERT_TRUE(queue_->tell(text));
  }
  ASSERT_THAT(received(), ElementsAre("one", "two", "three"));
  EXPECT_EQ(remove(ids_[1]), 204);
  start();
  EXPECT_THAT(received(), ElementsAre("one", "three"));
  ASSERT_TRUE(queue_->tell("four"));
  start();
  EXPECT_THAT(received(), ElementsAre("one", "three", "four"));
}

TEST_F(ToldQueueTest, what_was_received_is_hidden_for_the_time_that_was_asked_for) {
  start();
  ASSERT_TRUE(queue_->tell("one"));
  ASSERT_TRUE(queue_->tell("two"));
  EXPECT_THAT(received({{"peekonly", "true"}}), ElementsAre("one"));
  EXPECT_THAT(received({{"visibilitytimeout", "5"}}), ElementsAre("one"));
  EXPECT_THAT(received(), ElementsAre("two"));
  clock_.advance(5s);
  EXPECT_THAT(received(), ElementsAre("one"));
  EXPECT_THAT(received({{"visibilitytimeout", "-9223372036854775808"}}), ElementsAre());
}

TEST_F(ToldQueueTest, the_oldest_go_when_there_are_too_many) {
  start(3);
  for (int i = 1; i <= 5; ++i) {
    ASSERT_TRUE(queue_->tell(std::to_string(i)));
  }
  EXPECT_THAT(received(), ElementsAre("3", "4", "5"));
  EXPECT_EQ(files(), 3U);
  start(2);
  EXPECT_THAT(received(), ElementsAre("4", "5"));
}

TEST_F(ToldQueueTest, what_is_older_than_a_week_goes_when_another_is_told) {
  start();
  ASSERT_TRUE(queue_->tell("old"));
  ASSERT_TRUE(queue_->tell("new"));
  std::filesystem::last_write_time(directory_.path() / directory_.names().value().front(),
                                   std::filesystem::file_time_type::clock::now() - 7 * 24h - 1min);
  ASSERT_TRUE(queue_->tell("newer"));
  EXPECT_THAT(received(), ElementsAre("new", "newer"));
  EXPECT_EQ(files(), 2U);
}

TEST_F(ToldQueueTest, a_message_that_is_too_long_or_unknown_is_refused) {
  start();
  EXPECT_FALSE(queue_->tell(std::string(70'000, 'x')));
  EXPECT_EQ(remove("00000000-0000-0000-0000-000000000009"), 404);
  EXPECT_EQ(queue_->answer(request("POST")).value().status, 405);
}

class RequestQueueTest : public StorageTest {
protected:
  void start(std::size_t most = 3) { queue_ = RequestQueue::open(directory_, most).value(); }
  auto submit(const Texts& texts) -> bool { return queue_->submit(texts).value(); }
  auto take() -> RequestQueue::Message { return queue_->take({}).value(); }

  std::unique_ptr<RequestQueue> queue_;
};

TEST_F(RequestQueueTest, what_was_not_finished_is_there_after_a_restart_in_order) {
  start();
  ASSERT_TRUE(submit({"one", "two", "three"}));
  ASSERT_TRUE(queue_->finish(take()));
  EXPECT_EQ(take().text, "two"); // Its process dies on it.
  start();
  ASSERT_TRUE(submit({"four"}));
  EXPECT_EQ(take().text, "two");
  EXPECT_EQ(take().text, "three");
  EXPECT_EQ(take().text, "four");
}

TEST_F(RequestQueueTest, who_brings_too_much_is_told_so_and_nothing_of_it_is_kept) {
  start();
  ASSERT_TRUE(submit({"one", "two"}));
  EXPECT_FALSE(submit({"three", "four"}));
  EXPECT_FALSE(submit({std::string(70'000, 'x')}));
  EXPECT_EQ(files(), 2U);
  EXPECT_EQ(queue_->answer_put("<QueueMessage><MessageText>eA==</MessageText></QueueMessage>")
                .value()
                .status,
            201);
  EXPECT_EQ(queue_->answer_put("<QueueMessage><MessageText>eA==</MessageText></QueueMessage>")
                .value()
                .status,
            503);
  EXPECT_EQ(queue_->answer_put("<MessageText>?</MessageText>").value().status, 400);
  const auto first = take();
  EXPECT_FALSE(submit({"four"})) << "until it is finished";
  ASSERT_TRUE(queue_->finish(first));
  EXPECT_TRUE(submit({"four"}));
}

TEST_F(RequestQueueTest, when_one_cannot_be_written_nothing_of_the_others_is_kept) {
  start();
  // What is to be the third file's name is taken by a directory.
  std::filesystem::create_directory(directory_.path() / fmt::format("message-{:020}", 3));
  ASSERT_TRUE(submit({"one"}));
  EXPECT_FALSE(queue_->submit(Texts{"two", "three"}));
  EXPECT_EQ(files(), 2U); // The directory, and what was there before.
  ASSERT_TRUE(submit({"four"}));
  EXPECT_EQ(take().text, "one");
  EXPECT_EQ(take().text, "four");
}

TEST_F(RequestQueueTest, more_than_may_wait_is_taken_up_all_the_same) {
  start(100);
  ASSERT_TRUE(submit(Texts(5, "text")));
  start(2);
  EXPECT_FALSE(submit({"one more"}));
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(queue_->finish(take()));
  }
  EXPECT_TRUE(submit({"one more"}));
}

class UploadFolderTest : public StorageTest {
protected:
  auto put(http::ServerFields query, std::string body) -> int {
    return folder_.answer(request("PUT", std::move(query), std::move(body)), "blob").value().status;
  }
  auto commit(const Texts& blocks) -> int {
    std::string list;
    for (const auto& block : blocks) {
      list += fmt::format("<Latest>{}</Latest>", block);
    }
    return put({{"comp", "blocklist"}}, list);
  }

  UploadFolder folder_{directory_};
};

TEST_F(UploadFolderTest, blocks_become_a_blob_in_the_order_of_the_list) {
  ASSERT_EQ(put({{"comp", "block"}, {"blockid", "a"}}, "first "), 201);
  ASSERT_EQ(put({{"comp", "block"}, {"blockid", "b"}}, "second "), 201);
  EXPECT_EQ(commit({"c"}), 400);
  ASSERT_EQ(commit({"b", "a", "b"}), 201);
  EXPECT_EQ(folder_.read("blob").value(), "second first second ");
  EXPECT_EQ(files(), 1U) << "the blocks are gone";
}

TEST_F(UploadFolderTest, a_blob_that_is_deleted_or_old_is_gone) {
  ASSERT_EQ(put({}, "text"), 201);
  EXPECT_EQ(folder_.answer(request("DELETE"), "blob").value().status, 202);
  EXPECT_EQ(folder_.read("blob").error().kind(), ErrorKind::gone);
  ASSERT_EQ(put({}, "text"), 201);
  const auto file = directory_.path() / directory_.names().value().front();
  const auto week = std::chrono::hours{24 * 7};
  std::filesystem::last_write_time(file,
                                   std::filesystem::file_time_type::clock::now() - week - 1min);
  const UploadFolder again{directory_};
  EXPECT_EQ(again.read("blob").error().kind(), ErrorKind::gone);
}

} // namespace
} // namespace sluice::endpoint
