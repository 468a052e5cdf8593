// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include <gmock/gmock.h>

#include "identity/program_output.hpp"

namespace sluice::identity {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(ProgramOutput, another_program_does_not_see_what_proves_who_we_are) {
  ::setenv("IDENTITY_HEADER", "canary-of-the-platform", 1);
  ::setenv("SLUICE_TEST_VARIABLE", "seen", 1);
  const auto output = program_output({"env"}, std::chrono::seconds{20}, {});
  ::unsetenv("IDENTITY_HEADER");
  ::unsetenv("SLUICE_TEST_VARIABLE");
  ASSERT_TRUE(output) << output.error().message();
  EXPECT_THAT(std::string{output->reveal()},
              AllOf(HasSubstr("SLUICE_TEST_VARIABLE=seen"),
                    HasSubstr("PATH="),
                    Not(HasSubstr("canary-of-the-platform"))));
}

TEST(ProgramOutput, a_program_that_fails_or_is_not_there_is_told) {
  for (const auto* program : {"false", "/nonexistent/program"}) {
    const auto output = program_output({program}, std::chrono::seconds{20}, {});
    ASSERT_FALSE(output);
    EXPECT_EQ(output.error().kind(), ErrorKind::unavailable);
  }
}

} // namespace
} // namespace sluice::identity
