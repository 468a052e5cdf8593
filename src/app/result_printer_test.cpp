// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdlib>
#include <vector>

#include <gtest/gtest.h>

#include "app/result_printer.hpp"

namespace sluice::app {
namespace {

using kql::Type;
using kql::Value;

/// What a printer writes for two columns and the given rows.
auto printed(std::string_view format,
             const std::vector<std::array<Value, 2>>& rows,
             TableLayout layout = {}) -> std::string {
  char* text = nullptr;
  std::size_t size = 0;
  auto* out = ::open_memstream(&text, &size);
  const auto printer = make_result_printer(format, out, layout);
  printer->begin({{{"Name", Type::string}, {"Count", Type::int64}}});
  for (const auto& row : rows) {
    printer->row(row);
  }
  printer->end();
  std::fclose(out);
  std::string result{text, size};
  std::free(text);
  return result;
}

TEST(ResultPrinter, ndjson_has_an_object_a_line) {
  EXPECT_EQ(printed("ndjson", {{Value::string("a\"b"), Value::int64(1)}}),
            "{\"Name\":\"a\\\"b\",\"Count\":1}\n");
}

TEST(ResultPrinter, a_chart_has_a_bar_for_each_row) {
  EXPECT_EQ(
      printed("chart",
              {{Value::string("mail\x1b"), Value::int64(4)},
               {Value::string("url"), Value::int64(3)},
               {Value::string(""), Value::null(Type::int64)}},
              {.width = 36}),
      "Count\nmail\\u001b ████████████████████ 4\nurl        ███████████████ 3\n            \n");
}

TEST(ResultPrinter, json_is_one_array_even_without_rows) {
  EXPECT_EQ(printed("json", {}), "[]\n");
}

TEST(ResultPrinter, csv_quotes_where_needed_and_defuses_formulas) {
  EXPECT_EQ(printed("csv",
                    {{Value::string("a,\"b\""), Value::int64(-1)},
                     {Value::string("=cmd()"), Value::null(Type::int64)}}),
            "Name,Count\r\n\"a,\"\"b\"\"\",-1\r\n'=cmd(),\r\n");
}

TEST(ResultPrinter, kusto_v1_names_both_kinds_of_type) {
  EXPECT_TRUE(printed("kusto-v1", {{Value::string("x"), Value::int64(1)}})
                  .starts_with(R"({"Tables":[{"TableName":"Table_0","Columns":[)"
                               R"({"ColumnName":"Name","DataType":"String","ColumnType":"string"},)"
                               R"({"ColumnName":"Count","DataType":"Int64","ColumnType":"long"}],)"
                               R"("Rows":[["x",1]]},)"));
}

TEST(ResultPrinter, a_table_shortens_the_widest_cells_until_it_fits) {
  EXPECT_EQ(printed("table",
                    {{Value::string("a long cell in a narrow table"), Value::int64(7)}},
                    {.width = 20, .widest_cell = 48}),
            "Name           Count\n"
            "-------------  -----\n"
            "a long cell …      7\n"
            "(1 row)\n");
}

TEST(ResultPrinter, a_table_lets_no_control_character_through) {
  const auto text = printed("table", {{Value::string("\x1b[2J\nx"), Value::int64(7)}});
  EXPECT_NE(text.find("\\u001b[2J\\nx"), std::string::npos);
}

TEST(ResultPrinter, unknown_formats_have_no_printer) {
  EXPECT_EQ(make_result_printer("xml", stdout, {}), nullptr);
}

} // namespace
} // namespace sluice::app
