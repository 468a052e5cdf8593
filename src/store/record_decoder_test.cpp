// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "record/columns.hpp"
#include "store/record_decoder.hpp"
#include "store/wide_table.hpp"

namespace sluice::store {
namespace {

struct DecodeCase {
  std::string name;
  std::string record;
  std::string column;
  std::string expected; ///< As a literal of the language.
};

auto column_named(std::string_view name) -> std::size_t {
  return name == additional_fields_name ? additional_fields_index()
                                        : record::column_index(name).value();
}

class RecordDecoderCase : public testing::TestWithParam<DecodeCase> {};

TEST_P(RecordDecoderCase, reads_the_column_as_the_table_says) {
  const auto& [name, record, column, expected] = GetParam();
  const std::vector<std::size_t> columns{column_named(column)};
  RecordDecoder decoder{columns};
  EXPECT_EQ(kql::to_literal(decoder.decode(record)[0]), expected);
}

const std::string all = std::string{additional_fields_name};

INSTANTIATE_TEST_SUITE_P(
    Table,
    RecordDecoderCase,
    testing::Values(
        DecodeCase{"int", R"({"RecordType":40})", "RecordType", "int(40)"},
        DecodeCase{"int_from_text", R"({"RecordType":"40"})", "RecordType", "int(40)"},
        DecodeCase{"int_from_whole_real", R"({"RecordType":40.0})", "RecordType", "int(40)"},
        DecodeCase{
            "int_too_large_is_null", R"({"RecordType":4000000000})", "RecordType", "int(null)"},
        DecodeCase{"misfit_is_kept",
                   R"({"RecordType":"Forty"})",
                   all,
                   R"(dynamic({"RecordType":"Forty"}))"},
        DecodeCase{"missing_int_is_null", "{}", "RecordType", "int(null)"},
        DecodeCase{"missing_string_is_empty", "{}", "Operation", "\"\""},
        DecodeCase{"null_string_is_empty", R"({"Operation":null})", "Operation", "\"\""},
        DecodeCase{"string_from_number", R"({"UserKey":17})", "UserKey", "\"17\""},
        DecodeCase{"string_from_object", R"({"Data":{ "a" : 1 }})", "Data", R"("{\"a\":1}")"},
        DecodeCase{"escapes_are_read", R"({"Name":"a\/b\u200B"})", "Name", "\"a/b\xE2\x80\x8B\""},
        DecodeCase{"datetime_without_zone",
                   R"({"CreationTime":"2026-01-02T03:04:05"})",
                   "CreationTime",
                   "datetime(2026-01-02T03:04:05.0000000Z)"},
        DecodeCase{"datetime_with_zone_and_seven_digits",
                   R"({"CreationTime":"2026-01-02T03:04:05.1234567Z"})",
                   "CreationTime",
                   "datetime(2026-01-02T03:04:05.1234567Z)"},
        DecodeCase{"year_one_is_no_time",
                   R"({"CreationTime":"0001-01-01T00:00:00"})",
                   "CreationTime",
                   "datetime(null)"},
        DecodeCase{"no_datetime_is_kept",
                   R"({"CreationTime":"soon"})",
                   all,
                   R"(dynamic({"CreationTime":"soon"}))"},
        DecodeCase{
            "dynamic", R"({"Actions":[ 1, {"a" :2} ]})", "Actions", R"(dynamic([1,{"a":2}]))"},
        DecodeCase{
            "dynamic_from_json_text", R"({"Actions":"[\"x\"]"})", "Actions", R"(dynamic(["x"]))"},
        DecodeCase{"dynamic_from_other_text", R"({"Actions":"x"})", "Actions", R"(dynamic("x"))"},
        DecodeCase{"unknown_keys_are_kept",
                   R"({"Id":"1","Zzz":[1],"Yyy":"\/"})",
                   all,
                   R"(dynamic({"Zzz":[1],"Yyy":"/"}))"},
        DecodeCase{"nothing_unknown_is_null", R"({"Id":"1"})", all, "dynamic(null)"},
        DecodeCase{"last_of_equal_keys_counts", R"({"Id":"1","Id":"2"})", "Id", "\"2\""},
        DecodeCase{"case_matters",
                   R"({"SenderIP":"203.0.113.1","SenderIp":"203.0.113.2"})",
                   "SenderIP",
                   "\"203.0.113.1\""},
        DecodeCase{"no_object_has_nothing", "[1]", "Id", "\"\""},
        DecodeCase{"no_json_has_nothing", "{\"Id\":", "Id", "\"\""}),
    [](const auto& c) { return c.param.name; });

} // namespace
} // namespace sluice::store
