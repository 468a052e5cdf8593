// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "azure/storage_error.hpp"

namespace sluice::azure {
namespace {

struct Refusal {
  int status;
  std::string code;
  ErrorKind kind;
  bool conflict = false;
};

TEST(StorageErrorTest, code_and_status_become_what_to_do_next) {
  const auto now = parse_iso8601("2026-07-13T10:00:00Z").value();
  for (const auto& row : {Refusal{404, "BlobNotFound", ErrorKind::gone},
                          Refusal{404, "PopReceiptMismatch", ErrorKind::gone},
                          Refusal{400, "PopReceiptMismatch", ErrorKind::gone},
                          Refusal{403, "AuthenticationFailed", ErrorKind::unauthorized},
                          Refusal{401, "InvalidAuthenticationInfo", ErrorKind::unauthorized},
                          Refusal{403, "AuthorizationPermissionMismatch", ErrorKind::forbidden},
                          Refusal{403, "", ErrorKind::forbidden},
                          Refusal{409, "ContainerBeingDeleted", ErrorKind::unavailable},
                          Refusal{409, "LeaseAlreadyPresent", ErrorKind::invalid_input, true},
                          Refusal{412, "ConditionNotMet", ErrorKind::invalid_input, true},
                          Refusal{400, "Md5Mismatch", ErrorKind::unavailable},
                          Refusal{413, "RequestBodyTooLarge", ErrorKind::invalid_input},
                          Refusal{429, "", ErrorKind::throttled},
                          Refusal{503, "ServerBusy", ErrorKind::throttled},
                          Refusal{500, "InternalError", ErrorKind::unavailable},
                          Refusal{302, "", ErrorKind::malformed}}) {
    http::Response response{{row.status, {}}, {}};
    if (!row.code.empty()) {
      response.head.headers.add("x-ms-error-code", row.code);
    }
    const auto error = storage_error(response, now);
    EXPECT_EQ(error.kind(), row.kind) << row.status << " " << row.code;
    EXPECT_EQ(error.code(), row.code);
    EXPECT_EQ(is_conflict(error), row.conflict) << row.code;
  }
}

TEST(StorageErrorTest, reads_the_bodies_of_all_three_services) {
  const auto now = parse_iso8601("2026-07-13T10:00:00Z").value();
  const auto of = [&](std::string body) {
    return storage_error({{403, {{"Retry-After", "3"}}}, std::move(body)}, now);
  };
  const auto xml = of("\xEF\xBB\xBF<?xml version=\"1.0\"?><Error><Code>AuthenticationFailed</Code>"
                      "<Message>Server failed.\nRequestId:1</Message>"
                      "<AuthenticationErrorDetail>sig abc</AuthenticationErrorDetail></Error>");
  EXPECT_EQ(xml.code(), "AuthenticationFailed");
  EXPECT_EQ(xml.message(), "storage answered HTTP 403 AuthenticationFailed: Server failed.");
  EXPECT_EQ(xml.retry_after(), std::chrono::seconds{3});
  const auto json = of(R"({"odata.error":{"code":"EntityAlreadyExists",)"
                       R"("message":{"lang":"en-US","value":"It is there.\nTime:2"}}})");
  EXPECT_EQ(json.code(), "EntityAlreadyExists");
  EXPECT_EQ(json.message(), "storage answered HTTP 403 EntityAlreadyExists: It is there.");
  for (const auto* nonsense : {"", "<", "{", "<html>busy</html>", "\xFF\xFE"}) {
    EXPECT_EQ(of(nonsense).message(), "storage answered HTTP 403") << nonsense;
  }
}

} // namespace
} // namespace sluice::azure
