// SPDX-License-Identifier: Apache-2.0
#include <latch>
#include <thread>

#include <gtest/gtest.h>

#include "http/body_buffer.hpp"
#include "http/curl_client.hpp"
#include "http/server.hpp"
#include "http/waiting_sink.hpp"

namespace sluice::http {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t piece_bytes = std::size_t{64} * 1024;
constexpr std::size_t pieces = 64; // 4 MiB: many times what the client gathers.

/// A server with a large body, a short one, and one that never comes.
class CurlPauseTest : public testing::Test {
protected:
  CurlPauseTest() {
    const auto large = [](const auto&) {
      ServerReply reply;
      reply.source = [left = pieces](std::string& piece) mutable {
        piece.assign(piece_bytes, 'x');
        return --left == 0 ? BodyStep::done : BodyStep::more;
      };
      return reply;
    };
    const auto silent = [this](const auto&) {
      over_.wait();
      return ServerReply{};
    };
    server_ = *Server::start(
        {}, {{"*", "/large", large}, {"*", "/silent", silent}, {"*", "/", [](const auto&) {
                                                                  return ServerReply{};
                                                                }}});
  }
  ~CurlPauseTest() override {
    over_.count_down();
    server_->stop(); // Its threads know the latch.
  }

  [[nodiscard]] auto get(std::string_view target) const -> Request {
    return {.url = *Url::parse(server_->url() + std::string{target}),
            .headers = {},
            .body = {},
            .bearer = std::nullopt};
  }

  /// Fetches the large body in a thread of its own.
  void fetch_large(std::chrono::milliseconds total_time = 120s) {
    fetcher_ = std::jthread{[this, total_time](const std::stop_token& stop) {
      auto request = get("/large");
      request.total_time = total_time;
      outcome_ = client_->stream(request, *sink_, stop);
    }};
    sink_->reached.wait();
  }
  auto outcome() -> Result<ResponseHead> {
    fetcher_.join();
    return *outcome_;
  }

  std::latch over_{1};
  std::unique_ptr<Server> server_;
  std::unique_ptr<CurlClient> client_ =
      *CurlClient::create({.authorities_file = {}, .stall_time = 1s});
  std::unique_ptr<WaitingSink> sink_ = std::make_unique<WaitingSink>();
  std::optional<Result<ResponseHead>> outcome_;
  std::jthread fetcher_;
};

TEST_F(CurlPauseTest, a_slow_sink_does_not_stall_other_transfers) {
  fetch_large();
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(client_->send(get("/"), {}));
  }
  sink_->go.count_down();
  EXPECT_TRUE(outcome());
  EXPECT_EQ(sink_->received, pieces * piece_bytes);
  EXPECT_LE(sink_->most_at_once, BodyBuffer::capacity);
  EXPECT_GT(sink_->times_behind, 0);
}

TEST_F(CurlPauseTest, one_that_is_cancelled_before_it_has_a_connection_leaves_nothing_behind) {
  client_ = *CurlClient::create({.authorities_file = {}, .connections_per_host = 1});
  fetch_large();
  for (int i = 0; i < 2; ++i) { // The second uses what was the first one's.
    std::jthread waiting{
        [&](const std::stop_token& stop) { EXPECT_FALSE(client_->send(get("/"), stop)); }};
    std::this_thread::sleep_for(100ms); // By now it waits for the only connection.
    waiting.request_stop();
  }
  sink_->go.count_down();
  EXPECT_TRUE(outcome());
  EXPECT_TRUE(client_->send(get("/"), {}));
}

TEST_F(CurlPauseTest, no_time_limit_counts_the_wait_for_the_sink) {
  fetch_large(2s);
  const auto began = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() < began + 3s) { // The stall limit passes meanwhile.
    EXPECT_FALSE(client_->send(get("/silent"), {}));
  }
  sink_->go.count_down();
  const auto head = outcome();
  EXPECT_TRUE(head) << head.error().message();
  EXPECT_EQ(sink_->received, pieces * piece_bytes);
}

TEST_F(CurlPauseTest, a_stop_ends_a_transfer_whose_buffer_is_full) {
  fetch_large();
  fetcher_.request_stop();
  EXPECT_TRUE(client_->send(get("/"), {})); // The client heard of the stop before this.
  sink_->go.count_down();
  EXPECT_EQ(outcome().error().kind(), ErrorKind::cancelled);
  EXPECT_LT(sink_->received, pieces * piece_bytes);
}

TEST_F(CurlPauseTest, a_sink_that_fails_while_its_buffer_is_full_ends_the_transfer) {
  sink_ = std::make_unique<WaitingSink>(Error{ErrorKind::storage, "the disk is full"});
  fetch_large();
  EXPECT_TRUE(client_->send(get("/"), {}));
  sink_->go.count_down();
  EXPECT_EQ(outcome().error().kind(), ErrorKind::storage);
  EXPECT_TRUE(client_->send(get("/"), {})) << "the client goes on";
}

TEST_F(CurlPauseTest, the_clients_end_ends_a_paused_transfer) {
  fetch_large();
  std::jthread ender{[this] { client_.reset(); }};
  sink_->go.count_down();
  // All of it, when the sink was quicker than the end.
  const auto head = outcome();
  EXPECT_TRUE(head || head.error().kind() == ErrorKind::cancelled);
  ender.join();
}

} // namespace
} // namespace sluice::http
