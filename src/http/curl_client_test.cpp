// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <latch>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>

#include "http/curl_client.hpp"
#include "http/server.hpp"

namespace sluice::http {
namespace {

using namespace std::chrono_literals;

/// Keeps what it is given; fails, if told to, at the first byte.
class RecordingSink final : public BodySink {
public:
  explicit RecordingSink(std::optional<Error> failure = std::nullopt)
      : failure_{std::move(failure)} {}

  auto begin(const ResponseHead& response_head) -> Result<> override {
    ++begins;
    head = response_head;
    return {};
  }
  auto write(std::span<const std::byte> bytes) -> Result<> override {
    if (failure_) {
      return *failure_;
    }
    body.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }

  int begins = 0;
  ResponseHead head;
  std::string body;

private:
  const std::optional<Error> failure_;
};

class CurlClientTest : public testing::Test {
protected:
  void serve(ServerHandler handler) {
    auto server = Server::start({}, {{"*", "/", std::move(handler)}});
    ASSERT_TRUE(server) << server.error().message();
    server_ = *std::move(server);
  }

  [[nodiscard]] auto url(std::string_view target = "/") const -> Url {
    return *Url::parse(server_->url() + std::string{target});
  }

  [[nodiscard]] auto get(std::string_view target = "/") const -> Request {
    return {.url = url(target), .headers = {}, .body = {}, .bearer = std::nullopt};
  }

  std::unique_ptr<Server> server_;
  std::unique_ptr<CurlClient> client_ = *CurlClient::create({});
};

TEST_F(CurlClientTest, gives_status_headers_and_body) {
  serve([](const auto&) {
    return ServerReply{.status = 418,
                       .headers = {{"NEXTPAGEURI", "x"}},
                       .body = "short",
                       .shared_body = {},
                       .source = {},
                       .source_length = {}};
  });
  RecordingSink sink;
  const auto head = client_->stream(get(), sink, {});
  ASSERT_TRUE(head) << head.error().message();
  EXPECT_EQ(head->status, 418);
  EXPECT_EQ(head->headers.find("NextPageUri"), "x");
  EXPECT_EQ(sink.head.status, 418);
  EXPECT_EQ(sink.body, "short");
}

TEST_F(CurlClientTest, begins_the_sink_once_even_without_a_body) {
  serve([](const auto&) { return ServerReply{}; });
  RecordingSink sink;
  ASSERT_TRUE(client_->stream(get(), sink, {}));
  EXPECT_EQ(sink.begins, 1);
  EXPECT_EQ(sink.body, "");
}

TEST_F(CurlClientTest, sends_what_the_request_says) {
  ServerRequest seen;
  serve([&](const ServerRequest& request) {
    seen = request;
    return ServerReply{};
  });
  auto request = get("/a$b?c=d$e");
  request.method = Method::post;
  request.body = "form=1";
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.bearer = Bearer{url().origin(), Secret{std::string{"token"}}};
  ASSERT_TRUE(client_->send(request, {}));
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.target, "/a$b?c=d$e");
  EXPECT_EQ(seen.body, "form=1");
  EXPECT_EQ(seen.header("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(seen.header("Authorization"), "Bearer token");
  EXPECT_EQ(seen.header("Accept-Encoding"), "gzip");
  EXPECT_EQ(seen.header("Expect"), "");
}

TEST_F(CurlClientTest, an_empty_post_states_its_length) {
  ServerRequest seen;
  serve([&](const ServerRequest& request) {
    seen = request;
    return ServerReply{};
  });
  auto request = get();
  request.method = Method::post;
  ASSERT_TRUE(client_->send(request, {}));
  EXPECT_TRUE(seen.length_stated);
  EXPECT_EQ(seen.header("Content-Length"), "0");
  EXPECT_EQ(seen.header("Content-Type"), "");
}

TEST_F(CurlClientTest, a_token_for_another_origin_never_leaves) {
  std::atomic<int> requests{0};
  serve([&](const auto&) {
    ++requests;
    return ServerReply{};
  });
  auto request = get();
  request.bearer =
      Bearer{Url::parse("https://manage.office.com")->origin(), Secret{std::string{"token"}}};
  EXPECT_EQ(client_->send(request, {}).error().kind(), ErrorKind::untrusted);
  EXPECT_EQ(requests, 0);
  EXPECT_EQ(server_->accepted(), 0U);
}

TEST_F(CurlClientTest, does_not_follow_redirects) {
  std::atomic<int> requests{0};
  serve([&](const auto&) {
    ++requests;
    return ServerReply{.status = 302,
                       .headers = {{"Location", "/elsewhere"}},
                       .body = {},
                       .shared_body = {},
                       .source = {},
                       .source_length = {}};
  });
  EXPECT_EQ(client_->send(get(), {})->head.status, 302);
  EXPECT_EQ(requests, 1);
}

TEST_F(CurlClientTest, delivers_gzip_as_received) {
  const std::string packed{"\x1f\x8b not really packed"};
  serve([&](const auto&) {
    return ServerReply{.status = 200,
                       .headers = {{"Content-Encoding", "gzip"}},
                       .body = packed,
                       .shared_body = {},
                       .source = {},
                       .source_length = {}};
  });
  RecordingSink sink;
  ASSERT_TRUE(client_->stream(get(), sink, {}));
  EXPECT_EQ(sink.body, packed);
}

/// `pieces` times 64 KiB, then the end that `last` says.
auto pieces_of_64_kib(int pieces, BodyStep last) -> BodySource {
  return [left = pieces, last](std::string& piece) mutable {
    piece.assign(64 * 1024, 'x');
    return --left == 0 ? last : BodyStep::more;
  };
}

TEST_F(CurlClientTest, streams_a_large_body_in_pieces) {
  constexpr int pieces = 512; // 32 MiB
  serve([&](const auto&) {
    ServerReply reply;
    reply.source = pieces_of_64_kib(pieces, BodyStep::done);
    return reply;
  });
  RecordingSink sink;
  ASSERT_TRUE(client_->stream(get(), sink, {}));
  EXPECT_EQ(sink.body.size(), std::size_t{pieces} * 64 * 1024);
}

TEST_F(CurlClientTest, a_body_cut_below_its_length_is_an_error) {
  serve([&](const auto&) {
    ServerReply reply;
    reply.source = pieces_of_64_kib(2, BodyStep::drop);
    reply.source_length = 3 * 64 * 1024;
    return reply;
  });
  RecordingSink sink;
  const auto head = client_->stream(get(), sink, {});
  ASSERT_FALSE(head);
  EXPECT_EQ(head.error().kind(), ErrorKind::unavailable);
}

TEST_F(CurlClientTest, a_chunked_body_without_its_end_is_an_error) {
  serve([&](const auto&) {
    ServerReply reply;
    reply.source = pieces_of_64_kib(2, BodyStep::drop);
    return reply;
  });
  RecordingSink sink;
  const auto head = client_->stream(get(), sink, {});
  ASSERT_FALSE(head);
  EXPECT_EQ(head.error().kind(), ErrorKind::unavailable);
}

TEST_F(CurlClientTest, an_error_of_the_sink_ends_the_transfer) {
  serve([&](const auto&) {
    ServerReply reply;
    reply.source = pieces_of_64_kib(1'000'000, BodyStep::done);
    return reply;
  });
  RecordingSink sink{Error{ErrorKind::storage, "the disk is full"}};
  const auto head = client_->stream(get(), sink, {});
  ASSERT_FALSE(head);
  EXPECT_EQ(head.error().kind(), ErrorKind::storage);
}

TEST_F(CurlClientTest, no_listener_is_unavailable_with_the_cause) {
  serve([](const auto&) { return ServerReply{}; });
  const auto request = get();
  server_.reset();
  const auto response = client_->send(request, {});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind(), ErrorKind::unavailable);
  EXPECT_THAT(response.error().message(), testing::HasSubstr("127.0.0.1"));
}

TEST_F(CurlClientTest, a_reply_that_never_comes_is_given_up) {
  std::latch over{1};
  serve([&](const auto&) {
    over.wait();
    return ServerReply{};
  });
  auto request = get();
  request.total_time = 50ms;
  const auto response = client_->send(request, {});
  over.count_down();
  server_->stop(); // Its threads know the latch.
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind(), ErrorKind::unavailable);
}

TEST_F(CurlClientTest, a_stop_ends_the_wait_at_once) {
  std::latch arrived{1};
  std::latch over{1};
  serve([&](const auto&) {
    arrived.count_down();
    over.wait();
    return ServerReply{};
  });
  std::stop_source stop;
  const std::jthread stopper{[&] {
    arrived.wait();
    stop.request_stop();
  }};
  const auto response = client_->send(get(), stop.get_token());
  over.count_down();
  server_->stop(); // Its threads know the latch.
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind(), ErrorKind::cancelled);
  EXPECT_EQ(client_->send(get(), stop.get_token()).error().kind(), ErrorKind::cancelled);
}

TEST_F(CurlClientTest, its_end_cancels_what_is_under_way) {
  std::latch arrived{1};
  std::latch over{1};
  serve([&](const auto&) {
    arrived.count_down();
    over.wait();
    return ServerReply{};
  });
  std::optional<Error> error;
  std::jthread waiter{
      [&, &client = *client_, request = get()] { error = client.send(request, {}).error(); }};
  arrived.wait();
  client_.reset();
  waiter.join();
  over.count_down();
  server_->stop(); // Its threads know the latch.
  EXPECT_EQ(error->kind(), ErrorKind::cancelled);
}

TEST_F(CurlClientTest, many_threads_share_few_connections) {
  serve([](const ServerRequest& request) {
    ServerReply reply;
    reply.body = request.target;
    return reply;
  });
  client_ = *CurlClient::create({.authorities_file = {}, .connections_per_host = 4});
  std::atomic<int> right{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 50; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 20; ++i) {
          const auto target = "/" + std::to_string(t) + "/" + std::to_string(i);
          const auto response = client_->send(get(target), {});
          right += response && response->body == target ? 1 : 0;
        }
      });
    }
  }
  EXPECT_EQ(right, 1'000);
  EXPECT_LE(server_->accepted(), 4U);
}

TEST_F(CurlClientTest, a_header_without_end_is_refused) {
  serve([](const auto&) {
    ServerReply reply;
    for (int i = 0; i < 100; ++i) {
      reply.headers.emplace_back("X-Filler", std::string(1'000, 'x'));
    }
    return reply;
  });
  EXPECT_EQ(client_->send(get(), {}).error().kind(), ErrorKind::malformed);
}

TEST_F(CurlClientTest, a_line_end_cannot_be_smuggled_into_a_header) {
  serve([](const auto&) { return ServerReply{}; });
  auto request = get();
  request.headers = {{"X-Id", "1\r\nX-Evil: 1"}};
  EXPECT_EQ(client_->send(request, {}).error().kind(), ErrorKind::invalid_input);
}

TEST(CurlClientOptionsTest, a_missing_authorities_file_is_named) {
  const auto client = CurlClient::create({.authorities_file = "/nonexistent/ca.pem"});
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().kind(), ErrorKind::invalid_input);
  EXPECT_THAT(client.error().message(), testing::HasSubstr("/nonexistent/ca.pem"));
}

} // namespace
} // namespace sluice::http
