// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include <gtest/gtest.h>

#include "endpoint/query_request.hpp"

namespace sluice::endpoint {
namespace {

using namespace std::chrono_literals;

auto posted(std::string body) -> Result<QueryRequest> {
  http::ServerRequest request;
  request.method = "POST";
  request.body = std::move(body);
  return parse_query_request(request);
}

TEST(QueryRequest, takes_properties_as_an_object_and_as_a_text) {
  for (
      const auto* properties :
      {R"({"Options":{"servertimeout":"00:00:30","truncationmaxrecords":7},"Parameters":{"n":5}})",
       R"("{\"Options\":{\"servertimeout\":\"0:00:30\",\"truncationmaxrecords\":7},\"Parameters\":{\"n\":5}}")"}) {
    const auto request =
        posted(std::string{R"({"db":"d","csl":"T","properties":)"} + properties + "}");
    ASSERT_TRUE(request);
    EXPECT_EQ(request->database, "d");
    EXPECT_EQ(request->timeout, 30s);
    EXPECT_EQ(request->max_rows, 7U);
    ASSERT_EQ(request->parameters.size(), 1U);
    EXPECT_EQ(request->parameters.front().second, "5");
  }
}

TEST(QueryRequest, a_timeout_is_an_hour_at_most) {
  EXPECT_EQ(
      posted(R"({"csl":"T","properties":{"Options":{"servertimeout":"1 day, 0:00:00"}}})")->timeout,
      1h);
}

TEST(QueryRequest, no_truncation_has_the_last_word) {
  const auto request = posted(
      R"({"csl":"T","properties":{"Options":{"notruncation":true,"truncationmaxrecords":1}}})");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->max_rows, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(request->max_bytes, 0U);
}

TEST(QueryRequest, what_is_no_request_is_refused) {
  for (const auto* body :
       {"", "[]", "{", "{\"db\":\"d\"}", "{\"csl\":1}", "{\"csl\":\"T\",\"properties\":\"{\"}"}) {
    EXPECT_FALSE(posted(body)) << body;
  }
}

} // namespace
} // namespace sluice::endpoint
