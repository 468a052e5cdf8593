// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "http/server.hpp"
#include "simulator/test_tenant.hpp"
#include "simulator/webhook_check.hpp"

namespace sluice::simulator {
namespace {

using testing::HasSubstr;

auto receiver(int status, http::ServerRequest& seen) -> std::unique_ptr<http::Server> {
  auto server =
      http::Server::start({.connections = 2}, {{"POST", "/", [status, &seen](const auto& request) {
                                                  seen = request;
                                                  auto reply = http::ServerReply{};
                                                  reply.status = status;
                                                  return reply;
                                                }}});
  return *std::move(server);
}

TEST(Webhook, is_validated_before_the_subscription_starts) {
  http::ServerRequest seen;
  const auto server = receiver(200, seen);
  SimulatorOptions options;
  options.plain_webhooks = true;
  TestTenant tenant{std::move(options)};
  const auto body = fmt::format(
      R"({{"webhook":{{"address":"{}/hook","authId":"mine","expiration":""}}}})", server->url());
  const auto reply =
      tenant.post(tenant.feed("subscriptions/start?contentType=Audit.General"), body);
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, HasSubstr(R"("webhook":{"authId":"mine","address":"http://127.0.0.1:)"));
  EXPECT_EQ(seen.path, "/hook");
  EXPECT_EQ(seen.header("Webhook-AuthID"), "mine");
  EXPECT_EQ(seen.body,
            fmt::format(R"({{"validationCode":"{}"}})", seen.header("Webhook-ValidationCode")));
}

TEST(Webhook, that_does_not_answer_200_is_refused) {
  http::ServerRequest seen;
  const auto server = receiver(201, seen);
  const auto webhook = Webhook{.address = server->url(), .auth_id = {}, .expiration = {}};
  EXPECT_EQ(validate_webhook(webhook, true).error().code, "AF20021");
  EXPECT_EQ(validate_webhook(webhook, false).error().code, "AF20021");
}

TEST(Webhook, body_is_read_with_care) {
  EXPECT_FALSE(*read_webhook(" ", test_now()));
  EXPECT_FALSE(*read_webhook(R"({"webhook":null})", test_now()));
  EXPECT_EQ(read_webhook("[", test_now()).error().code, "AF20002");
  EXPECT_EQ(
      read_webhook(R"({"webhook":{"expiration":"2026-08-30T11:00:00Z"}})", test_now()).error().code,
      "AF20003");
}

} // namespace
} // namespace sluice::simulator
