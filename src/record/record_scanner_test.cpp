// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "record/record_scanner.hpp"

namespace sluice::record {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Findings {
  std::vector<std::string> records;
  std::vector<std::string> types; ///< The raw RecordType; `-` when it is absent.
  std::vector<std::string> bad;   ///< `offset+length reason`
  std::string error;
  std::string code;
};

struct Collecting final : RecordSink {
  explicit Collecting(Findings& into) : found{into} {}
  Findings& found;

  auto on_record(const ScannedRecord& r) -> Result<> override {
    found.records.emplace_back(r.bytes);
    found.types.emplace_back(r.fields[0].data() == nullptr ? "-" : r.fields[0]);
    return {};
  }
  auto on_bad_record(const BadRecord& r) -> Result<> override {
    found.bad.push_back(std::to_string(r.offset) + "+" + std::to_string(r.length) + " " +
                        std::string{r.reason});
    return {};
  }
};

using Options = RecordScanner::Options;
using Framing = RecordScanner::Framing;

/// Puts `bytes` where the scanner has room for them.
auto put(RecordScanner& scanner, std::string_view bytes, Collecting& sink) -> Result<> {
  while (!bytes.empty()) {
    const auto room = scanner.room();
    const auto part = bytes.substr(0, room.size());
    std::ranges::copy(part, room.begin());
    TRY_DO(scanner.filled(part.size(), sink));
    bytes.remove_prefix(part.size());
  }
  return {};
}

auto scan(std::string_view content, Options options = {}, std::size_t chunk = 1 << 20) -> Findings {
  Findings found;
  Collecting sink{found};
  RecordScanner scanner{{"RecordType"}, options};
  Result<> result;
  for (std::size_t at = 0; at < content.size() && result; at += chunk) {
    const auto bytes = content.substr(at, chunk);
    result = at / chunk % 2 == 0 ? scanner.feed(bytes, sink) : put(scanner, bytes, sink);
  }
  if (result) {
    result = scanner.finish(sink);
  }
  if (!result) {
    found.error = result.error().message();
    found.code = result.error().code();
  }
  return found;
}

struct ShapeCase {
  std::string_view name;
  std::string_view content;
  std::vector<std::string> types;
};

class RecordShapes : public testing::TestWithParam<ShapeCase> {};

TEST_P(RecordShapes, give_their_records_however_they_are_cut) {
  for (const std::size_t window : {64, 65, 100, 4096}) {
    for (const std::size_t chunk : {1, 3, 64, 4096}) {
      const auto found = scan(GetParam().content, {.window_bytes = window}, chunk);
      EXPECT_EQ(found.error, "");
      EXPECT_EQ(found.types, GetParam().types) << window << " " << chunk;
      EXPECT_THAT(found.bad, IsEmpty());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    RecordShapes,
    testing::Values(
        ShapeCase{"nothing", "", {}},
        ShapeCase{"blanks", " \r\n\t", {}},
        ShapeCase{"empty_array", "[ ]", {}},
        ShapeCase{"array",
                  R"([{"RecordType":40},{"Id":"x"},{"RecordType":"64"}])",
                  {"40", "-", R"("64")"}},
        ShapeCase{"array_after_a_byte_order_mark", "\xEF\xBB\xBF[{\"RecordType\":1}]", {"1"}},
        ShapeCase{"lines", "{\"RecordType\":1}\n{\"RecordType\":2}\r\n\n{}\n", {"1", "2", "-"}},
        ShapeCase{"one_behind_the_other", R"({"RecordType":1}{"RecordType":2})", {"1", "2"}},
        ShapeCase{"arrays_and_objects", R"([{"RecordType":1}] {"RecordType":2} [])", {"1", "2"}},
        ShapeCase{"pretty_printed",
                  "[\n  {\n    \"Id\" : \"1\" ,\n    \"RecordType\" : 28\n  }\n]\n",
                  {"28"}},
        ShapeCase{"the_last_of_two_counts",
                  R"([{"RecordType":1,"RecordType":{"a":[2]}}])",
                  {R"({"a":[2]})"}},
        ShapeCase{"nested_names_do_not_count",
                  R"([{"a":{"RecordType":1},"b":[{"RecordType":2}]}])",
                  {"-"}},
        ShapeCase{
            "values_that_look_like_names", R"([{"a":"RecordType","b":"\"RecordType\":3"}])", {"-"}},
        ShapeCase{"escaped_name", R"([{"Record\u0054ype":7},{"\u0052ecordType" :8}])", {"7", "8"}},
        ShapeCase{"brackets_in_strings", R"([{"Data":"}]{[\\\"","RecordType":5}])", {"5"}},
        ShapeCase{"null_is_a_value", R"([{"RecordType":null}])", {"null"}}),
    [](const auto& c) { return std::string{c.param.name}; });

TEST(RecordScanner, gives_the_bytes_and_the_place_of_each_record) {
  struct Sink final : RecordSink {
    std::string all;
    auto on_record(const ScannedRecord& r) -> Result<> override {
      all += std::to_string(r.offset) + std::string{r.bytes};
      return {};
    }
    auto on_bad_record(const BadRecord&) -> Result<> override { return {}; }
  } sink;
  RecordScanner scanner{{}, {}};
  ASSERT_TRUE(scanner.feed("\xEF\xBB\xBF[ { \"a\" : 1 } ,", sink));
  ASSERT_TRUE(scanner.feed("{}]", sink));
  ASSERT_TRUE(scanner.finish(sink));
  EXPECT_EQ(sink.all, "5{ \"a\" : 1 }18{}");
}

TEST(RecordScanner, finds_every_wanted_field) {
  std::vector<std::string> names;
  std::string record = "{";
  for (int i = 0; i < 40; ++i) {
    names.push_back("Field" + std::to_string(i));
    record += (i == 0 ? "\"" : ",\"") + names.back() + "\":" + std::to_string(i);
  }
  struct Sink final : RecordSink {
    std::vector<std::string> values;
    auto on_record(const ScannedRecord& r) -> Result<> override {
      values.assign(r.fields.begin(), r.fields.end());
      return {};
    }
    auto on_bad_record(const BadRecord&) -> Result<> override { return {}; }
  } sink;
  RecordScanner scanner{names, {}};
  ASSERT_TRUE(scanner.feed(record + "}", sink));
  ASSERT_TRUE(scanner.finish(sink));
  ASSERT_EQ(sink.values.size(), 40U);
  EXPECT_EQ(sink.values[0], "0");
  EXPECT_EQ(sink.values[39], "39");
}

struct BadCase {
  std::string_view name;
  std::string_view content;
  std::vector<std::string> types;
  std::vector<std::string> bad;
};

class BadRecords : public testing::TestWithParam<BadCase> {};

TEST_P(BadRecords, are_told_apart_from_the_good_ones_however_they_are_cut) {
  for (const std::size_t window : {64, 4096}) {
    for (const std::size_t chunk : {1, 4096}) {
      const auto found = scan(GetParam().content, {.window_bytes = window, .max_depth = 8}, chunk);
      EXPECT_EQ(found.error, "");
      EXPECT_EQ(found.types, GetParam().types);
      EXPECT_EQ(found.bad, GetParam().bad);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    BadRecords,
    testing::Values(
        BadCase{"invalid_utf8",
                "[{\"a\":\"\xFF\"},{\"RecordType\":6}]",
                {"6"},
                {"1+9 not valid UTF-8"}},
        BadCase{"control_character",
                "[{\"a\":\"x\ny\"},{\"RecordType\":6}]",
                {"6"},
                {"1+11 a raw control character"}},
        BadCase{"no_colon",
                R"([{"a" 1},{"RecordType":6}])",
                {"6"},
                {"1+7 no colon after a field name"}},
        BadCase{"trailing_comma",
                R"([{"a":1,},{"RecordType":6}])",
                {"6"},
                {"1+8 no field name where one should be"}},
        BadCase{"no_value",
                R"([{"a":,"b":2},{"RecordType":6}])",
                {"6"},
                {"1+12 no value after a field name"}},
        BadCase{
            "strangers",
            R"([1,"two" ,null,[3,{"RecordType":4}],{"RecordType":5}])",
            {"5"},
            {"1+1 not a record", "3+5 not a record", "10+4 not a record", "15+20 not a record"}},
        BadCase{"too_deep",
                R"([{"a":[[[[[[[[1]]]]]]]]},{"RecordType":6}])",
                {"6"},
                {"1+23 nested too deeply"}},
        BadCase{"a_line_with_an_open_string",
                "{\"a\":\"open\n{\"RecordType\":7}\n",
                {"7"},
                {"0+10 no comma after a value"}},
        BadCase{"a_line_of_something_else",
                "not json, \"really\n{\"RecordType\":7}\n",
                {"7"},
                {"0+17 not a record"}}),
    [](const auto& c) { return std::string{c.param.name}; });

struct LostCase {
  std::string_view name;
  std::string_view content;
  std::string_view code;
  std::string_view message;
};

class LostContent : public testing::TestWithParam<LostCase> {};

TEST_P(LostContent, is_an_error_with_its_place) {
  const auto found = scan(GetParam().content, {.framing = Framing::array});
  EXPECT_EQ(found.code, GetParam().code);
  EXPECT_THAT(found.error, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    LostContent,
    testing::Values(
        LostCase{"empty", " \n", "empty", "empty"},
        LostCase{"an_object", R"({"error":{"code":"AF20055"}})", "not_an_array", "AF20055"},
        LostCase{"a_page", "<html>", "not_an_array", "<html>"},
        LostCase{"cut_after_a_comma", R"([{"a":1},)", "truncated", "byte 9: "},
        LostCase{"cut_in_a_record", R"([{"a":1},{"b":"x)", "truncated", "byte 9: "},
        LostCase{"not_closed", R"([{"a":1})", "truncated", "byte 8: "},
        LostCase{"only_opened", "[", "truncated", "byte 1: "},
        LostCase{"no_comma", R"([{"a":1}{"b":2}])", "", "byte 8: no comma after a record"},
        LostCase{
            "comma_before_the_end", R"([{"a":1},])", "", "byte 9: no record where one should be"},
        LostCase{
            "something_behind_it", R"([{"a":1}] {})", "", "byte 10: something follows the array"},
        LostCase{"brackets_that_do_not_match", R"([{"a":[1},{"b":2}])", "", "byte 1: "}),
    [](const auto& c) { return std::string{c.param.name}; });

TEST(RecordScanner, what_came_before_a_truncation_stands) {
  const auto found = scan(R"([{"RecordType":1},{"RecordType":2},{"Rec)");
  EXPECT_THAT(found.types, ElementsAre("1", "2"));
  EXPECT_EQ(found.code, "truncated");
}

TEST(RecordScanner, a_record_over_the_limit_is_passed_over) {
  const auto large = R"({"a":")" + std::string(5000, 'x') + R"("})";
  const auto content = "[{\"RecordType\":1}," + large + ",{\"RecordType\":2}]";
  for (const std::size_t chunk : {1, 100, 100'000}) {
    const auto found = scan(content, {.max_record_bytes = 1000, .window_bytes = 256}, chunk);
    EXPECT_EQ(found.error, "");
    EXPECT_THAT(found.types, ElementsAre("1", "2"));
    EXPECT_THAT(found.bad, ElementsAre("18+5008 larger than the limit"));
  }
}

TEST(RecordScanner, a_record_larger_than_the_window_is_whole) {
  const auto large = R"({"RecordType":40,"Data":")" + std::string(100'000, '{') + R"("})";
  const auto found = scan("[" + large + "," + large + "]", {.window_bytes = 256}, 1000);
  EXPECT_EQ(found.error, "");
  EXPECT_THAT(found.records, ElementsAre(large, large));
}

TEST(RecordScanner, an_error_of_the_sink_ends_the_scan_for_good) {
  struct Sink final : RecordSink {
    int calls = 0;
    auto on_record(const ScannedRecord&) -> Result<> override {
      ++calls;
      return Error{ErrorKind::storage, "disk full"};
    }
    auto on_bad_record(const BadRecord&) -> Result<> override { return {}; }
  } sink;
  RecordScanner scanner{{}, {}};
  ASSERT_TRUE(scanner.feed("{}{}", sink));
  EXPECT_EQ(scanner.finish(sink).error().kind(), ErrorKind::storage);
  EXPECT_EQ(scanner.finish(sink).error().kind(), ErrorKind::storage);
  EXPECT_EQ(sink.calls, 1);
}

TEST(RecordScanner, one_that_restarts_reads_as_a_new_one_would_whatever_it_read_before) {
  const std::string next = R"([{"RecordType":1},{"RecordType":2}])";
  const std::string wide(4'096, 'x');
  for (const std::string& former : {std::string{R"([{"RecordType":9},)"},
                                    std::string{"nonsense"},
                                    R"([{"Wide":")" + wide + R"("},{"RecordType)",
                                    R"([{"Wide":")" + wide + wide,
                                    next}) {
    RecordScanner scanner{
        {"RecordType"}, {.framing = Framing::array, .max_record_bytes = 6'000, .window_bytes = 64}};
    Findings ignored;
    Collecting earlier{ignored};
    static_cast<void>(scanner.feed(former, earlier));
    static_cast<void>(scanner.finish(earlier));
    scanner.restart();
    Findings found;
    Collecting sink{found};
    EXPECT_TRUE(scanner.feed(next, sink)) << former;
    EXPECT_TRUE(scanner.finish(sink)) << former;
    EXPECT_THAT(found.types, ElementsAre("1", "2")) << former;
  }
}

} // namespace
} // namespace sluice::record
