// SPDX-License-Identifier: Apache-2.0
#include <barrier>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>
#include <thread>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <httplib.h>
#include <simdjson.h>
#include <sys/socket.h>
#include <unistd.h>

#include "simulator/simulator.hpp"
#include "simulator/test_tenant.hpp"

namespace sluice::simulator {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// All record ids of a listing, page by page, as often as they come.
auto ids_in(TestTenant& tenant, std::string next) -> std::vector<std::string> {
  std::vector<std::string> ids;
  while (!next.empty()) {
    const auto page = tenant.get(next);
    EXPECT_EQ(page.status, 200) << page.body;
    for (const auto& uri : values_of(page.body, "contentUri")) {
      const auto more = values_of(tenant.get(uri).body, "Id");
      ids.insert(ids.end(), more.begin(), more.end());
    }
    next = page.header("NextPageUri");
  }
  return ids;
}

TEST(SimulatorOptionTable, every_fallback_can_be_set_and_nonsense_is_refused) {
  for (const auto& option : simulator_option_table()) {
    SimulatorOptions options;
    if (!option.fallback.empty()) {
      EXPECT_TRUE(set_option(options, option.name, option.fallback)) << option.name;
    }
    if (option.type != "text" && option.type != "file") {
      EXPECT_FALSE(set_option(options, option.name, "nonsense")) << option.name;
    }
  }
  SimulatorOptions options;
  EXPECT_FALSE(set_option(options, "absent", "1"));
  ASSERT_TRUE(set_option(options, "rtt", "50ms"));
  EXPECT_EQ(options.round_trip, std::chrono::milliseconds{50});
  EXPECT_FALSE(set_option(options, "fault", "truncated_body=2"));
  EXPECT_FALSE(set_option(options, "faults", "many"));
}

TEST(SimulatorOption, what_came_while_a_subscription_was_off_is_lost) {
  SimulatorOptions options;
  options.now = parse_iso8601("2026-08-30T08:00:00Z");
  options.token_lifetime = std::chrono::hours{24};
  TestTenant tenant{std::move(options)};
  tenant.subscribe();
  tenant.clock.advance(std::chrono::hours{1});
  EXPECT_EQ(tenant.post(tenant.feed("subscriptions/stop?contentType=Audit.General")).status, 200);
  tenant.clock.advance(std::chrono::hours{1});
  tenant.subscribe();
  tenant.clock.advance(std::chrono::hours{1});
  const auto ids = ids_in(tenant, tenant.listing("2026-08-30T08:00", "2026-08-30T11:00"));
  EXPECT_EQ(ids.size(), 2U * 120U);
  EXPECT_THAT(ids, testing::Contains("audit_general-179-b"));
  EXPECT_THAT(ids, testing::Not(testing::Contains("audit_general-180-a")));
  EXPECT_THAT(ids, testing::Not(testing::Contains("audit_general-239-b")));
  EXPECT_THAT(ids, testing::Contains("audit_general-240-a"));
}

TEST(SimulatorOption, a_new_subscription_can_show_nothing_for_a_while) {
  SimulatorOptions options;
  options.first_content_delay = std::chrono::hours{2};
  options.token_lifetime = std::chrono::hours{24};
  TestTenant tenant{std::move(options)};
  tenant.subscribe();
  const auto path = tenant.listing("2026-08-30T10:00", "2026-08-30T11:00");
  tenant.clock.advance(std::chrono::minutes{119});
  EXPECT_EQ(tenant.get(path).body, "[]");
  tenant.clock.advance(std::chrono::minutes{1});
  EXPECT_THAT(tenant.get(path).body, StartsWith("[{"));
}

TEST(SimulatorOption, dlp_can_be_forbidden_for_good_while_the_rest_is_not) {
  SimulatorOptions options;
  ASSERT_TRUE(options.faults.set("dlp_forbidden=1"));
  TestTenant tenant{std::move(options)};
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(tenant.post(tenant.feed("subscriptions/start?contentType=DLP.All")).body,
                HasSubstr("AF10001"));
  }
  tenant.subscribe();
}

TEST(SimulatorOption, names_of_sensitive_types_need_one_language) {
  TestTenant tenant;
  const auto path = tenant.feed("resources/dlpSensitiveTypes");
  tenant.accept_language = "en-US";
  EXPECT_EQ(tenant.get(path).status, 200);
  tenant.accept_language = "en-US,de-DE";
  EXPECT_THAT(tenant.get(path).body, HasSubstr("AF20053"));
  tenant.accept_language = "english!";
  EXPECT_THAT(tenant.get(path).body, HasSubstr("AF20054"));
}

/// Sends bytes to the simulator as they are and returns all that comes back.
auto send_bytes(const std::string& url, const std::string& bytes) -> std::string {
  const auto port = std::stoi(url.substr(url.rfind(':') + 1));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int connection = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_EQ(::connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(::write(connection, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  std::string reply(std::size_t{64} * 1024, '\0');
  std::size_t length = 0;
  for (ssize_t count = 1; count > 0;
       length += static_cast<std::size_t>(std::max<ssize_t>(count, 0))) {
    count = ::read(connection, reply.data() + length, reply.size() - length);
  }
  ::close(connection);
  reply.resize(length);
  return reply;
}

TEST(SimulatorOption, a_post_that_does_not_say_its_length_gets_411) {
  TestTenant tenant;
  const auto head = fmt::format("POST {} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n"
                                "Connection: close\r\n",
                                tenant.feed("subscriptions/start?contentType=Audit.General"),
                                tenant.simulator.url().substr(std::string_view{"http://"}.size()),
                                tenant.token);
  EXPECT_THAT(send_bytes(tenant.simulator.url(), head + "\r\n"), StartsWith("HTTP/1.1 411"));
  EXPECT_THAT(send_bytes(tenant.simulator.url(), head + "Content-Length: 0\r\n\r\n"),
              StartsWith("HTTP/1.1 200"));
}

TEST(SimulatorOption, serves_tls_with_a_certificate) {
  auto pattern = (std::filesystem::temp_directory_path() / "sluice-tls-XXXXXX").string();
  const std::filesystem::path directory = ::mkdtemp(pattern.data());
  const auto key = (directory / "key.pem").string();
  const auto certificate = (directory / "certificate.pem").string();
  ASSERT_EQ(std::system(fmt::format("openssl req -x509 -newkey rsa:2048 -nodes -days 2 "
                                    "-subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 "
                                    "-keyout {} -out {} 2>/dev/null",
                                    key,
                                    certificate)
                            .c_str()),
            0);
  ManualClock clock{test_now()};
  const MinuteChunks records;
  SimulatorOptions options;
  options.certificate_file = certificate;
  options.key_file = key;
  const auto simulator = Simulator::create(options, clock, records);
  ASSERT_TRUE(simulator) << simulator.error().message();
  EXPECT_THAT(simulator->url(), StartsWith("https://127.0.0.1:"));
  httplib::Client trusting{simulator->url()};
  trusting.set_ca_cert_path(certificate.c_str());
  const auto reply = trusting.Get("/simulator/report");
  ASSERT_TRUE(reply) << httplib::to_string(reply.error());
  EXPECT_EQ(reply->status, 200);
  httplib::Client stranger{simulator->url()};
  EXPECT_FALSE(stranger.Get("/simulator/report"));
  options.key_file = "/nowhere.pem";
  EXPECT_FALSE(Simulator::create(options, clock, records));
  std::filesystem::remove_all(directory);
}

constexpr int callers = 4;

/// A clock whose waits end when all callers wait at the same time.
class MeetingClock final : public Clock {
public:
  [[nodiscard]] auto now() const -> DateTime override { return test_now(); }
  [[nodiscard]] auto steady() const -> std::chrono::nanoseconds override { return {}; }
  auto wait(std::chrono::nanoseconds duration, const std::stop_token& /*stop*/) -> bool override {
    EXPECT_EQ(duration, std::chrono::milliseconds{50});
    meeting_.arrive_and_wait();
    return true;
  }

private:
  std::barrier<> meeting_{callers};
};

TEST(SimulatorOption, round_trips_of_different_connections_overlap) {
  MeetingClock clock;
  const MinuteChunks records;
  SimulatorOptions options;
  ASSERT_TRUE(set_option(options, "rtt", "50ms"));
  const auto simulator = Simulator::create(options, clock, records);
  ASSERT_TRUE(simulator);
  std::vector<std::jthread> threads;
  for (int i = 0; i < callers; ++i) {
    threads.emplace_back([&] {
      httplib::Client client{simulator->url()};
      const auto reply = client.Get("/api/v1.0/11111111-2222-3333-4444-555555555555/activity/feed/"
                                    "subscriptions/list");
      EXPECT_TRUE(reply && reply->status == 401);
    });
  }
}

TEST(FeedCache, keeps_bodies_within_its_bytes_and_apart_by_encoding) {
  const MinuteChunks records;
  const auto chunks = records.chunks(ContentType::general);
  const Blob blob{ContentType::general, chunks[0].key, chunks[1].key, {0, 1}};
  const Feed cached{records, {.datacenter = "na0001", .cache_bytes = 1U << 20U}};
  const auto plain = cached.body(blob, false);
  EXPECT_EQ(cached.body(blob, false).bytes, plain.bytes);
  EXPECT_NE(*cached.body(blob, true).bytes, *plain.bytes);
  EXPECT_EQ(cached.body(blob, false).bytes, plain.bytes);
  for (const std::size_t too_little : {0, 10}) {
    const Feed forgetful{records, {.datacenter = "na0001", .cache_bytes = too_little}};
    const auto once = forgetful.body(blob, false);
    const auto again = forgetful.body(blob, false);
    EXPECT_NE(once.bytes, again.bytes);
    EXPECT_EQ(*once.bytes, *again.bytes);
  }
}

/// How often each record comes, by what the truth says.
auto copies_in_truth(const Simulator& simulator) -> std::map<std::string, std::uint64_t> {
  std::ostringstream text;
  simulator.write_truth(text);
  std::istringstream lines{text.str()};
  std::map<std::string, std::uint64_t> copies;
  simdjson::dom::parser parser;
  for (std::string line; std::getline(lines, line);) {
    const auto row = parser.parse(line);
    std::string_view id;
    if (row["id"].get(id) == simdjson::SUCCESS) {
      copies[std::string{id}] = row["copies"].get_uint64().value();
    }
  }
  return copies;
}

TEST(SimulatorTraffic, all_that_the_truth_names_is_in_the_feeds_as_often_as_it_says) {
  SimulatorOptions options;
  options.subscribed = true;
  options.traffic.events = 3'000;
  options.traffic.big_chunk_records = 500;
  TestTenant tenant{std::move(options), TestTenant::Records::traffic};
  std::map<std::string, std::uint64_t> seen;
  for (const auto type : content_types) {
    for (int day = 6; day > 0; --day) {
      const auto start = test_now() - std::chrono::days{day};
      const auto path =
          tenant.feed(fmt::format("subscriptions/content?contentType={}&startTime={}"
                                  "&endTime={}",
                                  wire_name(type),
                                  to_iso8601(start, 0, /*zone=*/false),
                                  to_iso8601(start + std::chrono::days{1}, 0, false)));
      for (const auto& id : ids_in(tenant, path)) {
        ++seen[id];
      }
    }
  }
  EXPECT_EQ(seen, copies_in_truth(tenant.simulator));
}

} // namespace
} // namespace sluice::simulator
