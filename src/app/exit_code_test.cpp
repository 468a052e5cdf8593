// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "app/exit_code.hpp"

namespace sluice::app {
namespace {

struct Case {
  ErrorKind kind;
  ExitCode code;
};

class ExitCodes : public testing::TestWithParam<Case> {};

TEST_P(ExitCodes, tell_the_caller_what_to_do) {
  EXPECT_EQ(exit_code_for(GetParam().kind), GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(Table,
                         ExitCodes,
                         testing::Values(Case{ErrorKind::invalid_input, ExitCode::usage},
                                         Case{ErrorKind::unauthorized, ExitCode::no_permission},
                                         Case{ErrorKind::forbidden, ExitCode::no_permission},
                                         Case{ErrorKind::unavailable, ExitCode::unavailable},
                                         Case{ErrorKind::throttled, ExitCode::try_later},
                                         Case{ErrorKind::cancelled, ExitCode::try_later},
                                         Case{ErrorKind::storage, ExitCode::io_error},
                                         Case{ErrorKind::corrupt, ExitCode::internal}));

TEST(Report, shows_hint_and_code_without_secrets_or_control_characters) {
  testing::internal::CaptureStderr();
  const auto code = report(Error{ErrorKind::unauthorized, "refused\x1b[2J"}
                               .with_code("AADSTS7000215")
                               .with_hint("renew the secret"));
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "error: refused\\u001b[2J [AADSTS7000215]\nhint: renew the secret\n");
  EXPECT_EQ(code, ExitCode::no_permission);
}

} // namespace
} // namespace sluice::app
