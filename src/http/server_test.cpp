// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <latch>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <httplib.h>

#include "http/server.hpp"

namespace sluice::http {
namespace {

using testing::ElementsAre;
using testing::Pair;

auto body_of(std::string text) -> ServerReply {
  auto reply = ServerReply{};
  reply.body = std::move(text);
  return reply;
}

auto started(std::vector<ServerRoute> routes, ServerOptions options = {})
    -> std::unique_ptr<Server> {
  auto server = Server::start(std::move(options), std::move(routes));
  EXPECT_TRUE(server) << (server ? "" : server.error().message());
  return *std::move(server);
}

TEST(ServerTest, the_longest_prefix_of_the_method_answers) {
  const auto server = started(
      {{"GET", "/", [](const auto&) { return body_of("root"); }},
       {"GET", "/api/", [](const auto&) { return body_of("api"); }},
       {"POST", "/", [](const auto& request) { return body_of("posted " + request.body); }}});
  auto client = httplib::Client{server->url()};
  EXPECT_EQ(client.Get("/x")->body, "root");
  EXPECT_EQ(client.Get("/api/x")->body, "api");
  EXPECT_EQ(client.Post("/api/x", "words", "text/plain")->body, "posted words");
  EXPECT_EQ(client.Put("/x", "", "text/plain")->status, 404);
}

TEST(ServerTest, requests_arrive_decoded_and_as_sent) {
  auto seen = ServerRequest{};
  const auto server = started({{"GET", "/", [&seen](const auto& request) {
                                  seen = request;
                                  return body_of("");
                                }}});
  auto client = httplib::Client{server->url()};
  const auto headers = httplib::Headers{{"X-Mark", "1"}, {"Accept-Encoding", "gzip"}};
  ASSERT_TRUE(client.Get("/a%20b/low$high?contentType=x%3Ay%20z&empty=&bare", headers));
  EXPECT_EQ(seen.path, "/a b/low$high");
  EXPECT_EQ(seen.target, "/a%20b/low$high?contentType=x%3Ay%20z&empty=&bare");
  EXPECT_EQ(seen.parameter("CONTENTTYPE"), "x:y z");
  EXPECT_EQ(seen.parameter("bare"), "");
  EXPECT_EQ(seen.parameter("absent"), std::nullopt);
  EXPECT_EQ(seen.header("x-mark"), "1");
  EXPECT_EQ(seen.header("accept-encoding"), "gzip");
}

TEST(ServerTest, a_reply_is_sent_as_the_handler_wrote_it) {
  const auto server = started({{"GET", "/", [](const auto&) {
                                  auto reply = body_of(std::string(5000, 'x'));
                                  reply.status = 403;
                                  reply.headers = {{"Content-Type", "application/json"},
                                                   {"nextpageuri", "http://x/"}};
                                  return reply;
                                }}});
  auto client = httplib::Client{server->url()};
  const auto reply = client.Get("/", {{"Accept-Encoding", "gzip, br"}});
  EXPECT_EQ(reply->status, 403);
  EXPECT_EQ(reply->body.size(), 5000U);
  EXPECT_EQ(reply->get_header_value("Content-Type"), "application/json");
  EXPECT_EQ(reply->get_header_value("Content-Encoding"), "");
  EXPECT_EQ(reply->get_header_value("NextPageUri"), "http://x/");
}

TEST(ServerTest, a_shared_body_is_sent_to_many_connections_at_once) {
  const auto body = std::make_shared<const std::string>(1'000'000, 'y');
  constexpr int clients = 120;
  std::latch all_inside{clients};
  const auto server = started({{"GET", "/", [&](const auto&) {
                                  all_inside.arrive_and_wait();
                                  auto reply = ServerReply{};
                                  reply.shared_body = body;
                                  return reply;
                                }}});
  std::atomic<std::size_t> bytes = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < clients; ++i) {
    threads.emplace_back([&] {
      auto client = httplib::Client{server->url()};
      client.set_read_timeout(60);
      bytes += client.Get("/")->body.size();
    });
  }
  threads.clear();
  EXPECT_EQ(bytes, clients * body->size());
  EXPECT_EQ(server->accepted(), static_cast<std::uint64_t>(clients));
}

TEST(ServerTest, a_connection_serves_request_after_request) {
  const auto server = started({{"*", "/", [](const auto&) { return body_of("again"); }}});
  auto client = httplib::Client{server->url()};
  client.set_keep_alive(true);
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(client.Get("/"));
    ASSERT_TRUE(client.Post("/", "some", "text/plain"));
  }
  EXPECT_EQ(server->accepted(), 1U);
}

TEST(ServerTest, a_source_without_a_length_is_sent_in_chunks) {
  const auto server = started({{"GET", "/", [](const auto&) {
                                  auto reply = ServerReply{};
                                  reply.source = [n = 0](std::string& piece) mutable {
                                    piece = fmt::format("{},", n);
                                    return ++n == 4 ? BodyStep::done : BodyStep::more;
                                  };
                                  return reply;
                                }}});
  auto client = httplib::Client{server->url()};
  const auto reply = client.Get("/");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "0,1,2,3,");
  EXPECT_EQ(reply->get_header_value("Transfer-Encoding"), "chunked");
}

struct BrokenBody {
  const char* name;
  std::optional<std::size_t> length;
  BodyStep last;
};

class ServerBrokenBody : public testing::TestWithParam<BrokenBody> {};

TEST_P(ServerBrokenBody, breaks_the_connection) {
  const auto& broken = GetParam();
  const auto server = started({{"GET",
                                "/",
                                [&](const auto&) {
                                  auto reply = ServerReply{};
                                  reply.source_length = broken.length;
                                  reply.source = [&](std::string& piece) {
                                    piece = "half";
                                    return broken.last;
                                  };
                                  return reply;
                                }},
                               {"GET", "/fine", [](const auto&) { return body_of("fine"); }}});
  auto client = httplib::Client{server->url()};
  EXPECT_FALSE(client.Get("/"));
  EXPECT_EQ(client.Get("/fine")->body, "fine");
}

INSTANTIATE_TEST_SUITE_P(Table,
                         ServerBrokenBody,
                         testing::Values(BrokenBody{"reset_with_a_length", 100, BodyStep::drop},
                                         BrokenBody{
                                             "reset_in_chunks", std::nullopt, BodyStep::drop},
                                         BrokenBody{"shorter_than_announced", 100, BodyStep::done}),
                         [](const auto& row) { return std::string{row.param.name}; });

TEST(ServerTest, a_post_without_a_length_does_not_wait_for_a_body) {
  const auto server = started({{"POST", "/", [](const auto& request) {
                                  return body_of(request.length_stated ? "stated" : "missing");
                                }}});
  auto client = httplib::Client{server->url()};
  httplib::Request request;
  request.method = "POST";
  request.path = "/";
  EXPECT_EQ(client.Post("/")->body, "stated");
  EXPECT_EQ(client.send(request)->body, "stated");
}

TEST(ServerTest, a_body_over_the_limit_is_refused) {
  const auto server = started({{"POST", "/", [](const auto&) { return body_of("taken"); }}},
                              {.max_body_bytes = 100});
  auto client = httplib::Client{server->url()};
  EXPECT_EQ(client.Post("/", std::string(100, 'x'), "text/plain")->status, 200);
  const auto refused = client.Post("/", std::string(101, 'x'), "text/plain");
  EXPECT_TRUE(!refused || refused->status == 413);
}

TEST(ServerTest, a_handler_that_throws_answers_500) {
  const auto server = started(
      {{"GET", "/", [](const auto&) -> ServerReply { throw std::runtime_error{"broken"}; }}});
  auto client = httplib::Client{server->url()};
  EXPECT_EQ(client.Get("/")->status, 500);
}

TEST(ServerTest, a_port_in_use_and_a_wrong_host_are_refused) {
  const auto server = started({});
  EXPECT_FALSE(Server::start({.port = server->port()}, {}));
  EXPECT_FALSE(Server::start({.host = "not an address"}, {}));
  EXPECT_FALSE(Server::start({.certificate_file = "/absent.pem", .key_file = "/absent.pem"}, {}));
}

TEST(ServerTest, stop_ends_idle_connections) {
  const auto server = started({{"GET", "/", [](const auto&) { return body_of("here"); }}});
  auto client = httplib::Client{server->url()};
  client.set_keep_alive(true);
  ASSERT_TRUE(client.Get("/"));
  server->stop();
  EXPECT_FALSE(client.Get("/"));
}

TEST(ParseForm, decodes_names_and_values) {
  EXPECT_THAT(parse_form("a=1&b%20c=x+y%2&&d"),
              ElementsAre(Pair("a", "1"), Pair("b c", "x y%2"), Pair("d", "")));
}

} // namespace
} // namespace sluice::http
