// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <gtest/gtest.h>

#include "endpoint/result_writer.hpp"

namespace sluice::endpoint {
namespace {

auto written(ResultForm form, int rows, const Completion& completion) -> std::string {
  std::string text;
  const auto writer = make_result_writer(
      form,
      [&text](std::string&& piece) -> Result<> {
        text += piece;
        return {};
      },
      0);
  EXPECT_TRUE(writer->begin({{{"x", kql::Type::int64}}}));
  for (int i = 0; i < rows; ++i) {
    EXPECT_TRUE(writer->row(std::array{kql::Value::int64(i)}));
  }
  EXPECT_TRUE(writer->finish(completion));
  return text;
}

auto failed(bool deferred) -> Completion {
  return {.now = {},
          .client_request_id = "c",
          .activity_id = "a",
          .failure = Error{ErrorKind::invalid_input, "too many"},
          .deferred = deferred};
}

TEST(ResultWriter, a_partial_failure_stands_among_the_rows_and_at_the_end) {
  const auto text = written(ResultForm::v2, 1, failed(false));
  EXPECT_NE(text.find(R"("Rows":[[0],{"OneApiErrors":[{"error":{"code":)"), std::string::npos);
  EXPECT_NE(text.find(R"("HasErrors":true)"), std::string::npos);
  EXPECT_EQ(text.find("QueryCompletionInformation"), std::string::npos);
}

TEST(ResultWriter, a_deferred_failure_stands_behind_the_rows) {
  const auto text = written(ResultForm::v2, 1, failed(true));
  EXPECT_NE(text.find(R"("Rows":[[0]]})"), std::string::npos);
  EXPECT_NE(text.find(R"(2,"Error",-2133196797)"), std::string::npos);
  EXPECT_NE(text.find(R"("HasErrors":false)"), std::string::npos);
}

TEST(ResultWriter, the_first_protocol_tells_a_failure_twice) {
  const auto text = written(ResultForm::v1, 0, failed(false));
  EXPECT_NE(text.find(R"("Rows":[{"Exceptions":["too many"]}])"), std::string::npos);
  EXPECT_TRUE(text.ends_with(R"("Exceptions":["too many"]})"));
}

TEST(ResultWriter, rows_beyond_the_bound_are_refused_and_left_out) {
  std::string text;
  const auto writer = make_result_writer(
      ResultForm::v1_command,
      [&text](std::string&& piece) -> Result<> {
        text += piece;
        return {};
      },
      8);
  ASSERT_TRUE(writer->begin({{{"x", kql::Type::int64}}}));
  EXPECT_TRUE(writer->row(std::array{kql::Value::int64(1)}));
  EXPECT_FALSE(writer->row(std::array{kql::Value::int64(1'000'000)}));
  ASSERT_TRUE(writer->finish({}));
  EXPECT_TRUE(text.ends_with(R"("Rows":[[1]]}]})"));
}

} // namespace
} // namespace sluice::endpoint
