// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include <gtest/gtest.h>

#include "endpoint/cell_text.hpp"

namespace sluice::endpoint {
namespace {

using kql::Type;
using kql::Value;

struct Case {
  const char* name;
  Value value;
  const char* plain;
  const char* json;
};

class CellText : public testing::TestWithParam<Case> {};

TEST_P(CellText, is_as_the_table_says) {
  EXPECT_EQ(to_plain_text(GetParam().value), GetParam().plain);
  EXPECT_EQ(to_json(GetParam().value), GetParam().json);
}

auto time(const char* iso) -> Value {
  return Value::datetime(*parse_iso8601(iso));
}

constexpr auto infinity = std::numeric_limits<double>::infinity();
constexpr std::int64_t hour = 36'000'000'000;

INSTANTIATE_TEST_SUITE_P(
    Table,
    CellText,
    testing::Values(
        Case{"boolean", Value::boolean(true), "True", "true"},
        Case{"int", Value::int32(-7), "-7", "-7"},
        Case{"long",
             Value::int64(std::numeric_limits<std::int64_t>::min()),
             "-9223372036854775808",
             "-9223372036854775808"},
        Case{"whole_real", Value::real(2), "2.0", "2.0"},
        Case{"real", Value::real(0.1), "0.1", "0.1"},
        Case{"big_real", Value::real(1e300), "1e+300", "1e+300"},
        Case{"infinity", Value::real(infinity), "Infinity", R"("Infinity")"},
        Case{"minus_infinity", Value::real(-infinity), "-Infinity", R"("-Infinity")"},
        Case{"nan", Value::real(std::numeric_limits<double>::quiet_NaN()), "NaN", R"("NaN")"},
        Case{"datetime",
             time("2026-07-13T08:08:25.1234567Z"),
             "2026-07-13T08:08:25.1234567Z",
             R"("2026-07-13T08:08:25.1234567Z")"},
        Case{"first_datetime",
             time("0001-01-01T00:00:00Z"),
             "0001-01-01T00:00:00.0000000Z",
             R"("0001-01-01T00:00:00.0000000Z")"},
        Case{"timespan", Value::timespan(Ticks{hour}), "01:00:00", R"("01:00:00")"},
        Case{"long_timespan",
             Value::timespan(Ticks{-(49 * hour + 1)}),
             "-2.01:00:00.0000001",
             R"("-2.01:00:00.0000001")"},
        Case{"least_timespan",
             Value::timespan(Ticks::min()),
             "-10675199.02:48:05.4775808",
             R"("-10675199.02:48:05.4775808")"},
        Case{"string", Value::string("a\"\x1b"), "a\"\x1b", R"("a\"\u001b")"},
        Case{"dynamic", Value::dynamic(R"({"a":[1]})"), R"({"a":[1]})", R"({"a":[1]})"},
        Case{"null_long", Value::null(Type::int64), "", "null"},
        Case{"null_dynamic", Value{}, "", "null"},
        Case{"empty_string", Value::null(Type::string), "", R"("")"},
        Case{"absent_string", Value::absent(Type::string), "", R"("")"}),
    [](const auto& row) { return std::string{row.param.name}; });

} // namespace
} // namespace sluice::endpoint
