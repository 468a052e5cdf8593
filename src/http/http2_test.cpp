// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "http/curl_client.hpp"
#include "http/waiting_sink.hpp"

namespace sluice::http {
namespace {

/// Node's own HTTP/2 server, with a certificate that is trusted by nobody but us.
class Http2Test : public testing::Test {
protected:
  void SetUp() override {
    std::filesystem::create_directory(directory_);
    const auto make_certificate =
        fmt::format("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost "
                    "-addext subjectAltName=DNS:localhost -keyout {} -out {} 2>/dev/null",
                    key_.string(),
                    certificate_.string());
    ASSERT_EQ(std::system(make_certificate.c_str()), 0);
    start_server();
  }

  void TearDown() override {
    close(server_input_); // The server ends with it.
    waitpid(server_, nullptr, 0);
    std::filesystem::remove_all(directory_);
  }

  void start_server() {
    std::array<int, 2> input{};
    std::array<int, 2> output{};
    ASSERT_EQ(pipe2(input.data(), O_CLOEXEC), 0);
    ASSERT_EQ(pipe2(output.data(), O_CLOEXEC), 0);
    const auto script = std::filesystem::path{std::getenv("SLUICE_SOURCE_DIR") == nullptr
                                                  ? "."
                                                  : std::getenv("SLUICE_SOURCE_DIR")} /
                        "src/http/http2_server.mjs";
    server_ = fork();
    ASSERT_GE(server_, 0);
    if (server_ == 0) {
      dup2(input[0], STDIN_FILENO);
      dup2(output[1], STDOUT_FILENO);
      execlp("node", "node", script.c_str(), key_.c_str(), certificate_.c_str(), nullptr);
      _exit(127);
    }
    close(input[0]);
    close(output[1]);
    server_input_ = input[1];
    std::array<char, 16> port{};
    ASSERT_GT(read(output[0], port.data(), port.size() - 1), 0) << "node did not start";
    close(output[0]);
    port_ = std::atoi(port.data());
  }

  [[nodiscard]] auto get(std::string_view target, std::string_view host = "localhost") const
      -> Request {
    return {.url = *Url::parse(fmt::format("https://{}:{}{}", host, port_, target)),
            .headers = {},
            .body = {},
            .bearer = std::nullopt};
  }

  const std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / fmt::format("http2_test_{}", getpid());
  const std::filesystem::path key_ = directory_ / "key.pem";
  const std::filesystem::path certificate_ = directory_ / "certificate.pem";
  pid_t server_ = -1;
  int server_input_ = -1;
  int port_ = 0;
};

TEST_F(Http2Test, requests_in_turn_use_one_connection) {
  const auto client = *CurlClient::create({.authorities_file = certificate_});
  for (int i = 0; i < 10; ++i) {
    const auto response = client->send(get("/10"), {});
    ASSERT_TRUE(response) << response.error().message();
    EXPECT_EQ(response->head.headers.find("NextPageUri"), "next");
    EXPECT_EQ(response->head.headers.fields().front().first, "nextpageuri") << "not HTTP/2";
    EXPECT_EQ(response->head.headers.find("x-sessions"), "1");
  }
}

TEST_F(Http2Test, requests_at_once_use_as_many_connections_as_there_may_be) {
  const auto client =
      *CurlClient::create({.authorities_file = certificate_, .connections_per_host = 4});
  std::atomic<int> right{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 50; ++i) {
      threads.emplace_back([&] {
        const auto response = client->send(get("/100000"), {});
        right += response && response->body.size() == 100'000 &&
                         response->head.headers.find("x-sessions").value_or("9") <= "4"
                     ? 1
                     : 0;
      });
    }
  }
  EXPECT_EQ(right, 50);
}

TEST_F(Http2Test, none_of_many_large_bodies_is_forgotten) {
  const auto client = *CurlClient::create({.authorities_file = certificate_});
  std::atomic<int> right{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 16; ++i) {
      threads.emplace_back([&] {
        for (int round = 0; round < 8; ++round) {
          const auto response = client->send(get("/3000000"), {});
          EXPECT_TRUE(response) << response.error().message();
          right += response && response->body.size() == 3'000'000 ? 1 : 0;
        }
      });
    }
  }
  EXPECT_EQ(right, 16 * 8);
}

TEST_F(Http2Test, a_slow_sink_does_not_stall_other_transfers) {
  const auto client = *CurlClient::create(
      {.authorities_file = certificate_, .stall_time = std::chrono::seconds{1}});
  WaitingSink sink;
  {
    const std::jthread slow{[&] {
      const auto head = client->stream(get("/3000000"), sink, {});
      EXPECT_TRUE(head) << head.error().message();
    }};
    sink.reached.wait();
    for (int i = 0; i < 20; ++i) { // Longer than the stall limit.
      const auto response = client->send(get("/100000"), {});
      EXPECT_TRUE(response) << response.error().message();
      std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
    sink.go.count_down();
  }
  EXPECT_EQ(sink.received, 3'000'000U);
}

TEST_F(Http2Test, a_body_that_is_cut_is_an_error) {
  const auto client = *CurlClient::create({.authorities_file = certificate_});
  for (const auto* target : {"/reset", "/cut"}) {
    const auto response = client->send(get(target), {});
    ASSERT_FALSE(response) << target << ": " << response->body;
    EXPECT_EQ(response.error().kind(), ErrorKind::unavailable) << target;
  }
}

TEST_F(Http2Test, a_certificate_that_nobody_vouches_for_is_refused) {
  const auto client = *CurlClient::create({});
  const auto response = client->send(get("/10"), {});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind(), ErrorKind::unavailable);
  EXPECT_THAT(response.error().hint(), testing::HasSubstr("CA file"));
}

TEST_F(Http2Test, a_certificate_for_another_host_is_refused) {
  const auto client = *CurlClient::create({.authorities_file = certificate_});
  EXPECT_EQ(client->send(get("/10", "127.0.0.1"), {}).error().kind(), ErrorKind::unavailable);
}

} // namespace
} // namespace sluice::http
