// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "azure/blob_container.hpp"
#include "azure/queue.hpp"
#include "azure/table.hpp"
#include "base/gzip.hpp"
#include "http/curl_client.hpp"
#include "http/server.hpp"
#include "identity/entra_sign_in.hpp"
#include "identity/key_vault.hpp"
#include "identity/managed_identity.hpp"
#include "kusto/cluster.hpp"
#include "kusto/ingestion_resources.hpp"

namespace sluice {
namespace {

constexpr std::string_view canary = "canary-of-a-credential";

auto canary_secret() -> Secret {
  return Secret{std::string{canary}};
}

template <class T>
auto outcome_of(const Result<T>& result) -> Result<> {
  return result ? Result<>{} : Result<>{result.error()};
}

/// What a question works with.
struct Scene {
  http::Url service;
  http::HttpClient& client;
  Clock& clock;
};

/// A question to a service that shows a credential.
struct Question {
  std::string name;
  auto (*ask)(const Scene& scene) -> Result<>;
};

/// Every token is the canary.
class Tokens final : public identity::TokenSource {
public:
  explicit Tokens(http::Origin origin) : origin_{std::move(origin)} {}
  auto token(const std::stop_token&) -> Result<http::Bearer> override {
    return http::Bearer{origin_, canary_secret()};
  }
  void invalidate(const http::Bearer&) override {}

private:
  const http::Origin origin_;
};

class Issuer final : public identity::TokenIssuer {
public:
  auto issue(const std::stop_token&) -> Result<identity::IssuedToken> override {
    return identity::IssuedToken{canary_secret(), std::chrono::hours{1}};
  }
};

class NoRows final : public kusto::AnswerSink {
public:
  auto begin(const kql::Schema&) -> Result<> override { return {}; }
  auto row(std::span<const kql::Value>) -> Result<> override { return {}; }
};

auto sign_in(const Scene& scene) -> Result<> {
  identity::EntraSignIn entra{scene.client,
                              scene.clock,
                              {"custom", scene.service, scene.service, "https://api.example"},
                              {"contoso.example", "client"},
                              std::make_unique<identity::ClientSecret>(canary_secret())};
  return outcome_of(entra.issue({}));
}

auto managed_identity(const Scene& scene, std::map<std::string, std::string, std::less<>> variables)
    -> Result<> {
  const auto endpoint =
      identity::find_managed_identity([&](std::string_view name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional{found->second};
      });
  identity::ManagedIdentity identity{
      scene.client, scene.clock, *endpoint, {.client_id = {}, .audience = "https://api.example"}};
  return outcome_of(identity.issue({}));
}

auto vault(const Scene& scene) -> identity::KeyVault {
  return {scene.client, scene.clock, {.vault = scene.service, .tenant = {}}, [](std::string_view) {
            return Result<std::unique_ptr<identity::TokenIssuer>>{std::make_unique<Issuer>()};
          }};
}

/// Calls `ask` with a part of a storage account that a token opens.
template <class Ask>
auto storage(const Scene& scene, azure::StorageService service, const Ask& ask) -> Result<> {
  Tokens tokens{scene.service.origin()};
  return outcome_of(ask(azure::StorageResource{scene.client,
                                               scene.clock,
                                               service,
                                               scene.service.with_target("/part").value(),
                                               azure::bearer_token(tokens)}));
}

template <class Ask>
auto cluster(const Scene& scene, const Ask& ask) -> Result<> {
  Tokens tokens{scene.service.origin()};
  auto made = kusto::Cluster::create(scene.service.origin().text(),
                                     scene.client,
                                     &tokens,
                                     {.max_answer_bytes = std::size_t{1} << 20U});
  return outcome_of(ask(*made));
}

auto ask_cluster(const Scene& scene, const char* text) -> Result<> {
  return cluster(scene, [&](kusto::Cluster& made) {
    NoRows rows;
    return made.ask({.database = "d", .text = text}, rows, {});
  });
}

const std::vector<Question> questions{
    {"entra", sign_in},
    {"app_service",
     [](const Scene& scene) {
       return managed_identity(
           scene,
           {{"IDENTITY_ENDPOINT", scene.service.text()}, {"IDENTITY_HEADER", std::string{canary}}});
     }},
    {"imds",
     [](const Scene& scene) {
       return managed_identity(scene,
                               {{"AZURE_POD_IDENTITY_AUTHORITY_HOST", scene.service.text()}});
     }},
    {"arc",
     [](const Scene& scene) {
       return managed_identity(
           scene, {{"IDENTITY_ENDPOINT", scene.service.text()}, {"IMDS_ENDPOINT", "there"}});
     }},
    {"vault_secret",
     [](const Scene& scene) { return outcome_of(vault(scene).secret("name", {})); }},
    {"vault_behind_its_challenge",
     [](const Scene& scene) { return outcome_of(vault(scene).secret("challenged", {})); }},
    {"vault_certificate",
     [](const Scene& scene) { return outcome_of(vault(scene).certificate("name", {})); }},
    {"blob_list",
     [](const Scene& scene) {
       return storage(scene, azure::StorageService::blob, [](azure::StorageResource part) {
         return azure::BlobContainer{std::move(part)}.list(
             "", [](const azure::BlobFacts&) -> Result<> { return {}; }, {});
       });
     }},
    {"queue_receive",
     [](const Scene& scene) {
       return storage(scene, azure::StorageService::queue, [](azure::StorageResource part) {
         return azure::Queue{std::move(part)}.receive(32, std::chrono::seconds{30}, {});
       });
     }},
    {"table_find",
     [](const Scene& scene) {
       return storage(scene, azure::StorageService::table, [](azure::StorageResource part) {
         return azure::Table{std::move(part), "name"}.find("p", "r", {});
       });
     }},
    {"table_query",
     [](const Scene& scene) {
       return storage(scene, azure::StorageService::table, [](azure::StorageResource part) {
         return azure::Table{std::move(part), "name"}.query(
             {}, [](const azure::TableEntity&) -> Result<> { return {}; }, {});
       });
     }},
    {"cluster_query", [](const Scene& scene) { return ask_cluster(scene, "print 1"); }},
    {"cluster_command", [](const Scene& scene) { return ask_cluster(scene, ".show tables"); }},
    {"cluster_stream",
     [](const Scene& scene) {
       return cluster(scene, [](kusto::Cluster& made) {
         return made.stream("d", {.table = "T", .mapping = "m", .objects = "{}", .tag = "t"}, {});
       });
     }},
    {"cluster_lending",
     [](const Scene& scene) {
       return cluster(scene, [&](kusto::Cluster& made) {
         kusto::IngestionLending lending{made, scene.clock};
         return lending.current({});
       });
     }},
};

/// What a service answers with, to whatever it is asked.
struct Answer {
  std::string name;
  std::function<auto(const std::string& trap)->http::ServerReply> reply;
};

auto reply_of(int status, http::ServerFields headers, std::string body) -> http::ServerReply {
  http::ServerReply reply;
  reply.status = status;
  reply.headers = std::move(headers);
  reply.body = std::move(body);
  return reply;
}

auto elsewhere(int status) -> Answer {
  return {fmt::format("redirect_{}", status), [status](const std::string& trap) {
            return reply_of(status, {{"Location", trap + "/taken"}}, "");
          }};
}

auto body_of(std::string name, int status, std::string body, http::ServerFields headers = {})
    -> Answer {
  return {std::move(name), [=](const std::string&) { return reply_of(status, headers, body); }};
}

auto repeated(std::string_view text, std::size_t times) -> std::string {
  std::string all;
  all.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) {
    all += text;
  }
  return all;
}

auto answers() -> std::vector<Answer> {
  constexpr std::size_t mebibyte = std::size_t{1} << 20U;
  const auto long_token =
      R"({"access_token":"x","expires_in":3600,"pad":")" + std::string(9 * mebibyte, 'x') + "\"}";
  return {
      elsewhere(301),
      elsewhere(302),
      elsewhere(303),
      elsewhere(307),
      elsewhere(308),
      body_of("nothing", 200, ""),
      body_of("nine_mebibytes", 200, long_token),
      body_of("a_bomb",
              200,
              deflate_gzip(std::string(64 * mebibyte, ' ')),
              {{"Content-Encoding", "gzip"}}),
      body_of("deep_json", 200, std::string(100'000, '[')),
      body_of("deep_objects", 200, repeated(R"({"value":)", 100'000)),
      body_of("deep_xml", 200, repeated("<EnumerationResults>", 50'000)),
      body_of(
          "entities",
          200,
          R"(<!DOCTYPE a [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><a>&b;</a>)"),
      body_of("no_utf8", 200, "{\"value\":\"\xff\xfe\",\"access_token\":\"\xff\"}"),
      body_of("nulls", 200, std::string(1'000, '\0')),
      body_of("cut_json", 200, R"({"access_token":"abc","expires_in":36)"),
      body_of("wrong_types", 200, R"({"access_token":{},"expires_in":[],"value":7,"Tables":{}})"),
      body_of("not_its_frames", 200, R"([{"FrameType":"DataTable","TableKind":"PrimaryResult"}])"),
      body_of("a_long_and_coloured_refusal",
              400,
              fmt::format(R"({{"error":"{0}","error_description":"\u001b[2J{0}","code":"{0}"}})",
                          std::string(20'000, 'e'))),
      body_of(
          "a_foreign_challenge",
          401,
          "",
          {{"WWW-Authenticate",
            R"(Bearer authorization="https://login.example/t", resource="https://evil.example")"}}),
      body_of("a_key_file_of_ours", 401, "", {{"WWW-Authenticate", "Basic realm=/etc/passwd"}}),
  };
}

/// A service and a trap, and what comes of asking.
class HostileServices : public testing::TestWithParam<Question> {
protected:
  void serve(const Answer& answer) {
    const auto reply = [this, answer](const http::ServerRequest& request) {
      ++asked_;
      const bool is_challenged =
          request.path.ends_with("/challenged") && request.header("Authorization").empty();
      return is_challenged ? challenge() : answer.reply(trap_->url());
    };
    service_ = http::Server::start({}, {{"*", "/", reply}}).value();
    asked_ = 0;
  }
  /// One that a vault may make.
  auto challenge() const -> http::ServerReply {
    return reply_of(
        401,
        {{"WWW-Authenticate",
          fmt::format(R"(Bearer authorization="{0}/t", resource="{0}")", service_->url())}},
        "");
  }
  auto ask() -> Result<> {
    return GetParam().ask({http::Url::parse(service_->url()).value(), *client_, clock_});
  }

  std::atomic<int> trapped_ = 0;
  std::atomic<int> asked_ = 0;
  std::unique_ptr<http::Server> trap_ = http::Server::start({},
                                                            {{"*",
                                                              "/",
                                                              [this](const http::ServerRequest&) {
                                                                ++trapped_;
                                                                return http::ServerReply{};
                                                              }}})
                                            .value();
  std::unique_ptr<http::Server> service_;
  std::unique_ptr<http::HttpClient> client_ = *http::CurlClient::create({});
  ManualClock clock_{*parse_iso8601("2026-07-13T10:00:00Z")};
};

TEST_P(HostileServices, are_told_of_and_get_no_credential_sent_elsewhere) {
  for (const auto& answer : answers()) {
    SCOPED_TRACE(answer.name);
    serve(answer);
    const auto asked = ask();
    ASSERT_FALSE(asked);
    const auto message = asked.error().message() + asked.error().hint();
    EXPECT_LT(message.size(), 2'000U);
    EXPECT_EQ(message.find(canary), std::string::npos) << message;
    EXPECT_EQ(message.find('\x1b'), std::string::npos) << message;
    EXPECT_LE(asked_, 16) << "it is not asked for ever";
    EXPECT_EQ(trapped_, 0) << "an address in a reply is not followed";
  }
}

TEST(HostileLending, of_very_many_or_useless_places_is_told_of) {
  const auto row = [](std::string_view kind, std::string_view address) {
    return fmt::format(R"(["{}","{}"])", kind, address);
  };
  const auto many = repeated(row("TempStorage", "https://a.example/b?sig=c") + ",", 100'000);
  for (const auto& rows : {many + row("TempStorage", "x"),
                           row("TempStorage", "https://a.example/b?sig=c"),
                           std::string{R"(["TempStorage"])"},
                           row("Unheard", "of"),
                           std::string{}}) {
    const auto server =
        http::Server::start(
            {},
            {{"*",
              "/",
              [&](const http::ServerRequest& request) {
                return request.path == "/v1/rest/mgmt"
                           ? reply_of(200,
                                      {},
                                      R"({"Tables":[{"TableName":"Table_0","Columns":[)"
                                      R"({"ColumnName":"Kind","DataType":"String"},)"
                                      R"({"ColumnName":"Root","DataType":"String"}],"Rows":[)" +
                                          rows + "]}]}")
                           : reply_of(404, {}, "");
              }}})
            .value();
    const auto client = *http::CurlClient::create({});
    SystemClock clock;
    auto made = kusto::Cluster::create(server->url(), *client, nullptr, {});
    kusto::IngestionLending lending{*made, clock};
    const auto lent = lending.current({});
    ASSERT_FALSE(lent) << rows.substr(0, 100);
    EXPECT_EQ(lent.error().kind(), ErrorKind::malformed) << lent.error().message();
  }
}

INSTANTIATE_TEST_SUITE_P(All,
                         HostileServices,
                         testing::ValuesIn(questions),
                         [](const auto& question) { return question.param.name; });

} // namespace
} // namespace sluice
