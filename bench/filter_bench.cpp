// SPDX-License-Identifier: Apache-2.0
// How fast records are cut and filtered, against the least that reading them with simdjson takes:
// an On-Demand pass over the whole content in memory that reads one field of each record.
//
//   filter_bench                 prints the figures
//   filter_bench --write FILE    writes the content that they are measured on
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/check.hpp"
#include "base/random.hpp"
#include "record/record_scanner.hpp"
#include "relevance/filter.hpp"

namespace {

using namespace sluice;

constexpr std::size_t content_bytes = std::size_t{100} * 1024 * 1024;
constexpr std::size_t chunk_bytes = std::size_t{256} * 1024;
constexpr int rounds = 9;
constexpr double target_share = 0.7;

auto guid(Random& random) -> std::string {
  return fmt::format("{:08x}-{:04x}-4000-8000-{:012x}",
                     random.below(1ULL << 32U),
                     random.below(1U << 16U),
                     random.below(1ULL << 48U));
}

/// The common schema; the record's other fields follow.
auto common(Random& random, int type, std::string_view operation, std::string_view workload)
    -> std::string {
  return fmt::format(
      R"({{"CreationTime":"2026-07-13T{:02}:{:02}:{:02}","Id":"{}","Operation":"{}",)"
      R"("OrganizationId":"11111111-2222-3333-4444-555555555555","RecordType":{},)"
      R"("UserKey":"{}","UserType":0,"Version":1,"Workload":"{}",)"
      R"("ClientIP":"198.51.100.{}","UserId":"user{}@contoso.example")",
      random.below(24),
      random.below(60),
      random.below(60),
      guid(random),
      operation,
      type,
      guid(random),
      workload,
      random.below(255),
      random.below(500));
}

auto sign_in(Random& random) -> std::string {
  return common(random, 15, "UserLoggedIn", "AzureActiveDirectory") +
         fmt::format(R"(,"ResultStatus":"Success","ObjectId":"{0}",)"
                     R"("AzureActiveDirectoryEventType":1,"ExtendedProperties":[)"
                     R"({{"Name":"ResultStatusDetail","Value":"Success"}},)"
                     R"({{"Name":"UserAgent","Value":"Mozilla\/5.0 Windows NT 10.0"}},)"
                     R"({{"Name":"RequestType","Value":"OAuth2:Authorize"}}],)"
                     R"("ModifiedProperties":[],"Actor":[{{"ID":"{0}","Type":0}}],)"
                     R"("ActorContextId":"{0}","ActorIpAddress":"198.51.100.7",)"
                     R"("InterSystemsId":"{1}","IntraSystemId":"{1}","SupportTicketId":"",)"
                     R"("Target":[{{"ID":"{0}","Type":0}}],"TargetContextId":"{0}",)"
                     R"("ApplicationId":"{1}","DeviceProperties":[)"
                     R"({{"Name":"OS","Value":"Windows10"}},)"
                     R"({{"Name":"SessionId","Value":"{0}"}}],"ErrorNumber":"0"}})",
                     guid(random),
                     guid(random));
}

auto file_access(Random& random) -> std::string {
  return common(random, 6, "FileAccessed", "SharePoint") +
         fmt::format(R"(,"ObjectId":"https:\/\/contoso.sharepoint.example\/sites\/{2}\/plan.xlsx",)"
                     R"("CorrelationId":"{0}","EventSource":"SharePoint","ItemType":"File",)"
                     R"("ListId":"{1}","Site":"{1}","WebId":"{0}",)"
                     R"("SiteUrl":"https:\/\/contoso.sharepoint.example\/sites\/{2}\/",)"
                     R"("SourceFileName":"plan.xlsx","SourceFileExtension":"xlsx",)"
                     R"("SourceRelativeUrl":"Documents","UserAgent":"Mozilla\/5.0",)"
                     R"("AppAccessContext":{{"ClientAppId":"","CorrelationId":"{0}"}}}})",
                     guid(random),
                     guid(random),
                     random.below(1000));
}

auto alert(Random& random) -> std::string {
  std::string entities;
  for (int i = 0; i < 20; ++i) {
    entities += fmt::format(R"({}{{\"$id\":\"{}\",\"Urn\":\"urn:MailEntity:{}\"}})",
                            i == 0 ? "" : ",",
                            i,
                            guid(random));
  }
  return common(random, 40, "AlertTriggered", "SecurityComplianceCenter") +
         fmt::format(R"(,"AlertId":"{}","AlertType":"System",)"
                     R"("Name":"Email reported by user as malware or phish",)"
                     R"("PolicyId":"b26a5770-0c38-434a-9380-3a3c2c27bbb3","Status":"Active",)"
                     R"("Severity":"Low","Category":"ThreatManagement",)"
                     R"("Source":"Office 365 Security & Compliance","Comments":"New alert",)"
                     R"("Data":"{{\"Entities\":[{}]}}","AlertLinks":[{{"AlertLinkHref":""}}]}})",
                     guid(random),
                     entities);
}

/// One JSON array in the proportions of a tenant: sign-ins, files, one alert in two hundred.
auto make_content() -> std::string {
  Random random{42};
  std::string content = "[";
  while (content.size() < content_bytes) {
    const auto kind = random.fraction();
    content += content.size() == 1 ? "" : ",";
    content += kind < 0.005 ? alert(random) : kind < 0.4 ? sign_in(random) : file_access(random);
  }
  return content + "]";
}

struct CountingSink final : record::RecordSink {
  std::uint64_t alerts = 0;
  auto on_record(const record::ScannedRecord& r) -> Result<> override {
    alerts += r.fields[0] == "40" || r.fields[0] == "64" ? 1 : 0;
    return {};
  }
  auto on_bad_record(const record::BadRecord&) -> Result<> override { return {}; }
};

auto count_on_demand(const simdjson::padded_string& content) -> std::uint64_t {
  simdjson::ondemand::parser parser;
  auto document = parser.iterate(content);
  std::uint64_t alerts = 0;
  for (auto element : document.get_array()) {
    const auto type = element["RecordType"].get_int64().value();
    alerts += type == 40 || type == 64 ? 1 : 0;
  }
  return alerts;
}

template <class Take>
void in_chunks(std::string_view content, Take take) {
  for (std::size_t at = 0; at < content.size(); at += chunk_bytes) {
    CHECK(take(content.substr(at, chunk_bytes)));
  }
}

auto count_scanned(std::string_view content) -> std::uint64_t {
  CountingSink sink;
  record::RecordScanner scanner{{"RecordType"}, {}};
  in_chunks(content, [&](std::string_view bytes) { return scanner.feed(bytes, sink); });
  CHECK(scanner.finish(sink));
  return sink.alerts;
}

auto count_filtered(std::string_view content, const relevance::RuleSet& rules) -> std::uint64_t {
  relevance::Filter filter{
      rules, [](std::string_view) { return Result<>{}; }, [](const record::BadRecord&) {}};
  in_chunks(content, [&](std::string_view bytes) { return filter.feed(bytes); });
  CHECK(filter.finish());
  return filter.counts().kept;
}

struct Contender {
  std::string_view name;
  std::function<std::uint64_t()> run;
  double seconds = 1e9; ///< Of processor time, which others on the machine disturb least; the best.
};

/// Takes turns, so that a disturbance of the machine meets all alike.
void measure(std::vector<Contender>& contenders) {
  for (int round = 0; round < rounds; ++round) {
    for (auto& contender : contenders) {
      const auto start = std::clock();
      const auto found = contender.run();
      const auto took = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
      CHECK(found > 0);
      contender.seconds = std::min(contender.seconds, took);
    }
  }
}

auto compile(std::string where) -> relevance::RuleSet {
  auto rules = relevance::RuleSet::compile({{.name = "bench", .where = std::move(where)}});
  CHECK(rules);
  return std::move(*rules);
}

void compare(const std::string& content) {
  const simdjson::padded_string padded{content};
  const auto by_type = compile("RecordType in (40, 64)");
  auto ready = relevance::RuleSet::compile(relevance::ready_rules().front().rules);
  CHECK(ready);
  std::vector<Contender> contenders{
      {"simdjson On-Demand, one field", [&] { return count_on_demand(padded); }},
      {"record scanner, one field", [&] { return count_scanned(content); }},
      {"filter, RecordType in (40, 64)", [&] { return count_filtered(content, by_type); }},
      {"filter, user-reported phishing", [&] { return count_filtered(content, *ready); }}};
  measure(contenders);
  std::cout << fmt::format("{} MiB, best of {} rounds\n", content.size() >> 20U, rounds);
  for (const auto& contender : contenders) {
    std::cout << fmt::format("{:<32} {:6.2f} GB/s   {:4.2f} of On-Demand\n",
                             contender.name,
                             static_cast<double>(content.size()) / contender.seconds / 1e9,
                             contenders.front().seconds / contender.seconds);
  }
  const auto share = contenders.front().seconds / contenders[2].seconds;
  std::cout << fmt::format("{:<58} {:9.2f}x     target at least {:.1f}x: {}\n",
                           "filter against On-Demand, in memory",
                           share,
                           target_share,
                           share >= target_share ? "met" : "NOT met");
}

/// The bare pass over a file, as a program of its own: what `sluice filter` is measured against
/// whole.
auto pass_over(const char* path) -> int {
  const auto content = simdjson::padded_string::load(path);
  if (content.error() != simdjson::SUCCESS) {
    return EXIT_FAILURE;
  }
  std::cout << count_on_demand(content.value_unsafe()) << '\n';
  return EXIT_SUCCESS;
}

} // namespace

auto main(int argc, char** argv) -> int {
  if (argc == 3 && std::string_view{argv[1]} == "--on-demand") {
    return pass_over(argv[2]);
  }
  const auto content = make_content();
  if (argc == 3 && std::string_view{argv[1]} == "--write") {
    std::ofstream file{argv[2], std::ios::binary};
    file << content;
    return file.flush() ? EXIT_SUCCESS : EXIT_FAILURE;
  }
  compare(content);
  return EXIT_SUCCESS;
}
