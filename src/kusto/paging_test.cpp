// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "kusto/paging.hpp"

namespace sluice::kusto {
namespace {

TEST(PagingTest, the_rows_of_the_last_statement_are_numbered) {
  struct Case {
    const char* query;
    const char* kept; ///< What stands before the number.
  };
  for (const auto& [query, kept] :
       {Case{"T | take 5", "T | take 5"},
        Case{"let x = 1; T | where a == x;  ", "let x = 1; T | where a == x"},
        Case{"T // all of it", "T"},
        Case{"T | count | render piechart with (title='a')", "T | count"},
        Case{"T | where a has '| render'", "T | where a has '| render'"}}) {
    EXPECT_EQ(numbered_query(query),
              std::string{kept} + "\n| serialize SluiceRowNumber = row_number()")
        << query;
  }
}

} // namespace
} // namespace sluice::kusto
