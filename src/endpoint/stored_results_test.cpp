// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "endpoint/stored_results.hpp"

namespace sluice::endpoint {
namespace {

TEST(StoredResultsTest, a_query_reads_the_table_of_a_result) {
  struct Case {
    const char* query;
    const char* read;
  };
  for (const auto& [query, read] :
       {Case{R"(stored_query_result("a b") | count)", R"(["__stored_query_result/a b"] | count)"},
        Case{R"(print 1 | union (stored_query_result ( 'x' )) , T)",
             R"(print 1 | union (["__stored_query_result/x"]) , T)"}}) {
    EXPECT_EQ(with_stored_results(query).value_or("nothing"), read) << query;
  }
}

TEST(StoredResultsTest, what_only_looks_like_one_is_left) {
  for (const auto* query : {"print 'stored_query_result(\"a\")'",
                            "// stored_query_result('a')\nprint 1",
                            "let stored_query_result = 1; print stored_query_result",
                            "stored_query_result(a)",
                            "stored_query_result(",
                            "print 1"}) {
    EXPECT_EQ(with_stored_results(query), std::nullopt) << query;
  }
}

} // namespace
} // namespace sluice::endpoint
