// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "azure/blob_container.hpp"
#include "azure/renewing_authorization.hpp"
#include "identity/scripted_client.hpp"

namespace sluice::azure {
namespace {

using namespace std::chrono_literals;

/// A container, and a place that holds the signature for it.
class RenewingAuthorizationTest : public testing::Test {
protected:
  auto container() -> BlobContainer {
    auto secret = identity::RenewedSecret::create(
        [this](const std::stop_token&) -> Result<Secret> { return Secret{std::string{held_}}; },
        clock_);
    const auto make = [](const Secret& read) -> Result<std::shared_ptr<Authorization>> {
      if (read.reveal() == "nonsense") {
        return Error{ErrorKind::invalid_input, "no signature"};
      }
      return shared_access_signature(read);
    };
    return BlobContainer{
        StorageResource{client_,
                        clock_,
                        StorageService::blob,
                        http::Url::parse("https://acc.blob.core.windows.net/box").value(),
                        renewing_authorization(*std::move(secret), make, clock_).value()}};
  }
  void answer(std::initializer_list<int> statuses) {
    for (const auto status : statuses) {
      client_.replies.push_back({{status,
                                  {{"x-ms-error-code", status == 403 ? "AuthenticationFailed" : ""},
                                   {"Content-Length", "0"}}},
                                 {}});
    }
  }
  auto shown() const -> std::vector<std::string> {
    std::vector<std::string> signatures;
    for (const auto& request : client_.requests) {
      signatures.push_back(request.url.query());
    }
    return signatures;
  }

  identity::ScriptedClient client_;
  ManualClock clock_{*parse_iso8601("2026-07-13T10:00:00Z")};
  std::string held_ = "sig=old";
};

TEST_F(RenewingAuthorizationTest, what_storage_refuses_is_read_anew_and_shown_at_once) {
  const auto box = container();
  held_ = "sig=new";
  answer({200, 403, 200, 200});
  EXPECT_TRUE(box.facts("a", {}));
  EXPECT_TRUE(box.facts("a", {}));
  EXPECT_TRUE(box.facts("a", {}));
  EXPECT_THAT(shown(), testing::ElementsAre("sig=old", "sig=old", "sig=new", "sig=new"));
}

TEST_F(RenewingAuthorizationTest, what_has_not_changed_is_shown_once) {
  const auto box = container();
  answer({403});
  EXPECT_EQ(box.facts("a", {}).error().kind(), ErrorKind::unauthorized);
  EXPECT_THAT(shown(), testing::ElementsAre("sig=old"));
}

TEST_F(RenewingAuthorizationTest, it_is_read_anew_every_hour_without_a_refusal) {
  const auto box = container();
  held_ = "sig=new";
  answer({200, 200});
  EXPECT_TRUE(box.facts("a", {}));
  clock_.advance(1h);
  EXPECT_TRUE(box.facts("a", {}));
  EXPECT_THAT(shown(), testing::ElementsAre("sig=old", "sig=new"));
}

TEST_F(RenewingAuthorizationTest, what_cannot_be_used_leaves_the_one_before_in_use) {
  const auto box = container();
  held_ = "nonsense";
  clock_.advance(1h);
  answer({200});
  EXPECT_TRUE(box.facts("a", {}));
  EXPECT_THAT(shown(), testing::ElementsAre("sig=old"));
}

TEST_F(RenewingAuthorizationTest, a_request_that_was_under_way_when_it_changed_goes_out_again) {
  auto secret = identity::RenewedSecret::create(
      [this](const std::stop_token&) -> Result<Secret> { return Secret{std::string{held_}}; },
      clock_);
  const auto authorization = renewing_authorization(
                                 *std::move(secret),
                                 [](const Secret& read) { return shared_access_signature(read); },
                                 clock_)
                                 .value();
  http::Request one;
  one.url = http::Url::parse("https://acc.blob.core.windows.net/box").value();
  auto other = one;
  ASSERT_TRUE(authorization->authorize(one, StorageService::blob, {}));
  ASSERT_TRUE(authorization->authorize(other, StorageService::blob, {}));
  held_ = "sig=new";
  EXPECT_TRUE(authorization->refused(one));
  ASSERT_TRUE(authorization->authorize(one, StorageService::blob, {}));
  EXPECT_TRUE(authorization->refused(other)) << "though nothing new was read for it";
}

} // namespace
} // namespace sluice::azure
