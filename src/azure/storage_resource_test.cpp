// SPDX-License-Identifier: Apache-2.0
#include <deque>

#include <gmock/gmock.h>

#include "azure/azurite.hpp"
#include "azure/blob_container.hpp"
#include "azure/queue.hpp"
#include "azure/signed_address.hpp"
#include "azure/storage_error.hpp"
#include "identity/base64url.hpp"

namespace sluice::azure {
namespace {

using namespace std::chrono_literals;

/// Answers with what it was told to, and remembers what it was asked.
class ScriptedClient final : public http::HttpClient {
public:
  auto stream(const http::Request& request, http::BodySink& sink, const std::stop_token&)
      -> Result<http::ResponseHead> override {
    requests.push_back(request);
    const auto reply = replies.front();
    replies.pop_front();
    if (reply.head.status == 0) {
      return Error{ErrorKind::unavailable, "the connection broke"};
    }
    TRY_DO(sink.begin(reply.head));
    return reply.head;
  }

  std::deque<http::Response> replies;
  std::vector<http::Request> requests;
};

/// Gives token after token.
class CountingTokens final : public identity::TokenSource {
public:
  explicit CountingTokens(http::Origin origin) : origin_{std::move(origin)} {}
  auto token(const std::stop_token&) -> Result<http::Bearer> override {
    return http::Bearer{origin_, Secret{make()}};
  }
  void invalidate(const http::Bearer&) override { ++invalidated; }

  std::function<auto()->std::string> make = [this] { return std::to_string(invalidated); };
  int invalidated = 0;

private:
  const http::Origin origin_;
};

class StorageResourceTest : public testing::Test {
protected:
  auto container(std::shared_ptr<Authorization> authorization) -> BlobContainer {
    return BlobContainer{
        StorageResource{client_, clock_, StorageService::blob, root_, std::move(authorization)}};
  }
  static auto reply(int status, std::string code = {}) -> http::Response {
    return {{status, {{"x-ms-error-code", std::move(code)}, {"Content-Length", "0"}}}, {}};
  }

  ScriptedClient client_;
  ManualClock clock_{*parse_iso8601("2026-07-13T10:00:00Z")};
  const http::Url root_ = http::Url::parse("https://acc.blob.core.windows.net/box").value();
};

TEST_F(StorageResourceTest, passing_failures_are_tried_again_with_the_same_body) {
  client_.replies = {reply(0), reply(500), reply(503, "ServerBusy"), reply(201)};
  const auto box = container(shared_access_signature(Secret{std::string{"sig=x"}}));
  EXPECT_TRUE(box.put("a", "bytes", {}, {}));
  ASSERT_EQ(client_.requests.size(), 4U);
  for (const auto& request : client_.requests) {
    EXPECT_EQ(request.body, "bytes");
    EXPECT_EQ(request.headers.find("x-ms-version"), "2021-12-02");
  }
  EXPECT_EQ(client_.requests[0].headers.find("x-ms-date"), "Mon, 13 Jul 2026 10:00:00 GMT");
}

TEST_F(StorageResourceTest, it_gives_up_after_its_retries) {
  client_.replies.assign(6, reply(500));
  EXPECT_EQ(container(shared_access_signature(Secret{std::string{"sig=x"}}))
                .facts("a", {})
                .error()
                .kind(),
            ErrorKind::unavailable);
  EXPECT_TRUE(client_.replies.empty());
}

TEST_F(StorageResourceTest, a_refusal_that_time_does_not_mend_is_final) {
  client_.replies = {reply(403, "AuthorizationPermissionMismatch")};
  const auto refused =
      container(shared_access_signature(Secret{std::string{"sig=canary"}})).facts("a", {});
  EXPECT_EQ(refused.error().kind(), ErrorKind::forbidden);
  EXPECT_EQ(refused.error().message().find("canary"), std::string::npos);
}

TEST_F(StorageResourceTest, a_signature_goes_out_byte_for_byte) {
  const std::string signature = "sv=2021-12-02&sig=a%2Bb%2f%3D&se=2026-07-14T00%3A00%3A00Z&sp=rl";
  const auto address = Secret{root_.text() + "?" + signature};
  const BlobContainer box{
      StorageResource::from_signed_address(client_, clock_, StorageService::blob, address, {})
          .value()};
  client_.replies = {reply(200), reply(200)};
  EXPECT_TRUE(box.facts("a b", {}));
  EXPECT_EQ(client_.requests[0].url.text(), root_.text() + "/a%20b?" + signature);
  EXPECT_TRUE(box.commit_blocks("a", {"1"}, {}, {}));
  EXPECT_EQ(client_.requests[1].url.text(), root_.text() + "/a?comp=blocklist&" + signature);
  EXPECT_EQ(box.resource().url().text(), root_.text());
}

TEST_F(StorageResourceTest, an_address_without_signature_or_tls_is_refused_unseen) {
  for (const auto* address : {"https://acc.blob.core.windows.net/box",
                              "https://acc.blob.core.windows.net/box?",
                              "http://acc.blob.core.windows.net/box?sig=canary",
                              "nonsense?sig=canary"}) {
    const auto refused = StorageResource::from_signed_address(
        client_, clock_, StorageService::blob, Secret{std::string{address}}, {});
    ASSERT_FALSE(refused) << address;
    EXPECT_EQ(refused.error().message().find("canary"), std::string::npos);
  }
}

TEST_F(StorageResourceTest, a_refused_token_is_renewed_once) {
  CountingTokens tokens{root_.origin()};
  client_.replies = {reply(401, "InvalidAuthenticationInfo"), reply(200)};
  EXPECT_TRUE(container(bearer_token(tokens)).facts("a", {}));
  EXPECT_EQ(tokens.invalidated, 1);
  EXPECT_FALSE(client_.requests[0].bearer->same_token(*client_.requests[1].bearer));
  client_.replies = {reply(401), reply(401)};
  EXPECT_EQ(container(bearer_token(tokens)).facts("a", {}).error().kind(), ErrorKind::unauthorized);
  EXPECT_TRUE(client_.replies.empty());
}

TEST_F(StorageResourceTest, a_crc64_stands_in_the_place_of_the_md5) {
  client_.replies = {reply(201)};
  const auto box = container(shared_access_signature(Secret{std::string{"sig=x"}}));
  EXPECT_TRUE(box.put("a", "123456789", {.hash = ContentHash::crc64}, {}));
  EXPECT_EQ(client_.requests[0].headers.find("x-ms-content-crc64"), "iJh5CoYUi64=");
  EXPECT_EQ(client_.requests[0].headers.find("Content-MD5"), std::nullopt);
}

TEST(SignedAddressTest, allows_what_it_says_and_no_more) {
  auto& azurite = Azurite::shared();
  const auto name = Azurite::fresh_name();
  const BlobContainer owned{
      azurite.resource(StorageService::blob, name, Azurite::key_authorization())};
  ASSERT_TRUE(owned.create({}));
  ASSERT_TRUE(owned.put("folder/a b", "x", {}, {}));
  const auto with =
      [&](std::string_view blob, std::string permissions, std::chrono::minutes until) {
        auto query = signature_for(azurite.account(),
                                   Azurite::key(),
                                   StorageService::blob,
                                   name,
                                   blob,
                                   {std::move(permissions), azurite.clock().now() + until})
                         .value();
        return BlobContainer{azurite.resource(
            StorageService::blob, name, shared_access_signature(std::move(query)))};
      };
  EXPECT_EQ(with("", "rl", 5min).read("folder/a b", 0, 9, {}, {})->bytes, "x");
  EXPECT_EQ(with("folder/a b", "r", 5min).read("folder/a b", 0, 9, {}, {})->bytes, "x");
  EXPECT_TRUE(with("", "racwdl", 5min).put("b", "y", {}, {}));
  EXPECT_EQ(with("", "r", 5min).put("b", "y", {}, {}).error().kind(), ErrorKind::forbidden);
  // The service says AuthenticationFailed where Azurite says AuthorizationFailure.
  EXPECT_EQ(with("", "r", -5min).read("b", 0, 9, {}, {}).error().kind(), ErrorKind::forbidden);
}

TEST(SignedAddressTest, opens_a_queue) {
  auto& azurite = Azurite::shared();
  const auto name = Azurite::fresh_name();
  ASSERT_TRUE(
      Queue{azurite.resource(StorageService::queue, name, Azurite::key_authorization())}.create(
          {}));
  auto query = signature_for(azurite.account(),
                             Azurite::key(),
                             StorageService::queue,
                             name,
                             {},
                             {"raup", azurite.clock().now() + 5min})
                   .value();
  const Queue queue{
      azurite.resource(StorageService::queue, name, shared_access_signature(std::move(query)))};
  EXPECT_TRUE(queue.put("message", {}, {}));
  EXPECT_EQ(queue.receive(1, 30s, {})->at(0).text, "message");
}

/// A token as Entra would issue it for storage; the emulator looks at its claims alone.
auto storage_token(DateTime now, std::string_view audience) -> std::string {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(now.to_unix_ticks()).count();
  const auto claims =
      R"({"aud":")" + std::string{audience} +
      R"(","iss":"https://sts.windows.net/11111111-2222-3333-4444-555555555555/",)" + R"("nbf":)" +
      std::to_string(seconds - 300) + R"(,"iat":)" + std::to_string(seconds - 300) + R"(,"exp":)" +
      std::to_string(seconds + 3600) + "}";
  return identity::base64url_encoded(R"({"alg":"RS256","typ":"JWT"})") + "." +
         identity::base64url_encoded(claims) + "." + identity::base64url_encoded("unsigned");
}

TEST(BearerOverTlsTest, opens_blobs_queues_and_tables_and_a_wrong_audience_does_not) {
  Azurite azurite{Azurite::Transport::https};
  CountingTokens tokens{azurite.account().blob.origin()};
  std::string_view audience = "https://storage.azure.com";
  tokens.make = [&] { return storage_token(azurite.clock().now(), audience); };
  const BlobContainer box{
      azurite.resource(StorageService::blob, Azurite::fresh_name(), bearer_token(tokens))};
  const auto created = box.create({});
  ASSERT_TRUE(created) << created.error().message();
  EXPECT_TRUE(box.put("a", "x", {}, {}));
  EXPECT_EQ(box.read("a", 0, 9, {}, {})->bytes, "x");
  CountingTokens queue_tokens{azurite.account().queue.origin()};
  queue_tokens.make = tokens.make;
  const Queue queue{
      azurite.resource(StorageService::queue, Azurite::fresh_name(), bearer_token(queue_tokens))};
  EXPECT_TRUE(queue.create({}));
  EXPECT_TRUE(queue.put("m", {}, {}));
  CountingTokens table_tokens{azurite.account().table.origin()};
  table_tokens.make = tokens.make;
  const Table table{StorageResource{azurite.client(),
                                    azurite.clock(),
                                    StorageService::table,
                                    azurite.account().table,
                                    bearer_token(table_tokens)},
                    Azurite::fresh_name()};
  EXPECT_TRUE(table.create({}));
  const std::vector<TableChange> changes{
      {TableChange::Kind::insert, {.partition_key = "p", .row_key = "r"}}};
  EXPECT_TRUE(table.transact(changes, {}));
  EXPECT_EQ(table.find("p", "r", {})->row_key, "r");
  audience = "https://vault.azure.net";
  EXPECT_FALSE(table.find("p", "r", {}));
  const auto refused = box.facts("a", {});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().kind(), ErrorKind::gone) << refused.error().message();
  const Queue misled{
      azurite.resource(StorageService::queue, Azurite::fresh_name(), bearer_token(tokens))};
  EXPECT_EQ(misled.create({}).error().kind(), ErrorKind::untrusted) << "a token of another origin";
}

} // namespace
} // namespace sluice::azure
