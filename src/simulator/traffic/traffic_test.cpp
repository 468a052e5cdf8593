// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "simulator/traffic/traffic.hpp"

namespace sluice::simulator {
namespace {

auto small(std::uint64_t events) -> TrafficOptions {
  TrafficOptions options;
  options.seed = 7;
  options.events = events;
  options.start = *parse_iso8601("2026-07-01T00:00:00Z");
  return options;
}

auto rendered(const Traffic& traffic, ContentType type, std::size_t chunk) -> std::string {
  std::string text;
  traffic.render(type, chunk, text);
  return text;
}

auto text_of(simdjson::dom::element record, std::string_view field) -> std::string {
  std::string_view text;
  return record[field].get(text) == simdjson::SUCCESS ? std::string{text} : std::string{};
}

auto record_type_of(simdjson::dom::element record) -> int {
  std::int64_t number = 0;
  if (record["RecordType"].get(number) == simdjson::SUCCESS) {
    return static_cast<int>(number);
  }
  return std::stoi(text_of(record, "RecordType"));
}

/// Calls `visit(type, record, text)` for every record of every chunk.
template <class Visitor>
void for_each_record(const Traffic& traffic, Visitor visit) {
  simdjson::dom::parser parser;
  for (const auto type : content_types) {
    for (std::size_t chunk = 0; chunk < traffic.chunks(type).size(); ++chunk) {
      const auto text = "[" + rendered(traffic, type, chunk) + "]";
      simdjson::dom::array records;
      ASSERT_EQ(parser.parse(text).get(records), simdjson::SUCCESS) << wire_name(type) << chunk;
      ASSERT_EQ(records.size(), traffic.chunks(type)[chunk].record_count);
      for (const auto record : records) {
        visit(type, record);
      }
    }
  }
}

struct Truth {
  struct Record {
    std::string type;
    std::int64_t record_type = 0;
    bool relevant = false;
    std::uint64_t copies = 0;
  };
  std::unordered_map<std::string, Record> records;
  std::vector<std::string> cases;
  std::uint64_t relevant = 0;
};

auto truth_of(const Traffic& traffic) -> Truth {
  std::stringstream lines;
  traffic.write_truth(lines);
  Truth truth;
  simdjson::dom::parser parser;
  for (std::string line; std::getline(lines, line);) {
    const simdjson::dom::element row = parser.parse(line);
    simdjson::dom::element found;
    if (row["case"].get(found) == simdjson::SUCCESS) {
      truth.cases.push_back(line);
    } else if (row["truth"].get(found) == simdjson::SUCCESS) {
      truth.relevant = std::uint64_t{row["relevant"]};
    } else {
      const bool added = truth.records
                             .emplace(text_of(row, "id"),
                                      Truth::Record{text_of(row, "type"),
                                                    std::int64_t{row["record_type"]},
                                                    bool{row["relevant"]},
                                                    std::uint64_t{row["copies"]}})
                             .second;
      EXPECT_TRUE(added) << line;
    }
  }
  return truth;
}

TEST(Traffic, the_same_options_give_the_same_bytes_and_another_seed_gives_others) {
  auto options = small(3'000);
  const auto one = Traffic::create(options);
  const auto two = Traffic::create(options);
  options.seed = 8;
  const auto other = Traffic::create(options);
  for (const auto type : content_types) {
    ASSERT_EQ(one.chunks(type).size(), two.chunks(type).size());
    // From the last to the first: no chunk depends on what was rendered before it.
    for (std::size_t chunk = one.chunks(type).size(); chunk-- > 0;) {
      EXPECT_EQ(one.chunks(type)[chunk].key, two.chunks(type)[chunk].key);
      EXPECT_EQ(rendered(one, type, chunk), rendered(two, type, chunk));
    }
    EXPECT_NE(rendered(one, type, 0), rendered(other, type, 0));
  }
}

TEST(Traffic, keys_increase_and_stay_inside_of_the_span) {
  const auto traffic = Traffic::create(small(20'000));
  const auto& options = traffic.options();
  for (const auto type : content_types) {
    IngestKey previous;
    for (const auto& chunk : traffic.chunks(type)) {
      EXPECT_LT(previous, chunk.key);
      EXPECT_GT(chunk.record_count, 0U);
      EXPECT_GE(chunk.ingested, options.start);
      EXPECT_LT(chunk.ingested, options.start + options.span);
      EXPECT_EQ(IngestKey::parse(chunk.key.text()), chunk.key);
      previous = chunk.key;
    }
  }
}

TEST(Traffic, the_truth_counts_every_delivery_of_every_record) {
  const auto traffic = Traffic::create(small(10'000));
  auto truth = truth_of(traffic);
  EXPECT_EQ(truth.records.size(), 10'000U);
  std::unordered_map<std::string, std::string> first_bytes;
  for_each_record(traffic, [&](ContentType type, simdjson::dom::element record) {
    const auto id = text_of(record, "Id");
    const auto known = truth.records.find(id);
    ASSERT_NE(known, truth.records.end()) << id;
    EXPECT_EQ(known->second.type, wire_name(type));
    EXPECT_EQ(known->second.record_type, record_type_of(record));
    ASSERT_GT(known->second.copies, 0U) << id;
    --known->second.copies;
    const auto bytes = simdjson::minify(record);
    const auto [same, added] = first_bytes.emplace(id, bytes);
    EXPECT_EQ(same->second, bytes);
  });
  for (const auto& [id, record] : truth.records) {
    EXPECT_EQ(record.copies, 0U) << id;
  }
}

/// What an analyst would call user-reported phishing, written without our rules.
auto looks_user_reported(simdjson::dom::element record) -> bool {
  const auto type = record_type_of(record);
  const auto text = simdjson::minify(record);
  const auto policy = text_of(record, "PolicyId");
  const bool by_id = text.find("b26a5770-0c38-434a-9380-3a3c2c27bbb3") != std::string::npos ||
                     text.find("B26A5770-0C38-434A-9380-3A3C2C27BBB3") != std::string::npos;
  const bool by_name =
      text_of(record, "Name").starts_with("Email reported by user as malware or phish");
  const bool by_kind = text_of(record, "InvestigationId").starts_with("urn:SubmissionInv");
  return (type == 40 && (by_id || by_name)) || (type == 64 && (by_id || by_kind));
}

TEST(Traffic, the_relevant_records_of_the_truth_are_those_that_look_so) {
  const auto traffic = Traffic::create(small(20'000));
  const auto truth = truth_of(traffic);
  std::set<std::string> meant;
  for (const auto& [id, record] : truth.records) {
    if (record.relevant) {
      meant.insert(id);
    }
  }
  std::set<std::string> seen;
  for_each_record(traffic, [&](ContentType /*type*/, simdjson::dom::element record) {
    if (looks_user_reported(record)) {
      seen.insert(text_of(record, "Id"));
    }
  });
  EXPECT_EQ(seen, meant);
  EXPECT_EQ(meant.size(), truth.relevant);
  EXPECT_GT(meant.size(), 80U);
}

TEST(Traffic, feeds_have_the_proportions_of_a_real_tenant) {
  const auto traffic = Traffic::create(small(20'000));
  std::map<ContentType, double> share;
  std::map<int, int> general;
  for_each_record(traffic, [&](ContentType type, simdjson::dom::element record) {
    share[type] += 1.0 / 20'000;
    if (type == ContentType::general) {
      ++general[record_type_of(record)];
    }
  });
  EXPECT_NEAR(share[ContentType::azure_active_directory], 0.22, 0.02);
  EXPECT_NEAR(share[ContentType::exchange], 0.29, 0.02);
  EXPECT_NEAR(share[ContentType::sharepoint], 0.29, 0.02);
  EXPECT_NEAR(share[ContentType::general], 0.18, 0.02);
  EXPECT_NEAR(share[ContentType::dlp], 0.03, 0.01);
  for (const auto& [record_type, count] : general) {
    EXPECT_TRUE(record_type == 63 || count < general[63]) << record_type;
  }
}

TEST(Traffic, without_rates_each_record_comes_once_and_in_time) {
  auto options = small(5'000);
  options.duplicate_rate = 0;
  options.replay_rate = 0;
  options.late_rate = 0;
  options.story_share = 0;
  const auto traffic = Traffic::create(options);
  std::uint64_t records = 0;
  for (const auto type : content_types) {
    for (const auto& chunk : traffic.chunks(type)) {
      records += chunk.record_count;
    }
  }
  EXPECT_EQ(records, options.events);
  for (const auto& [id, record] : truth_of(traffic).records) {
    EXPECT_EQ(record.copies, 1U);
    EXPECT_FALSE(record.relevant);
  }
}

TEST(Traffic, records_come_late_again_and_whole_chunks_too) {
  const auto traffic = Traffic::create(small(40'000));
  std::uint64_t late = 0;
  std::map<std::string, int> same_chunk;
  simdjson::dom::parser parser;
  for (const auto type : content_types) {
    for (std::size_t chunk = 0; chunk < traffic.chunks(type).size(); ++chunk) {
      const auto text = "[" + rendered(traffic, type, chunk) + "]";
      ++same_chunk[text];
      const simdjson::dom::array records = parser.parse(text);
      for (const auto record : records) {
        const auto created = parse_iso8601(text_of(record, "CreationTime"));
        ASSERT_TRUE(created);
        const auto age = traffic.chunks(type)[chunk].ingested - *created;
        EXPECT_GE(age, Ticks{});
        late += age > std::chrono::hours{24} ? 1 : 0;
      }
    }
  }
  EXPECT_GT(late, 200U);
  EXPECT_TRUE(std::ranges::any_of(same_chunk, [](const auto& each) { return each.second > 1; }));
}

TEST(Traffic, every_trap_occurs_in_a_hundred_thousand_events) {
  std::map<std::string, std::string> missing{
      {"integer_as_text", R"("RecordType":"15")"},
      {"null_address", R"("ClientIP":null)"},
      {"empty_address", R"("ClientIP":"")"},
      {"address_with_port", R"(:50123")"},
      {"bracketed_address", R"(]:50123")"},
      {"escaped_slash", R"(https:\/\/contoso-my.sharepoint.com\/)"},
      {"unset_time", R"("0001-01-01T00:00:00")"},
      {"unknown_record_type", R"("RecordType":487)"},
      {"number_of_64_bits", R"(18446744073709551615)"},
      {"letters_beyond_ascii", "Müller"},
      {"zero_width_space", "after delivery\u200b"},
      {"line_end_in_a_text", R"(\r\n)"},
      {"surrogate_pair", R"(\ud83d\ude80)"},
      {"recipients_as_text", R"("Recipients":"[)"},
      {"second_query_time", R"(\"QueryTime\":\"10/31/2024 4:24:41 PM\")"},
      {"actions_as_texts", R"("Actions":["{\"$id\")"},
      {"actions_as_objects", R"("Actions":[{"$id")"},
      {"no_actions_yet", R"("Actions":[])"},
      {"running_time_as_text", R"("RunningTime":")"},
      {"empty_data", R"("Data":"")"},
      {"data_that_is_not_json", R"("Data":"Message is)"},
      {"investigation_link", R"(\"ail\":\"https://)"},
      {"alert_link", "/alerts/fa"},
      {"policy_in_capitals", "B26A5770"}};
  const auto traffic = Traffic::create(small(100'000));
  for (const auto type : content_types) {
    for (std::size_t chunk = 0; chunk < traffic.chunks(type).size() && !missing.empty(); ++chunk) {
      const auto text = rendered(traffic, type, chunk);
      std::erase_if(missing, [&text](const auto& trap) {
        return text.find(trap.second) != std::string::npos;
      });
    }
  }
  EXPECT_THAT(missing, testing::IsEmpty());
}

} // namespace
} // namespace sluice::simulator
