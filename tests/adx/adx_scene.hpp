// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "destination/adx/adx_destination.hpp"
#include "endpoint/endpoint.hpp"
#include "faulty_client.hpp"
#include "http/curl_client.hpp"
#include "kusto/database_objects.hpp"
#include "kusto/ingestor.hpp"

namespace sluice {

using std::chrono::milliseconds;

class FirstValue final : public kusto::AnswerSink {
public:
  auto begin(const kql::Schema&) -> Result<> override { return {}; }
  auto row(std::span<const kql::Value> values) -> Result<> override {
    value = values.front().type() == kql::Type::int64 ? values.front().as_integer() : 0;
    return {};
  }
  std::int64_t value = -1;
};

class AdxScene : public testing::Test {
protected:
  AdxScene() {
    auto pattern = (std::filesystem::temp_directory_path() / "sluice-adx-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    serve(0);
    use({});
    for (const auto& object : kusto::database_objects()) {
      if (object.is_required) {
        ask(object.command);
      }
    }
  }
  ~AdxScene() override {
    endpoint_.reset();
    std::filesystem::remove_all(directory_);
  }

  /// Serves the store; again on the same port it has other signatures.
  void serve(std::uint16_t port, bool prefers_rest = false) {
    endpoint_.reset();
    auto started = endpoint::Endpoint::start(
        {.port = port, .store = directory_, .prefers_rest = prefers_rest}, clock_);
    ASSERT_TRUE(started) << started.error().message();
    endpoint_ = *std::move(started);
  }

  void use(kusto::Ingestor::Options options) {
    engine_.emplace(*kusto::Cluster::create(endpoint_->url(), client_, nullptr, {}));
    options.queued = {.database = "sluice",
                      .staging = std::move(options.queued.staging),
                      .patience = std::chrono::seconds{20},
                      .first_look = milliseconds{5},
                      .longest_look = milliseconds{50},
                      .storage = {.retry = {.first_wait = milliseconds{1},
                                            .longest_wait = milliseconds{2},
                                            .most_retries = 2}}};
    options.retry = {
        .first_wait = milliseconds{1}, .longest_wait = milliseconds{2}, .most_retries = 2};
    ingestor_ = std::make_unique<kusto::Ingestor>(*engine_, *engine_, client_, clock_, options);
  }

  /// Delivers one batch for each of `contents`, with two records of each, as group `group`.
  auto deliver(std::string_view group, const std::vector<std::string>& contents)
      -> Result<destination::Delivery> {
    destination::AdxDestination adx{*ingestor_,
                                    {.identity = "test", .stop = {}, .piece_bytes = piece_bytes_}};
    adx.begin(group);
    for (const auto& content : contents) {
      const auto record = [&](int i) {
        return fmt::format(
            R"({{"Id":"{}-{}","OrganizationId":"contoso","RecordType":40}})", content, i);
      };
      const std::vector<std::string> records{record(1), content == "bad" ? "[{" : record(2)};
      const std::vector<std::string_view> views{records.begin(), records.end()};
      TRY_DO(
          adx.deliver({.tenant = "contoso", .content = content, .records = views, .ingested = {}}));
    }
    return adx.flush();
  }

  /// Delivers a group for each of `parts`, the first reply to a request of which gets lost.
  void expect_lost_replies_change_nothing(const std::vector<std::string>& parts) {
    int group = 0;
    for (const auto& part : parts) {
      use({}); // What was lent is asked for anew.
      client_.faults = {{.part = part}};
      const auto name = fmt::format("g{}", ++group);
      const auto delivery = deliver(name, {name});
      ASSERT_TRUE(delivery) << part << ": " << delivery.error().message();
      EXPECT_EQ(client_.faults.front().times, 0) << part;
      EXPECT_EQ(stored(), 2 * group) << part;
    }
  }

  auto ask(const std::string& text) -> std::int64_t {
    auto cluster = *kusto::Cluster::create(endpoint_->url(), *curl_, nullptr, {});
    FirstValue first;
    const auto asked = cluster.ask({.database = "sluice", .text = text}, first, {});
    EXPECT_TRUE(asked) << asked.error().message();
    return first.value;
  }
  /// What the endpoint lends of a kind: its address.
  auto lent(std::string_view kind) -> std::string {
    const auto response =
        curl_->send({.method = http::Method::post,
                     .url = http::Url::parse(endpoint_->url() + "/v1/rest/mgmt").value(),
                     .headers = {{"Content-Type", "application/json"}},
                     .body = R"({"csl":".get ingestion resources"})",
                     .bearer = std::nullopt},
                    {});
    const auto& body = response.value().body;
    const auto at = body.find("http", body.find(kind));
    return body.substr(at, body.find('"', at) - at);
  }
  auto stored() -> std::int64_t { return ask("AuditRecords | count"); }

  std::size_t piece_bytes_ = std::size_t{1} << 20U;
  SystemClock clock_;
  std::filesystem::path directory_;
  std::unique_ptr<endpoint::Endpoint> endpoint_;
  std::unique_ptr<http::HttpClient> curl_ = *http::CurlClient::create({});
  FaultyClient client_{*curl_};
  std::optional<kusto::Cluster> engine_;
  std::unique_ptr<kusto::Ingestor> ingestor_;
};

} // namespace sluice
