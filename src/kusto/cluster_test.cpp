// SPDX-License-Identifier: Apache-2.0
#include <mutex>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "http/curl_client.hpp"
#include "http/server.hpp"
#include "kusto/cluster.hpp"

namespace sluice::kusto {
namespace {

using testing::HasSubstr;

class CountedRows final : public AnswerSink {
public:
  auto begin(const kql::Schema&) -> Result<> override { return {}; }
  auto row(std::span<const kql::Value>) -> Result<> override {
    ++rows;
    return {};
  }
  int rows = 0;
};

/// Gives `first`, then `second` after it was refused.
class TwoTokens final : public identity::TokenSource {
public:
  explicit TwoTokens(http::Origin origin) : origin_{std::move(origin)} {}
  auto token(const std::stop_token&) -> Result<http::Bearer> override {
    return http::Bearer{origin_, Secret{std::string{refused_ ? "second" : "first"}}};
  }
  void invalidate(const http::Bearer&) override { refused_ = true; }

private:
  http::Origin origin_;
  bool refused_ = false;
};

class ClusterTest : public testing::Test {
protected:
  /// Answers every request with what `reply` makes of it, and keeps their bodies.
  auto serve(std::function<http::ServerReply(const http::ServerRequest&)> reply) -> std::string {
    server_ = *http::Server::start(
        {}, {{"*", "/", [this, reply = std::move(reply)](const http::ServerRequest& request) {
                const std::lock_guard lock{mutex_};
                asked_.push_back(request.path + " " + request.body);
                return reply(request);
              }}});
    return server_->url();
  }

  std::unique_ptr<http::HttpClient> client_ = *http::CurlClient::create({});
  std::mutex mutex_;
  std::vector<std::string> asked_;
  std::unique_ptr<http::Server> server_;
};

auto one_row() -> http::ServerReply {
  http::ServerReply reply;
  reply.body = R"([{"FrameType":"DataTable","TableKind":"PrimaryResult","Columns":[)"
               R"({"ColumnName":"x","ColumnType":"long"}],"Rows":[[1]]},)"
               R"({"FrameType":"DataSetCompletion","HasErrors":false}])";
  return reply;
}

TEST_F(ClusterTest, sends_options_and_parameters_and_reads_the_rows) {
  const auto url = serve([](const auto&) { return one_row(); });
  auto cluster = *Cluster::create(url, *client_, nullptr, {});
  CountedRows rows;
  const Question question{.database = "d\"b",
                          .text = "declare query_parameters(n: long); T",
                          .parameters = {{"n", "7"}},
                          .timeout = std::chrono::minutes{90},
                          .max_rows = 5,
                          .no_truncation = true};
  ASSERT_TRUE(cluster.ask(question, rows, {}));
  EXPECT_EQ(rows.rows, 1);
  EXPECT_EQ(asked_.front(),
            R"(/v2/rest/query {"db":"d\"b","csl":"declare query_parameters(n: long); T",)"
            R"("properties":{"Options":{"servertimeout":"01:30:00","notruncation":true,)"
            R"("query_take_max_records":5,"request_readonly":true},"Parameters":{"n":"7"}}})");
}

TEST_F(ClusterTest, commands_go_their_own_way) {
  const auto url = serve([](const auto&) {
    http::ServerReply reply;
    reply.body = R"({"Tables":[]})";
    return reply;
  });
  auto cluster = *Cluster::create(url, *client_, nullptr, {});
  CountedRows rows;
  ASSERT_TRUE(cluster.ask({.database = "d", .text = " .show tables"}, rows, {}));
  EXPECT_THAT(asked_.front(), HasSubstr("/v1/rest/mgmt"));
}

TEST_F(ClusterTest, a_refused_token_is_renewed_once) {
  const auto url = serve([](const http::ServerRequest& request) {
    auto reply = one_row();
    reply.status = request.header("Authorization") == "Bearer second" ? 200 : 401;
    return reply;
  });
  TwoTokens tokens{http::Url::parse(url)->origin()};
  auto cluster = *Cluster::create(url, *client_, &tokens, {});
  CountedRows rows;
  EXPECT_TRUE(cluster.ask({.database = "d", .text = "T"}, rows, {}));
  EXPECT_EQ(asked_.size(), 2U);
}

TEST_F(ClusterTest, a_query_that_is_stopped_is_given_up_in_the_cluster) {
  std::stop_source stop;
  const auto url = serve([&stop](const http::ServerRequest& request) {
    if (request.path == "/v2/rest/query") {
      stop.request_stop();
      http::ServerReply reply;
      reply.source = [sent = 0](std::string& piece) mutable {
        piece = " ";
        return ++sent < 1'000'000 ? http::BodyStep::more : http::BodyStep::done;
      };
      return reply;
    }
    http::ServerReply reply;
    reply.body = R"({"Tables":[]})";
    return reply;
  });
  auto cluster = *Cluster::create(url, *client_, nullptr, {});
  CountedRows rows;
  const auto asked = cluster.ask({.database = "d", .text = "T"}, rows, stop.get_token());
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().kind(), ErrorKind::cancelled);
  EXPECT_THAT(asked_.back(), HasSubstr(".cancel query"));
}

TEST_F(ClusterTest, an_answer_that_is_too_long_says_how_to_ask_for_less) {
  const auto url = serve([](const auto&) { return one_row(); });
  auto cluster = *Cluster::create(url, *client_, nullptr, {.max_answer_bytes = 64});
  CountedRows rows;
  const auto asked = cluster.ask({.database = "d", .text = "T"}, rows, {});
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().kind(), ErrorKind::malformed);
  EXPECT_THAT(asked.error().hint(), HasSubstr("summarize"));
  EXPECT_EQ(rows.rows, 0);
}

TEST_F(ClusterTest, addresses_with_paths_or_without_protection_are_refused) {
  for (const auto* url : {"http://cluster.example", "https://cluster.example/db", "cluster"}) {
    EXPECT_FALSE(Cluster::create(url, *client_, nullptr, {})) << url;
  }
  EXPECT_TRUE(Cluster::create("https://cluster.example", *client_, nullptr, {}));
}

} // namespace
} // namespace sluice::kusto
