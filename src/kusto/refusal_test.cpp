// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "kusto/refusal.hpp"

namespace sluice::kusto {
namespace {

struct RefusalCase {
  const char* name;
  int status;
  const char* body;
  ErrorKind kind;
  const char* code;
};

class Refusal : public testing::TestWithParam<RefusalCase> {};

TEST_P(Refusal, says_what_to_do_next) {
  const auto error = to_error(http::Response{{GetParam().status, {}}, GetParam().body});
  EXPECT_EQ(error.kind(), GetParam().kind) << name_of(error.kind());
  EXPECT_EQ(error.code(), GetParam().code);
  EXPECT_FALSE(error.message().empty());
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    Refusal,
    testing::Values(
        RefusalCase{"permanent",
                    400,
                    R"({"error":{"code":"General_BadRequest","@message":"no","@permanent":true}})",
                    ErrorKind::invalid_input,
                    "General_BadRequest"},
        RefusalCase{
            "not_permanent",
            400,
            R"({"error":{"code":"General_BadRequest","@message":"busy","@permanent":false}})",
            ErrorKind::unavailable,
            "General_BadRequest"},
        RefusalCase{"transient_by_its_code",
                    400,
                    R"({"error":{"code":"Download_UnknownError"}})",
                    ErrorKind::unavailable,
                    "Download_UnknownError"},
        RefusalCase{"final_by_its_code",
                    520,
                    R"({"error":{"code":"BadRequest_TableNotExist"}})",
                    ErrorKind::invalid_input,
                    "BadRequest_TableNotExist"},
        RefusalCase{"throttled", 429, "", ErrorKind::throttled, ""},
        RefusalCase{"token_refused", 401, "", ErrorKind::unauthorized, ""},
        RefusalCase{"no_right",
                    403,
                    R"({"error":{"code":"Forbidden"}})",
                    ErrorKind::forbidden,
                    "Forbidden"},
        RefusalCase{"no_cluster", 404, "", ErrorKind::gone, ""},
        RefusalCase{"server_down", 503, "<html>", ErrorKind::unavailable, ""}),
    [](const auto& c) { return std::string{c.param.name}; });

} // namespace
} // namespace sluice::kusto
