// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "relevance/filter.hpp"

namespace sluice::relevance {
namespace {

using testing::ElementsAre;

struct Outcome {
  std::string lines;
  std::vector<std::string> reasons;
  FilterCounts counts;
  std::string error;
};

auto filter(std::string_view content, std::size_t chunk = 3) -> Outcome {
  static const auto rules = RuleSet::compile({{.name = "test", .where = "RecordType in (40, 64)"}});
  EXPECT_TRUE(rules);
  Outcome outcome;
  Filter filter{
      *rules,
      [&outcome](std::string_view lines) -> Result<> {
        outcome.lines += lines;
        return {};
      },
      [&outcome](const record::BadRecord& bad) { outcome.reasons.emplace_back(bad.reason); }};
  Result<> result;
  for (std::size_t at = 0; at < content.size() && result; at += chunk) {
    result = filter.feed(content.substr(at, chunk));
  }
  if (result) {
    result = filter.finish();
  }
  outcome.error = result ? "" : result.error().message();
  outcome.counts = filter.counts();
  return outcome;
}

constexpr std::string_view array =
    R"([{"RecordType":40,"a":"\/"},{"RecordType":8},{"RecordType": "64"}])";
constexpr std::string_view kept = "{\"RecordType\":40,\"a\":\"\\/\"}\n{\"RecordType\": \"64\"}\n";

TEST(Filter, lets_through_what_a_rule_keeps_byte_for_byte) {
  const auto outcome = filter(array);
  EXPECT_EQ(outcome.lines, kept);
  EXPECT_EQ(outcome.counts.records, 3U);
  EXPECT_EQ(outcome.counts.kept, 2U);
  EXPECT_EQ(outcome.counts.dropped, 1U);
  EXPECT_EQ(outcome.counts.malformed, 0U);
}

TEST(Filter, knows_compressed_content_by_itself) {
  EXPECT_EQ(filter(deflate_gzip(array), 1).lines, kept);
  EXPECT_EQ(filter(deflate_gzip(array) + deflate_gzip("{\"RecordType\":64}"), 7).lines,
            std::string{kept} + "{\"RecordType\":64}\n");
}

TEST(Filter, reads_lines_as_it_reads_arrays) {
  EXPECT_EQ(filter(kept).lines, kept);
}

TEST(Filter, a_pretty_printed_record_becomes_one_line) {
  EXPECT_EQ(filter("[\n {\r\n  \"RecordType\": 40\n }\n]").lines, "{    \"RecordType\": 40  }\n");
}

TEST(Filter, what_is_malformed_is_reported_and_the_rest_goes_on) {
  const auto outcome = filter(
      "[{\"RecordType\":40,\"a\":\"\xFF\"},{\"RecordType\":40,\"a\":[1 2]},{\"RecordType\":64}]");
  EXPECT_EQ(outcome.lines, "{\"RecordType\":64}\n");
  EXPECT_THAT(outcome.reasons, ElementsAre("not valid UTF-8", "bad punctuation"));
  EXPECT_EQ(outcome.counts.malformed, 2U);
  EXPECT_EQ(outcome.counts.records, 3U);
}

TEST(Filter, content_that_is_cut_short_is_an_error) {
  EXPECT_NE(filter(array.substr(0, array.size() - 1)).error, "");
  const auto packed = deflate_gzip(array);
  EXPECT_NE(filter(std::string_view{packed}.substr(0, packed.size() - 3)).error, "");
  EXPECT_EQ(filter("").error, "");
  EXPECT_EQ(filter(" ").error, "");
}

} // namespace
} // namespace sluice::relevance
