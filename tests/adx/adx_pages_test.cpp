// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "adx_scene.hpp"
#include "kusto/paging.hpp"

namespace sluice {
namespace {

/// Adds up what comes, and sees whether it comes in order.
class Rows final : public kusto::AnswerSink {
public:
  auto begin(const kql::Schema& given) -> Result<> override {
    ++begun;
    for (const auto& column : given.columns) {
      columns.push_back(column.name);
    }
    return {};
  }
  auto row(std::span<const kql::Value> values) -> Result<> override {
    const auto value = values.front().as_integer();
    in_order = in_order && value > last;
    last = value;
    sum += value;
    ++count;
    return {};
  }

  int begun = 0;
  std::vector<std::string> columns;
  std::int64_t count = 0, sum = 0, last = 0;
  bool in_order = true;
};

class PagedQueries : public AdxScene {
protected:
  auto paged(const std::string& text,
             std::uint64_t page_rows,
             kusto::Cluster::Options options = {},
             std::uint64_t max_rows = 0) -> Result<Rows*> {
    auto cluster = kusto::Cluster::create(endpoint_->url(), client_, nullptr, options);
    rows_ = std::make_unique<Rows>();
    TRY_DO(kusto::ask_in_pages(*cluster,
                               {.database = "sluice", .text = text, .max_rows = max_rows},
                               page_rows,
                               *rows_,
                               {}));
    return rows_.get();
  }

private:
  std::unique_ptr<Rows> rows_;
};

TEST_F(PagedQueries, a_million_and_more_rows_come_back_whole_and_in_order) {
  constexpr std::int64_t all = 1'200'000;
  const auto rows = paged(fmt::format("range x from 1 to {} step 1", all), 500'000);
  ASSERT_TRUE(rows) << rows.error().message();
  EXPECT_EQ((*rows)->count, all);
  EXPECT_EQ((*rows)->sum, all * (all + 1) / 2);
  EXPECT_TRUE((*rows)->in_order);
  EXPECT_EQ((*rows)->begun, 1);
  EXPECT_EQ((*rows)->columns, std::vector<std::string>{"x"});
  EXPECT_EQ(client_.count("between"), 3);
}

TEST_F(PagedQueries, a_page_that_is_too_large_comes_in_smaller_ones) {
  const auto text = std::string{"range x from 1 to 2000 step 1 | extend s = strrep('a', 100)"};
  const auto rows = paged(text, 2'000, {.max_answer_bytes = 50'000});
  ASSERT_TRUE(rows) << rows.error().message();
  EXPECT_EQ((*rows)->sum, 2'001'000);
  EXPECT_EQ((*rows)->begun, 1);
  EXPECT_EQ(paged(text, 2'000, {.max_answer_bytes = 10}).error().code(), kusto::Cluster::too_large);
}

TEST_F(PagedQueries, nothing_is_left_of_a_result_nor_shown_in_the_meantime) {
  ask(".create table T (a: long)");
  ask(".set stored_query_result Mine <| print 42");
  EXPECT_EQ(ask(".show stored_query_results | count"), 1);
  EXPECT_EQ(ask(".show tables | where TableName has 'Mine' | count"), 0);
  EXPECT_EQ(ask("stored_query_result('Mine') | count"), 1);
  ask(".set-or-replace stored_query_result Mine with (expiresAfter = 1h) <| T");
  EXPECT_EQ(ask("stored_query_result('Mine') | count"), 0);
  ask(".drop stored_query_result Mine");
  ASSERT_TRUE(paged("range x from 1 to 10 step 1", 3));
  EXPECT_EQ(ask(".show stored_query_results | count"), 0);
}

TEST_F(PagedQueries, an_empty_result_has_columns_and_a_limit_is_kept) {
  const auto none = paged("range x from 1 to 10 step 1 | where x > 10", 3);
  ASSERT_TRUE(none) << none.error().message();
  EXPECT_EQ((*none)->begun, 1);
  EXPECT_EQ((*none)->count, 0);
  const auto some = paged("range x from 1 to 10 step 1 | render table", 3, {}, 4);
  ASSERT_TRUE(some) << some.error().message();
  EXPECT_EQ((*some)->last, 4);
}

TEST_F(PagedQueries, what_cannot_come_in_pages_says_so) {
  EXPECT_EQ(paged(" .show tables", 3).error().kind(), ErrorKind::invalid_input);
  EXPECT_THAT(paged("Nowhere | count", 3).error().message(), testing::HasSubstr("Nowhere"));
  client_.faults = {{.part = "between (4", .status = 400, .body = "{}", .times = 9}};
  EXPECT_FALSE(paged("range x from 1 to 10 step 1", 3));
  EXPECT_EQ(ask(".show stored_query_results | count"), 0) << "forgotten all the same";
}

} // namespace
} // namespace sluice
