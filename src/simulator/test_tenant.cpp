// SPDX-License-Identifier: Apache-2.0
#include "simulator/test_tenant.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <simdjson.h>

namespace sluice::simulator {
namespace {

constexpr std::size_t minutes = 360;

auto started(SimulatorOptions options,
             Clock& clock,
             const ChunkSource& records,
             TestTenant::Records from) -> Simulator {
  auto simulator = from == TestTenant::Records::traffic
                       ? Simulator::create(std::move(options), clock)
                       : Simulator::create(std::move(options), clock, records);
  EXPECT_TRUE(simulator) << (simulator ? "" : simulator.error().message());
  return *std::move(simulator);
}

auto to_test_reply(const httplib::Result& result) -> TestReply {
  TestReply reply;
  if (result) {
    reply = {.status = result->status, .body = result->body, .headers = {}};
    reply.headers.assign(result->headers.begin(), result->headers.end());
  }
  return reply;
}

} // namespace

auto test_now() -> DateTime {
  return *parse_iso8601("2026-08-30T12:00:00Z");
}

MinuteChunks::MinuteChunks() {
  for (std::size_t i = 0; i < minutes; ++i) {
    const auto time = test_now() - std::chrono::minutes{minutes - i};
    chunks_.push_back({.key = {.time = time, .sequence = static_cast<std::uint32_t>(i)},
                       .ingested = time,
                       .record_count = 2});
  }
}

auto MinuteChunks::chunks(ContentType /*type*/) const -> std::span<const Chunk> {
  return chunks_;
}

void MinuteChunks::render(ContentType type, std::size_t chunk, std::string& out) const {
  out += fmt::format(R"({{"Id":"{0}-{1}-a"}},{{"Id":"{0}-{1}-b"}})", table_name(type), chunk);
}

auto TestReply::header(std::string_view name) const -> std::string {
  for (const auto& [key, value] : headers) {
    if (key == name) {
      return value;
    }
  }
  return {};
}

TestTenant::TestTenant(SimulatorOptions options, Records from)
    : simulator{started(std::move(options), clock, records, from)} {
  renew_token();
}

auto TestTenant::feed(std::string_view rest) const -> std::string {
  return fmt::format("/api/v1.0/11111111-2222-3333-4444-555555555555/activity/feed/{}", rest);
}

auto TestTenant::listing(std::string_view start, std::string_view end) const -> std::string {
  return feed(fmt::format(
      "subscriptions/content?contentType=Audit.General&startTime={}&endTime={}", start, end));
}

auto TestTenant::get(const std::string& url_or_path, bool with_token) -> TestReply {
  const auto url = simulator.url();
  const auto path = url_or_path.starts_with(url) ? url_or_path.substr(url.size()) : url_or_path;
  httplib::Client client{url};
  client.set_decompress(false);
  httplib::Headers headers;
  if (with_token) {
    headers.emplace("Authorization", "Bearer " + token);
  }
  if (!accept_encoding.empty()) {
    headers.emplace("Accept-Encoding", accept_encoding);
  }
  if (!accept_language.empty()) {
    headers.emplace("Accept-Language", accept_language);
  }
  return to_test_reply(client.Get(path, headers));
}

auto TestTenant::post(const std::string& path, const std::string& body) const -> TestReply {
  httplib::Client client{simulator.url()};
  const auto headers = httplib::Headers{{"Authorization", "Bearer " + token}};
  return to_test_reply(client.Post(path, headers, body, "application/json"));
}

auto TestTenant::sign_in(const std::string& path, const std::string& form) const -> TestReply {
  httplib::Client client{simulator.url()};
  return to_test_reply(client.Post(path, form, "application/x-www-form-urlencoded"));
}

void TestTenant::subscribe() {
  EXPECT_EQ(post(feed("subscriptions/start?contentType=Audit.General")).status, 200);
}

void TestTenant::renew_token() {
  const auto reply = sign_in("/11111111-2222-3333-4444-555555555555/oauth2/v2.0/token",
                             fmt::format("grant_type=client_credentials&client_id={}"
                                         "&client_secret={}&scope={}/.default",
                                         "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
                                         simulator.client_secret().reveal(),
                                         simulator.url()));
  simdjson::dom::parser parser;
  std::string_view text;
  if (reply.status == 200 &&
      parser.parse(reply.body)["access_token"].get(text) == simdjson::SUCCESS) {
    token = text;
  }
}

auto values_of(const std::string& json, std::string_view field) -> std::vector<std::string> {
  std::vector<std::string> values;
  simdjson::dom::parser parser;
  simdjson::dom::array rows;
  EXPECT_EQ(parser.parse(json).get(rows), simdjson::SUCCESS) << json;
  for (const auto row : rows) {
    std::string_view value;
    EXPECT_EQ(row[field].get(value), simdjson::SUCCESS) << json;
    values.emplace_back(value);
  }
  return values;
}

} // namespace sluice::simulator
