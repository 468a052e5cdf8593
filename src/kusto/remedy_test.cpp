// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "kusto/remedy.hpp"

namespace sluice::kusto {
namespace {

TEST(RemedyTest, every_kind_of_failure_has_its_remedy) {
  struct Case {
    const char* code;
    ErrorKind kind;
    Remedy remedy;
  };
  for (const auto& [code, kind, remedy] : {
           Case{"General_ThrottledIngestion", ErrorKind::invalid_input, Remedy::retry},
           Case{"Download_Forbidden", ErrorKind::forbidden, Remedy::retry},
           Case{"BadRequest_InvalidBlob", ErrorKind::invalid_input, Remedy::split},
           Case{"BadRequest_EmptyBlob", ErrorKind::invalid_input, Remedy::dead_letter},
           Case{"BadRequest_MappingReferenceWasNotFound", ErrorKind::invalid_input, Remedy::stop},
           Case{"BadRequest_NotYetKnown", ErrorKind::invalid_input, Remedy::stop},
           Case{"General_BadRequest", ErrorKind::unavailable, Remedy::retry},
           Case{"", ErrorKind::unavailable, Remedy::retry},
           Case{"", ErrorKind::throttled, Remedy::retry},
           Case{"", ErrorKind::forbidden, Remedy::stop},
       }) {
    EXPECT_EQ(remedy_for(Error{kind, "refused"}.with_code(code)), remedy) << code;
  }
}

} // namespace
} // namespace sluice::kusto
