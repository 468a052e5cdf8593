// SPDX-License-Identifier: Apache-2.0
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
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
    TRY_DO(kusto::ask_in_pages(
        *cluster,
        {.database = "sluice", .text = text, .parameters = parameters_, .max_rows = max_rows},
        page_rows,
        *rows_,
        stop_.get_token()));
    return rows_.get();
  }
  auto results_left() -> std::int64_t { return ask(".show stored_query_results | count"); }

  std::vector<std::pair<std::string, std::string>> parameters_;
  std::stop_source stop_;

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

TEST_F(PagedQueries, a_hundred_results_are_kept_at_a_time_and_one_may_take_the_place_of_another) {
  for (int i = 0; i < 100; ++i) {
    ask(fmt::format(".set stored_query_result R{} <| print x = {}", i, i));
  }
  const auto more = paged("print 1", 3);
  ASSERT_FALSE(more);
  EXPECT_THAT(more.error().message(), testing::HasSubstr("too many stored results"));
  ask(".set-or-replace stored_query_result R7 <| print x = 77");
  EXPECT_EQ(ask("stored_query_result('R7')"), 77);
  ask(".drop stored_query_result R8");
  EXPECT_TRUE(paged("print 1", 3));
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

TEST_F(PagedQueries, parameters_have_their_values_in_pages_too) {
  parameters_ = {{"least", "4"}, {"text", "it's; | count"}};
  const auto rows = paged("declare query_parameters(least: long, text: string, step: long = 2);"
                          "range x from 1 to 10 step step | where x > least and strlen(text) == 13",
                          2);
  ASSERT_TRUE(rows) << rows.error().message();
  EXPECT_EQ((*rows)->sum, 5 + 7 + 9);
  EXPECT_EQ(client_.count("between"), 2);
  EXPECT_THAT(paged("declare query_parameters(other: long); print other", 2).error().message(),
              testing::HasSubstr("`other` has no value"));
}

TEST_F(PagedQueries, who_leaves_in_the_midst_leaves_no_result) {
  client_.watcher = [this](const std::string& line) {
    if (line.find("between (4") != std::string::npos) {
      stop_.request_stop();
    }
  };
  EXPECT_EQ(paged("range x from 1 to 10 step 1", 3).error().kind(), ErrorKind::cancelled);
  EXPECT_EQ(results_left(), 0);
}

TEST_F(PagedQueries, who_leaves_while_the_result_is_made_stops_the_making) {
  const std::jthread leaver{[this] {
    while (client_.count(".set stored_query_result") == 0) {
      clock_.wait(milliseconds{5}, {});
    }
    clock_.wait(milliseconds{300}, {});
    stop_.request_stop();
  }};
  const auto began = clock_.steady();
  EXPECT_EQ(paged("range x from 1 to 1000000 step 1 | extend k = 1 | join kind=inner (range y from "
                  "1 to 1000000 step 1 | extend k = 1) on k | count",
                  3)
                .error()
                .kind(),
            ErrorKind::cancelled);
  EXPECT_EQ(results_left(), 0);
  EXPECT_LT(clock_.steady() - began, std::chrono::minutes{1});
}

TEST_F(PagedQueries, a_result_whose_making_was_not_answered_is_forgotten) {
  client_.faults = {{.part = ".set stored_query_result"}};
  EXPECT_EQ(paged("range x from 1 to 10 step 1", 3).error().kind(), ErrorKind::unavailable);
  EXPECT_EQ(results_left(), 0);
}

TEST_F(PagedQueries, what_cannot_come_in_pages_says_so) {
  EXPECT_EQ(paged(" .show tables", 3).error().kind(), ErrorKind::invalid_input);
  EXPECT_THAT(paged("Nowhere | count", 3).error().message(), testing::HasSubstr("Nowhere"));
  client_.faults = {{.part = "between (4", .status = 400, .body = "{}", .times = 9}};
  EXPECT_FALSE(paged("range x from 1 to 10 step 1", 3));
  EXPECT_EQ(results_left(), 0) << "forgotten all the same";
}

} // namespace
} // namespace sluice
