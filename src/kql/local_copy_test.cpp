// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "kql/compile.hpp"
#include "kql/conversion.hpp"
#include "kql/local_copy.hpp"

namespace sluice::kql {
namespace {

const Schema columns{{{"Name", Type::string}, {"Size", Type::int64}, {"Tags", Type::dynamic}}};

struct FileCase {
  std::string name;
  std::string text;
  FileFormat format;
  std::string rows; ///< Cells by `|`, rows by `;`.
};

class LocalCopy : public testing::TestWithParam<FileCase> {};

TEST_P(LocalCopy, gives_the_rows_of_its_format) {
  const auto rows = read_rows(GetParam().text, columns, GetParam().format);
  ASSERT_TRUE(rows) << rows.error().message();
  std::string text;
  for (const auto& row : *rows) {
    for (const auto& value : row) {
      text += (value.is_null() ? "null" : to_text(value)) + "|";
    }
    text += ";";
  }
  EXPECT_EQ(text, GetParam().rows);
}

INSTANTIATE_TEST_SUITE_P(
    Formats,
    LocalCopy,
    testing::Values(
        FileCase{"csv", "a,1,[2]\r\nb,x\n", {"csv"}, "a|1|[2]|;b|null|null|;"},
        FileCase{"csv_with_a_header", "Name,Size\na,1\n", {"csv", true}, "a|1|null|;"},
        FileCase{"quoted_fields", "\"a \"\"b\"\",\nc\",2\n", {""}, "a \"b\",\nc|2|null|;"},
        FileCase{"tabs", "a\t7\n\nb\t8", {"tsv"}, "a|7|null|;b|8|null|;"},
        FileCase{"lines", "a,b\nc\n", {"txt"}, "a,b|null|null|;c|null|null|;"},
        FileCase{
            "json_lines", "{\"Size\":3}\n{\"Name\":\"n\"}\n", {"json"}, "|3|null|;n|null|null|;"},
        FileCase{"json_array",
                 "[{\"Name\":\"n\",\"Tags\":{\"a\":1}}]",
                 {"multijson"},
                 "n|null|{\"a\":1}|;"},
        FileCase{"nothing", "", {"csv", true}, ""}),
    [](const auto& row) { return row.param.name; });

TEST(LocalCopy, refuses_what_it_does_not_know) {
  EXPECT_FALSE(read_rows("x", columns, {"parquet"}));
  EXPECT_FALSE(read_rows("{", columns, {"json"}));
}

TEST(LocalCopy, is_asked_for_what_a_query_names) {
  std::vector<std::string> asked;
  const LocalCopies copies = [&asked](std::string_view address) -> std::optional<std::string> {
    asked.emplace_back(address);
    return "User,SearchKey\nann,1\n";
  };
  const CompileOptions options{.local_copies = copies};
  EXPECT_TRUE(compile_query("externaldata(a: string)['https://example.com/a.csv'] | where a == ''",
                            EmptyCatalog{},
                            options));
  const auto plan = compile_query("_GetWatchlist('vips')", EmptyCatalog{}, options);
  ASSERT_TRUE(plan);
  EXPECT_EQ(to_text(plan->output), "(User:string, SearchKey:string)");
  EXPECT_EQ(asked, (std::vector<std::string>{"https://example.com/a.csv", "watchlist:vips"}));
}

TEST(LocalCopy, is_missed_by_name) {
  for (const auto* query : {"externaldata(a: string)[h@'https://example.com/a.csv']",
                            "_GetWatchlist('vips') | count"}) {
    const auto plan = compile_query(query, EmptyCatalog{}, {});
    ASSERT_FALSE(plan) << query;
    EXPECT_EQ(plan.error().front().code, Code::no_local_copy);
  }
}

} // namespace
} // namespace sluice::kql
